import { describe, expect, it } from "vitest";
import {
  classify,
  trainClassifier,
  type Example,
  type LinearClassifier,
  type TrainingOptions,
} from "./linear-classifier.ts";

const examples: readonly Example[] = [
  ...["red apple", "sweet pear", "ripe banana", "a juicy apple", "green pears"].map((text) => ({
    text,
    label: "fruit",
  })),
  ...["heavy hammer", "sharp saw", "a long saw", "the hammer", "steel wrench"].map((text) => ({
    text,
    label: "tool",
  })),
  ...["brown dog", "lazy cat", "two cats", "a barking dog", "grey horse"].map((text) => ({
    text,
    label: "animal",
  })),
];

const train = (sentences: readonly Example[], options?: TrainingOptions): LinearClassifier =>
  trainClassifier(sentences, { minimumPairTexts: 1, minimumCharacterTexts: 2, ...options }).classifier;

describe("the linear classifier", () => {
  it("separates its training set", () => {
    const classifier = train(examples, { cost: 10 });
    for (const { text, label } of examples) expect(classify(classifier, text)[0]?.label).toBe(label);
  });

  it("knows inflected words it never saw", () => {
    const classifier = train(examples);
    expect(classify(classifier, "apples")[0]?.label).toBe("fruit");
    expect(classify(classifier, "hammering")[0]?.label).toBe("tool");
    expect(classify(classifier, "some dogs")[0]?.label).toBe("animal");
  });

  it("meets the margin conditions of a support vector machine", () => {
    const classifier = train(examples, { cost: 1_000, tolerance: 0.001, maximumEpochs: 1_000 });
    for (const { text, label } of examples) {
      for (const { label: other, score } of classify(classifier, text)) {
        expect(other === label ? score : -score).toBeGreaterThan(0.9);
      }
    }
  });

  it("trains the same weights from the same seed", () => {
    const [first, second] = [train(examples, { seed: 7 }), train(examples, { seed: 7 })];
    expect(first.weights).toEqual(second.weights);
  });

  it("finds nearly the same scores whatever the seed", () => {
    const options = { tolerance: 0.001, maximumEpochs: 1_000 };
    const scores = [1, 2].map((seed) => classify(train(examples, { ...options, seed }), "a sweet dog"));
    const [first = [], second = []] = scores;
    for (const [rank, { label, score }] of first.entries()) {
      expect(second[rank]?.label).toBe(label);
      expect(second[rank]?.score).toBeCloseTo(score, 2);
    }
  });

  it("scores a text without known features by the biases alone", () => {
    const classifier = train(examples);
    expect(classify(classifier, "")).toEqual(classify(classifier, "☃ ☃"));
  });
});
