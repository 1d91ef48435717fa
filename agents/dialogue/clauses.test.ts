import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clausesOf, smallClausesOf } from "./clauses.ts";

const texts = (text: string): readonly string[] => clausesOf(text).map((clause) => clause.text);

describe("the clauses of a message", () => {
  it.each([
    ["what is my balance and send 20 to Mia", ["what is my balance", "send 20 to Mia"]],
    ["Send 20 to Mia. What's left then?", ["Send 20 to Mia.", "What's left then?"]],
    ["first the weather, then book a table", ["the weather", "book a table"]],
    ["Erstens das Wetter, zweitens einen Tisch", ["das Wetter", "einen Tisch"]],
    ["1. the weather 2. book a table", ["1. the weather 2. book a table"]],
    ["1. The weather. 2. A table for two.", ["The weather.", "A table for two."]],
    ["Please do:\n- the weather\n- a table", ["Please do:", "the weather", "a table"]],
    ["wie ist das Wetter und außerdem: buche einen Tisch", ["wie ist das Wetter", "buche einen Tisch"]],
    ["am 9. November", ["am 9. November"]],
    ["pay 1.50 for “bread and milk”", ["pay 1.50 for “bread and milk”"]],
    ["hello", ["hello"]],
  ])("%s", (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it.each([
    ["show the weather, book a table", ["show the weather", "book a table"]],
    ["you tin can: what is the weather", ["you tin can", "what is the weather"]],
    ["pay 12,50 at 10:30", ["pay 12,50 at 10:30"]],
  ])("are parted by commas and colons as well where that is wanted: %s", (text, expected) => {
    expect(smallClausesOf(text).map((clause) => clause.text)).toEqual(expected);
  });

  it.each([
    [
      "explain the difference between tea and coffee and book a table",
      ["explain the difference between tea and coffee", "book a table"],
    ],
    [
      "Was liegt zwischen Rom und Neapel? Und wie weit ist es?",
      ["Was liegt zwischen Rom und Neapel?", "wie weit ist es?"],
    ],
  ])("are not parted within a pair: %s", (text, expected) => {
    expect(clausesOf(text).map((clause) => clause.text)).toEqual(expected);
  });

  it("stand in the text in their order and lose no word but those that join", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("and", "send", "20", "to", "Mia", ",", ".", "?", "\n- ", "dann", "“"), {
          maxLength: 30,
        }),
        (words) => {
          const text = words.join(" ");
          const clauses = clausesOf(text);
          for (const [index, clause] of clauses.entries()) {
            expect(text.slice(clause.start, clause.end).trim()).toBe(clause.text.trim());
            expect(clause.start).toBeGreaterThanOrEqual(clauses[index - 1]?.end ?? 0);
          }
          const kept = clauses.map((clause) => clause.text).join(" ");
          const count = (one: string): number => (one.match(/send|20|Mia/gu) ?? []).length;
          expect(count(kept)).toBe(count(text));
        },
      ),
    );
  });
});
