import { describe, expect, it } from "vitest";
import { findPayeeMentions, type KnownPayee } from "./payee-mention.ts";

const payees: readonly KnownPayee[] = [
  { id: "maria-r", name: "Maria Rossi" },
  { id: "maria-v", name: "Maria Verdi" },
  { id: "luca", name: "Luca Bianchi" },
  { id: "house", name: "Hausverwaltung Nord GmbH", aliases: ["landlord"] },
  { id: "will", name: "Will Smith" },
  { id: "jose", name: "José García" },
];
const read = (text: string): readonly (readonly [string, string, readonly string[]])[] =>
  findPayeeMentions(text, payees).map(({ literal, match, candidates }) => [literal, match, candidates] as const);

describe("known payees", () => {
  it.each([
    ["send 50 euros to Maria Rossi", "Maria Rossi", "name", ["maria-r"]],
    ["maria rossi should get 40 euros", "maria rossi", "name", ["maria-r"]],
    ["send Luca 50 euros", "Luca", "words", ["luca"]],
    ["send 20 to luca bianchi for dinner", "luca bianchi", "name", ["luca"]],
    ["pay jose garcia €12", "jose garcia", "name", ["jose"]],
    ["pay my landlord 750 euros", "landlord", "name", ["house"]],
    ["what did I pay Luca’s shop", "Luca", "words", ["luca"]],
    ["will you send 20 euros to Will", "Will", "words", ["will"]],
  ])("%s", (text, literal, match, candidates) => {
    expect(read(text)).toEqual([[literal, match, candidates]]);
  });

  it("reports every payee that a first name fits", () => {
    expect(findPayeeMentions("send Maria 50 euros", payees)).toMatchObject([
      { literal: "Maria", candidates: ["maria-r", "maria-v"], ambiguous: true },
    ]);
  });

  it.each(["Maria Bianchi", "maria bianchi", "Maria Rossi Conti", "Mario Rossi", "Мaria Rossi"])(
    "never takes %s for a known one",
    (name) => {
      expect(read(`send 50 euros to ${name} tomorrow`)).toEqual([[name, "none", []]]);
    },
  );
});

describe("unknown payees", () => {
  it.each([
    ["send 30 euros to Ludwig van Beethoven", "Ludwig van Beethoven"],
    ["pay Dr. Weber 120 euros", "Dr. Weber"],
    ["send 20 to greta holm please", "greta holm"],
    ["send money to my brother Paul", "Paul"],
    ["I want to send 5 euros to O’Neill from my savings", "O’Neill"],
  ])("%s", (text, literal) => {
    expect(read(text)).toEqual([[literal, "none", []]]);
  });

  it.each([
    "I want to send money",
    "how do I transfer money to another bank",
    "transfer it to her",
    "pay the rent",
    "move 50 to my savings",
    "Hello there",
    "I would like to donate",
  ])("sees nobody in %s", (text) => {
    expect(read(text)).toEqual([]);
  });
});
