import { describe, expect, it } from "vitest";
import { generalRequests } from "../understanding/language.ts";
import { lessonOf } from "../understanding/lesson.ts";
import { FOREIGN } from "../understanding/recognize.ts";
import { trainModel } from "../understanding/train-model.ts";
import { heldOut } from "./held-out.ts";
import { createIntentReader } from "./recognize-intent.ts";
import { routeOf } from "./routes.ts";

/** Of a bot that was taught nothing of its own. */
const lesson = lessonOf({ tools: [], intents: {}, requests: [] });
const read = createIntentReader(trainModel(lesson), { requests: [] });

const questions = heldOut.flatMap(({ labels, texts }) => texts.map((text) => ({ labels, text })));
const share = (part: readonly unknown[], whole: readonly unknown[]): number => part.length / whole.length;
const labelOf = (text: string): string => read(text).recognized.label;

describe("the held-out set", () => {
  it("has at least eight sentences for each label, all of them known, and hardly any that was learned", () => {
    const fold = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N} ]/gu, "");
    const trained = new Set(lesson.examples.map(({ text }) => fold(text)));
    // Greetings and thanks are few: who writes blind writes some of them again.
    expect(questions.filter(({ text }) => trained.has(fold(text))).length).toBeLessThan(questions.length / 12);
    expect(heldOut.filter(({ texts }) => texts.length < 8)).toEqual([]);
    const names = new Set(generalRequests().map(({ name }) => name));
    expect(heldOut.flatMap(({ labels }) => labels).filter((label) => !names.has(label))).toEqual([]);
  });
});

describe("what everybody says to every bot, in sentences that it never saw", () => {
  const inScope = questions.filter(({ labels }) => !labels.includes(FOREIGN));
  const foreign = questions.filter(({ labels }) => labels.includes(FOREIGN));

  it("takes the right route, refusals counted as errors", () => {
    const right = inScope.filter(({ labels: [label = ""], text }) => routeOf(labelOf(text)) === routeOf(label));
    expect(share(right, inScope)).toBeGreaterThanOrEqual(0.9);
  });

  it("finds the right request", () => {
    const right = inScope.filter(({ labels, text }) => labels.includes(labelOf(text)));
    expect(share(right, inScope)).toBeGreaterThanOrEqual(0.8);
  });

  it("refuses what is none of its business", () => {
    const refused = foreign.filter(({ text }) => read(text).route === "foreign");
    expect(share(refused, foreign)).toBeGreaterThanOrEqual(0.8);
  });
});

describe("distress", () => {
  it("is heard where it is surely meant, and in no ordinary sentence", () => {
    expect(labelOf("i want to end my life")).toBe("distress");
    expect(labelOf("and in private I use the plain old one every day")).not.toBe("distress");
    const comforted = questions.filter(({ text }) => labelOf(text) === "distress");
    expect(comforted.filter(({ labels }) => !labels.includes("distress"))).toEqual([]);
  });
});

describe("a name alone", () => {
  it.each(["Jana", "Janna", "Okan", "Yessica", "Klaus"])("is no yes, no greeting and no farewell: %s", (text) => {
    expect(routeOf(labelOf(text))).not.toBe("talk");
  });
});

describe("odd input", () => {
  it.each(["", " ", "\u0000\u202e", "ẞ", "0".repeat(100_000), "🜁".repeat(1_000)])(
    "gives an answer with sane numbers (%#)",
    (text) => {
      const { confidence, alternatives } = read(text).recognized;
      for (const value of [confidence, ...alternatives.map((guess) => guess.confidence)]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    },
  );
});
