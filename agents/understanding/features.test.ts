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
  const space = fitFeatures(["send money to Maria", "show my balance", "send money to Luca"], {
    minimumPairTexts: 1,
    minimumCharacterTexts: 2,
  });

  it("gives each block of a text length one", () => {
    const { indices, values } = vectorize(space, "send money");
    const squares = (keep: (index: number) => boolean): number =>
      values.reduce((sum, value, at) => sum + (keep(indices[at] ?? 0) ? value * value : 0), 0);
    expect(squares((index) => index < space.wordCount)).toBeCloseTo(1, 5);
    expect(squares(() => true)).toBeCloseTo(2, 5);
  });

  it("counts a rare word more than a common one", () => {
    // Of one word there is one word feature.
    const frequency = (word: string): number =>
      space.inverseDocumentFrequency[vectorize(space, word).indices.find((index) => index < space.wordCount) ?? -1] ??
      0;
    expect(frequency("maria")).toBeGreaterThan(frequency("send"));
  });

  it("knows a misspelt word by its parts", () => {
    expect(vectorize(space, "balanse").indices.length).toBeGreaterThan(0);
    expect(vectorize(space, "xyz").indices.length).toBe(0);
  });
});
