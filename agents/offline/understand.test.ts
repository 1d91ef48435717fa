import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../core/errors.ts";
import { trainIntents } from "./train-intents.ts";
import { createUnderstanding, type UnderstandingContext } from "./understand.ts";

const classifier = trainIntents();
const understanding = createUnderstanding(classifier, {
  timeZone: "Europe/Rome",
  locale: "en-IE",
  defaultCurrency: "EUR",
});
const context: UnderstandingContext = {
  now: new Date("2026-09-16T10:00:00Z"),
  payees: [
    { id: "maria", name: "Maria Rossi" },
    { id: "luca", name: "Luca Bianchi" },
  ],
  accounts: [
    { id: "everyday", name: "Everyday account", kind: "current" },
    { id: "savings", name: "Savings", kind: "savings" },
  ],
};
const understand = (text: string): ReturnType<typeof understanding.understand> =>
  understanding.understand(text, context);

describe("understanding a message", () => {
  it("reads an order with all of its values", () => {
    const { intent, route, entities } = understand(
      "please send 1,250.50 euros to Maria Rossi from my savings on Friday",
    );
    expect([intent, route]).toEqual(["transfer", "action"]);
    expect(entities).toMatchObject([
      { kind: "amount", minor: 125_050, currency: "EUR", ambiguous: false },
      { kind: "payee", candidates: ["maria"], match: "name" },
      { kind: "account", role: "from", candidates: ["savings"] },
      { kind: "date", from: "2026-09-18", to: "2026-09-18" },
    ]);
  });

  it("looks back for dates when the message asks about the past", () => {
    const { route, entities } = understand("show my transactions from Friday");
    expect(route).toBe("account");
    expect(entities).toMatchObject([{ kind: "date", from: "2026-09-11" }]);
  });

  it("does not read an IBAN, a code or a date as money", () => {
    expect(understand("pay DE89 3704 0044 0532 0130 00").entities.map(({ kind }) => kind)).toEqual(["iban"]);
    expect(understand("link ABCD-7K42").entities).toMatchObject([{ kind: "linkCode", code: "ABCD-7K42" }]);
    expect(understand("my transactions of 5 May").entities.map(({ kind }) => kind)).toEqual(["date"]);
  });

  it("learns to the same result in every process", () => {
    const options = { timeZone: "Europe/Rome", locale: "en-IE", defaultCurrency: "EUR" };
    const other = createUnderstanding(trainIntents(), options);
    expect(other.understand("send 5 euros to Luca", context)).toEqual(understand("send 5 euros to Luca"));
  });

  it("names every option that it cannot use", () => {
    const create = (): unknown =>
      createUnderstanding(classifier, { timeZone: "Mars/Olympus", locale: "!", defaultCurrency: "€" });
    expect(create).toThrow(InvalidInputError);
    expect(create).toThrow(/timeZone.*locale.*defaultCurrency/u);
  });

  it("keeps entities in order, apart, and literal, whatever the text", () => {
    const pieces = fc.constantFrom(
      ..."send to Maria Rossi luca 50 euros € $ 1.000 1,5k on the 5th of May tomorrow from my savings DE89 3704 0044 0532 0130 00 ABCD-7K42 , . - % ½ ٣ and half a million".split(
        " ",
      ),
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 25 }).map((words) => words.join(" ")),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    fc.assert(
      fc.property(text, (written) => {
        let end = 0;
        for (const entity of understand(written).entities) {
          expect(entity.start).toBeGreaterThanOrEqual(end);
          expect(entity.literal).toBe(written.slice(entity.start, entity.end));
          expect(entity.literal).not.toBe("");
          end = entity.end;
        }
      }),
    );
  });

  it("finishes with hostile texts of 100 kB", () => {
    for (const piece of [
      "to ",
      "Maria ",
      "1,",
      "five ",
      "my savings ",
      "may ",
      "AB12 ",
      "a-b-",
      "' ",
      "(((",
      "\u0301",
    ]) {
      expect(understand(piece.repeat(Math.ceil(100_000 / piece.length))).confidence).toBeGreaterThanOrEqual(0);
    }
  });
});
