import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkCitations } from "./citations.ts";
import type { NumberedSource } from "./evidence.ts";

const source = (number: number, quote: string): NumberedSource => ({
  number,
  source: { title: `Page ${number}`, location: "Prices", quote },
  text: quote,
});
const sources = [source(1, "The Premium Account costs €14.90 a month."), source(2, "Transfers take 1 working day.")];
const check = (text: string, known = "") => checkCitations(text, { sources, known, given: known });

describe("citations", () => {
  test("are renumbered in the order in which they appear", () => {
    const { text, sources: cited, dropped } = check("It takes 1 day [2]. It costs €14.90 [1][2].");
    expect(text).toBe("It takes 1 day [1]. It costs €14.90 [2].");
    expect(cited.map(({ title }) => title)).toEqual(["Page 2", "Page 1"]);
    expect(dropped).toBe(1);
  });

  test("that come in one bracket are taken one by one", () => {
    expect(check("Both are described [1, 2].").text).toBe("Both are described [1][2].");
  });

  test("are dropped where the source has another figure", () => {
    expect(check("It costs €15.90 [1].")).toMatchObject({
      text: "It costs €15.90.",
      sources: [],
      dropped: 1,
      unsupported: 1,
    });
  });

  test("stay where the figure is the person's own and the source says the rest", () => {
    const { dropped } = check("You have €500, and the account costs €14.90 [1].", "I have 500");
    expect(dropped).toBe(0);
  });

  test("are dropped where a quotation is not literal", () => {
    expect(check("It says “The Premium Account is for free” [1].").dropped).toBe(1);
    expect(check("It says “The Premium Account costs €14.90 a month” [1].").dropped).toBe(0);
  });

  test("do not take the numbers of a list for figures", () => {
    expect(check("1. The Premium Account costs €14.90 [1].\n2. It is good.").unsupported).toBe(0);
  });

  test.each([
    "The result is `[2, 4]`.",
    "Read `a[1]` [1].",
    "```js\nconst a = [1, 2];\nconsole.log(a[0]);\n```",
    "~~~\na[1] // 99\n~~~\nThat is all.",
  ])("leave code alone: %s", (text) => {
    expect(check(text)).toMatchObject({ text, dropped: 0, unsupported: 0 });
  });

  test("are not the lists that a tool gave, nor the index of a name", () => {
    const noSources = (text: string, given: string) => checkCitations(text, { sources: [], known: given, given }).text;
    expect(noSources("The result is [2,4,6].", '[{"output":[2,4,6]}]')).toBe("The result is [2,4,6].");
    expect(noSources("The result is [2, 4, 6].", '[{"output":"[2,4,6]"}]')).toBe("The result is [2, 4, 6].");
    expect(noSources("The first one is a[0].", "")).toBe("The first one is a[0].");
    expect(noSources("It costs nothing [1].", "")).toBe("It costs nothing.");
    expect(check("It takes 1 day [2].", '{"rows":[2]}').text).toBe("It takes 1 day [1].");
  });

  test("never name a source that does not exist, whatever a model writes", () => {
    const piece = fc.constantFrom(
      "[1]",
      "[2]",
      "[3]",
      "[1, 9]",
      " ",
      ". ",
      "\n",
      "€14.90",
      "1",
      "“quoted words here”",
      "a",
      "| b |",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { text, sources: cited } = check(pieces.join(""));
        const markers = Array.from(text.matchAll(/\[(\d+)\]/gu), ([, number]) => Number(number));
        expect([...new Set(markers)].toSorted((left, right) => left - right)).toEqual(
          cited.map((_cited, index) => index + 1),
        );
      }),
    );
  });

  test("leave everything else of the text as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!/\[[\d, ]+\]/u.test(text));
        expect(check(text).text).toBe(text);
      }),
    );
  });
});
