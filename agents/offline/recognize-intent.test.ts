import { describe, expect, it, test } from "vitest";
import { routeOfIntent, type Intent } from "./intents.ts";
import { readIntents, writeIntents } from "./intent-model.ts";
import { intentCalibration, recognizeIntent } from "./recognize-intent.ts";
import { calibrateIntents, trainIntents } from "./train-intents.ts";
import { trainingExamples } from "./training/examples.ts";
import { heldOut } from "./training/held-out.ts";

const classifier = trainIntents();
const read = (text: string): ReturnType<typeof recognizeIntent> => recognizeIntent(classifier, text);

function isIntent(name: string): name is Intent {
  return Object.hasOwn(routeOfIntent, name);
}

const questions = Object.entries(heldOut).flatMap(([name, texts]) =>
  isIntent(name) ? texts.map((text) => ({ intent: name, text })) : [],
);
const share = (part: readonly unknown[], whole: readonly unknown[]): number => part.length / whole.length;

describe("the training set", () => {
  it("has at least 25 sentences for each intent, and none twice", () => {
    const small = Object.keys(routeOfIntent).filter(
      (name) => trainingExamples.filter(({ label }) => label === name).length < 25,
    );
    expect(small).toEqual([]);
    expect(new Set(trainingExamples.map(({ text }) => text)).size).toBe(trainingExamples.length);
  });

  it("shares no sentence with the held-out set, which has at least eight for each intent", () => {
    const fold = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N} ]/gu, "");
    const trained = new Set(trainingExamples.map(({ text }) => fold(text)));
    expect(questions.filter(({ text }) => trained.has(fold(text)))).toEqual([]);
    const small = Object.keys(routeOfIntent).filter(
      (name) => questions.filter(({ intent }) => intent === name).length < 8,
    );
    expect(small).toEqual([]);
  });

  it("still has the calibration that is written down", () => {
    const measured = calibrateIntents();
    expect(measured.threshold).toBeCloseTo(intentCalibration.threshold, 3);
    expect(measured.slope).toBeCloseTo(intentCalibration.slope, 3);
    expect(measured.offset).toBeCloseTo(intentCalibration.offset, 3);
  });
});

test("a written classifier reads as it was", () => {
  expect(readIntents(writeIntents(classifier))).toEqual(classifier);
});

describe("intents of sentences it never saw", () => {
  const inScope = questions.filter(({ intent }) => intent !== "outOfScope");
  const foreign = questions.filter(({ intent }) => intent === "outOfScope");

  it("finds the right route, refusals counted as errors", () => {
    const right = inScope.filter(({ intent, text }) => read(text).route === routeOfIntent[intent]);
    expect(share(right, inScope)).toBeGreaterThanOrEqual(0.93);
  });

  it("finds the right fine intent", () => {
    const right = inScope.filter(({ intent, text }) => read(text).intent === intent);
    expect(share(right, inScope)).toBeGreaterThanOrEqual(0.9);
  });

  it("refuses what is none of a bank's business", () => {
    const refused = foreign.filter(({ text }) => read(text).route === "outOfScope");
    expect(share(refused, foreign)).toBeGreaterThanOrEqual(0.8);
  });

  it("is about as sure as it is right", () => {
    const sure = inScope.filter(({ text }) => read(text).confidence >= 0.95);
    expect(sure.length).toBeGreaterThan(inScope.length / 2);
    const right = sure.filter(({ intent, text }) => read(text).route === routeOfIntent[intent]);
    expect(share(right, sure)).toBeGreaterThanOrEqual(0.95);
  });
});

describe("a question about an action is not the action", () => {
  it.each([
    ["transfer 30 euros to Elif", "action"],
    ["how do I transfer money to Morocco", "information"],
    ["why did you reject my transfer", "information"],
    ["my payment to Elif was refused, why?", "information"],
    ["could you pay Elif 30 euros?", "action"],
    ["what does it cost to pay someone abroad", "information"],
    ["how long until a payment to France arrives", "information"],
    ["show me my payments to Elif", "account"],
    ["how do I add Elif to my payees", "information"],
    ["is Elif one of my payees", "account"],
    ["what does my available balance mean", "information"],
    ["how much is on my account", "account"],
    ["hello, could you transfer 12 euros to Elif please", "action"],
  ])("%s → %s", (text, route) => {
    expect(read(text).route).toBe(route);
  });
});

describe("odd input", () => {
  it.each(["", " ", "\u0000\u202e", "ẞ", "0".repeat(100_000), "🜁".repeat(1_000)])(
    "gives an answer with sane numbers (%#)",
    (text) => {
      const { confidence, alternatives } = read(text);
      for (const value of [confidence, ...alternatives.map((guess) => guess.confidence)]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    },
  );

  it("offers what a refused message might have meant", () => {
    const refused = read("colourless green ideas sleep furiously");
    expect(refused.route).toBe("outOfScope");
    expect(refused.alternatives.length).toBe(3);
    expect(refused.alternatives.some(({ intent }) => intent === "outOfScope")).toBe(false);
  });
});
