import { describe, expect, it } from "vitest";
import { bankIntents, taughtToSample } from "../../test/support/bank-intents.ts";
import { lessonOf } from "../understanding/lesson.ts";
import { isIntent, routeOfIntent } from "./intents.ts";
import { heldOut } from "./training/held-out.ts";

const read = await bankIntents();

/** Where the sample bot has a tool for it, that is what is asked for. */
const tools: Readonly<Record<string, readonly string[]>> = {
  balance: ["get_balance"],
  transactions: ["list_transactions", "export_transactions"],
  payees: ["list_payees"],
  transfer: ["transfer_money"],
  linkAccount: ["link_customer"],
  unlinkAccount: ["unlink_customer"],
  recommend: ["recommend_products"],
  explainRecommendation: ["explain_product", "answer_recommendation"],
  humanHandover: ["hand_over"],
  complaint: ["record_complaint"],
};
const questions = Object.entries(heldOut).flatMap(([intent, texts]) => texts.map((text) => ({ intent, text })));
const share = (part: readonly unknown[], whole: readonly unknown[]): number => part.length / whole.length;

/** The tool that a message asks for, or the route of its intent. */
function routeOf(text: string): string {
  const { recognized, route } = read(text);
  return recognized.label.startsWith("tool:") ? recognized.label : route;
}

function isRouted({ intent, text }: (typeof questions)[number]): boolean {
  const route = routeOf(text);
  const asked = tools[intent]?.some((tool) => route === `tool:${tool}`) ?? false;
  return asked || (isIntent(intent) && route === routeOfIntent[intent]);
}

describe("the held-out set", () => {
  it("has at least eight sentences for each intent, and hardly any that was learned", async () => {
    const { examples } = lessonOf(await taughtToSample());
    const fold = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N} ]/gu, "");
    const trained = new Set(examples.map(({ text }) => fold(text)));
    // Greetings and thanks are few: who writes blind writes some of them again.
    expect(questions.filter(({ text }) => trained.has(fold(text))).length).toBeLessThan(questions.length / 20);
    const small = Object.keys(routeOfIntent).filter(
      (name) => questions.filter(({ intent }) => intent === name).length < 8,
    );
    expect(small).toEqual([]);
  });
});

describe("intents of sentences it never saw", () => {
  const inScope = questions.filter(({ intent }) => intent !== "outOfScope");
  const foreign = questions.filter(({ intent }) => intent === "outOfScope");

  it("finds the right tool or route, refusals counted as errors", () => {
    const right = inScope.filter(isRouted);
    expect(share(right, inScope)).toBeGreaterThanOrEqual(0.93);
  });

  // Topics of documents border on each other, and are answered alike.
  it("finds the right fine intent", () => {
    const right = inScope.filter(
      (question) => read(question.text).intent === question.intent || (question.intent in tools && isRouted(question)),
    );
    expect(share(right, inScope)).toBeGreaterThanOrEqual(0.86);
  });

  it("refuses what is none of a bank's business", () => {
    const refused = foreign.filter(({ text }) => read(text).route === "outOfScope");
    expect(share(refused, foreign)).toBeGreaterThanOrEqual(0.8);
  });

  it("is about as sure as it is right", () => {
    const sure = inScope.filter(({ text }) => read(text).confidence >= 0.95);
    expect(sure.length).toBeGreaterThan(inScope.length / 2);
    const right = sure.filter(isRouted);
    expect(share(right, sure)).toBeGreaterThanOrEqual(0.95);
  });
});

describe("a question about an action is not the action", () => {
  it.each([
    ["transfer 30 euros to Elif", "tool:transfer_money"],
    ["how do I transfer money to Morocco", "information"],
    ["why did you reject my transfer", "information"],
    ["my payment to Elif was refused, why?", "information"],
    ["could you pay Elif 30 euros?", "tool:transfer_money"],
    ["what does it cost to pay someone abroad", "information"],
    ["how long until a payment to France arrives", "information"],
    ["show me my payments to Elif", "tool:list_transactions"],
    ["how do I add Elif to my payees", "information"],
    ["is Elif one of my payees", "tool:list_payees"],
    ["how much is on my account", "tool:get_balance"],
    ["hello, could you transfer 12 euros to Elif please", "tool:transfer_money"],
  ])("%s → %s", (text, route) => {
    expect(routeOf(text)).toBe(route);
  });
});

describe("distress", () => {
  it("is heard where it is surely meant, and in no ordinary sentence", () => {
    expect(read("i want to end my life").recognized.label).toBe("distress");
    expect(read("and in private I use the plain old one every day").recognized.label).not.toBe("distress");
    const comforted = questions.filter(({ text }) => read(text).recognized.label === "distress");
    expect(comforted.filter(({ intent }) => intent !== "distress")).toEqual([]);
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
    const refused = heldOut.outOfScope.map((text) => read(text)).filter(({ route }) => route === "outOfScope");
    expect(Math.max(...refused.map(({ alternatives }) => alternatives.length))).toBe(3);
    expect(refused.flatMap(({ alternatives }) => alternatives).some(({ intent }) => intent === "outOfScope")).toBe(
      false,
    );
  });
});
