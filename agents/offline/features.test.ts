import { describe, expect, it } from "vitest";
import { fitFeatures, vectorize } from "./features.ts";
import { normalizeForClassification, wordsOf } from "./normalize.ts";

describe("normalisation", () => {
  it("gives every sum, number, IBAN and link code the same placeholder", () => {
    const sentences = ["send €50", "send 1.200 EUR", "send 20 dollars"].map(normalizeForClassification).map(wordsOf);
    expect(sentences).toEqual([
      ["send", "xmoney"],
      ["send", "xmoney"],
      ["send", "xmoney"],
    ]);
    expect(wordsOf(normalizeForClassification("to DE89 3704 0044 0532 0130 00!"))).toEqual(["to", "xiban", "!"]);
    expect(wordsOf(normalizeForClassification("my code is ABCD-7K42"))).toEqual(["my", "code", "is", "xcode"]);
    expect(wordsOf(normalizeForClassification("a long-term plan"))).toEqual(["a", "long", "term", "plan"]);
  });

  it("reads curly apostrophes and full-width letters like plain ones", () => {
    expect(wordsOf(normalizeForClassification("What’s ＭＹ balance?"))).toEqual(["what's", "my", "balance", "?"]);
  });

  it("looks at the beginning of a very long text only", () => {
    expect(normalizeForClassification("ﷺ".repeat(100_000)).length).toBeLessThanOrEqual(2_000);
  });
});

describe("features", () => {
  const space = fitFeatures(["send money to Maria", "show my balance", "send money to Luca"]);

  it("gives each block of a text length one", () => {
    const { indices, values } = vectorize(space, "send money");
    const squares = (keep: (index: number) => boolean): number =>
      values.reduce((sum, value, at) => sum + (keep(indices[at] ?? 0) ? value * value : 0), 0);
    expect(squares((index) => index < space.wordCount)).toBeCloseTo(1, 5);
    expect(squares(() => true)).toBeCloseTo(3, 5);
  });

  it("counts a rare word more than a common one", () => {
    const { indices, values } = vectorize(space, "send maria");
    const valueOf = (term: string): number => values[indices.indexOf(space.indexOf.get(term) ?? -1)] ?? 0;
    expect(valueOf("maria")).toBeGreaterThan(valueOf("send"));
  });

  it("knows a misspelt word by its parts", () => {
    expect(vectorize(space, "balanse").indices.length).toBeGreaterThan(0);
    expect(vectorize(space, "xyz").indices.length).toBe(0);
  });
});
