import { describe, expect, it } from "vitest";
import { calibrate, crossValidate, probabilityOf } from "./calibration.ts";
import type { Example } from "./linear-classifier.ts";

const colours = ["red", "blue", "green", "white"];
const examples: readonly Example<"dog" | "car" | "other">[] = [
  ...colours.flatMap((colour) =>
    [`a ${colour} dog`, `the dog is ${colour}`].map((text) => ({ text, label: "dog" as const })),
  ),
  ...colours.flatMap((colour) =>
    [`a ${colour} car`, `the car is ${colour}`].map((text) => ({ text, label: "car" as const })),
  ),
  ...[
    "soup and rice",
    "boiled rice",
    "rain at noon",
    "heavy rain",
    "a tall tree",
    "old trees",
    "loud music",
    "music",
  ].map((text) => ({ text, label: "other" as const })),
];
const options = { refused: "other", agrees: (left: string, right: string) => left === right } as const;

describe("calibration", () => {
  it("scores every example once, by a classifier that has not seen it", () => {
    const scores = crossValidate(examples, options);
    expect(scores).toHaveLength(examples.length);
    expect(scores.filter(({ inScope }) => !inScope)).toHaveLength(8);
    expect(scores.filter(({ right }) => right)).toHaveLength(16);
  });

  it("puts the threshold between what it knows and what it does not", () => {
    const { threshold } = calibrate(examples, { ...options, keep: 1 });
    const unknown = crossValidate(examples, options).filter(({ inScope }) => !inScope);
    expect(unknown.every(({ score }) => score < threshold)).toBe(true);
  });

  it("gives higher scores higher probabilities", () => {
    const calibration = calibrate(examples, options);
    expect(calibration.slope).toBeGreaterThan(0);
    expect(probabilityOf(2, calibration)).toBeGreaterThan(0.9);
    expect(probabilityOf(-2, calibration)).toBeLessThan(0.1);
  });
});
