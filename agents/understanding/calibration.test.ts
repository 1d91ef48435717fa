import { describe, expect, it } from "vitest";
import { calibrate, chooseHeldOut, probabilityOf } from "./calibration.ts";
import { trainClassifier } from "./linear-classifier.ts";

const colours = ["red", "blue", "green", "white", "brown"];
const foreign = [
  "soup and rice",
  "boiled rice",
  "rain at noon",
  "heavy rain",
  "a tall tree",
  "old trees",
  "loud music",
  "music",
  "a song",
  "songs",
];
const examples = [
  ...colours.flatMap((colour) => [`a ${colour} dog`, `the dog is ${colour}`].map((text) => ({ text, label: "dog" }))),
  ...colours.flatMap((colour) => [`a ${colour} car`, `the car is ${colour}`].map((text) => ({ text, label: "car" }))),
  ...foreign.map((text) => ({ text, label: "other" })),
];
const holdsOut = chooseHeldOut(examples, "other");
const trained = trainClassifier(examples, {}, { holdsOut });
const options = { refused: "other", agrees: (left: string, right: string) => left === right };

describe("calibration", () => {
  it("measures on a fifth of each label, and on foreign sentences that stand together", () => {
    const held = examples.filter((_example, row) => holdsOut(row));
    expect(held.map(({ label }) => label)).toEqual(["dog", "dog", "car", "car", "other", "other"]);
    expect(held.slice(-2).map(({ text }) => text)).toEqual(["a song", "songs"]);
    expect([...trained.heldOut.keys()].length).toBe(held.length);
  });

  it("scores what it holds out before it learns it", () => {
    const { labels } = trained.classifier;
    const scores = [...trained.heldOut].filter(([row]) => examples[row]?.label !== "other");
    for (const [row, score] of scores) {
      const own = score[labels.indexOf(examples[row]?.label ?? "")] ?? 0;
      expect(own).toBe(Math.max(...score));
    }
  });

  it("puts the threshold between what it knows and what it does not", () => {
    const { threshold } = calibrate(examples, trained, { ...options, keep: 1 });
    const unknown = [...trained.heldOut].filter(([row]) => examples[row]?.label === "other");
    const { labels } = trained.classifier;
    for (const [, scores] of unknown)
      expect(Math.max(...[...scores].filter((_score, label) => labels[label] !== "other"))).toBeLessThan(threshold);
  });

  it("gives higher scores higher probabilities", () => {
    const calibration = calibrate(examples, trained, options);
    expect(calibration.slope).toBeGreaterThan(0);
    expect(probabilityOf(3, calibration)).toBeGreaterThan(0.8);
    expect(probabilityOf(-3, calibration)).toBeLessThan(0.2);
  });
});
