import { describe, expect, it } from "vitest";
import { knownTerms, withCompounds } from "./known-terms.ts";

const stems = new Set([
  "dispo",
  "zinsen",
  "überweisung",
  "entschädigung",
  "konto",
  "tages",
  "limit",
  "überweisungslimits",
]);
const vocabulary = { stems, synonyms: () => [], stemOf: (term: string) => term };

describe("words of a question as documents have them", () => {
  it.each([
    ["dispozinsen", ["dispo", "zinsen"]],
    ["tageslimit", ["tages", "limit"]],
    ["überweissung", ["überweisung"]],
    ["entschädigng", ["entschädigung"]],
    ["überweisung", ["überweisung"]],
    ["benzin", ["benzin"]],
    ["d0712345", ["d0712345"]],
  ])("%s", (term, known) => expect(knownTerms([term], vocabulary)).toEqual(known));

  it("are found in compounds", () => {
    const texts = withCompounds(() => [], stems)("limit").map(({ text }) => text);
    expect(texts).toEqual(["überweisungslimits"]);
  });
});
