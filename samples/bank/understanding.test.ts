/** What the embedded brain understands of a bank's customers: the sample bot, with sentences that it never saw. */
import { describe, expect, it } from "vitest";
import { heldOut } from "../../agents/embedded/held-out.ts";
import { routeOf } from "../../agents/embedded/routes.ts";
import { lessonOf } from "../../agents/understanding/lesson.ts";
import { FOREIGN } from "../../agents/understanding/recognize.ts";
import { bankIntents, taughtToSample } from "../../test/support/bank-intents.ts";
import { questions } from "./held-out/questions.ts";
import { requests } from "./held-out/requests.ts";

const read = await bankIntents();
const { examples } = lessonOf(await taughtToSample());

/** A tool of the bot with the name of a general request serves it. */
const taught = new Set(examples.map(({ label }) => label));
const general = heldOut.map(({ labels, texts }) => ({
  labels: labels.map((label) => (taught.has(`tool:${label}`) ? `tool:${label}` : label)),
  texts,
}));
const sentences = [...general, ...requests, ...questions].flatMap(({ labels, texts }) =>
  texts.map((text) => ({ labels, text })),
);
const inScope = sentences.filter(({ labels }) => !labels.includes(FOREIGN));
const foreign = sentences.filter(({ labels }) => labels.includes(FOREIGN));
const share = (part: readonly unknown[], whole: readonly unknown[]): number => part.length / whole.length;

const isRight = ({ labels, text }: (typeof sentences)[number]): boolean => labels.includes(read(text).recognized.label);

/** The tool that a message asks for, or its route. */
function routed(text: string): string {
  const { recognized, route } = read(text);
  return route === "tool" ? recognized.label : route;
}

function isRouted(sentence: (typeof sentences)[number]): boolean {
  const [label = ""] = sentence.labels;
  return isRight(sentence) || (routeOf(label) !== "tool" && routed(sentence.text) === routeOf(label));
}

describe("the held-out set", () => {
  it("has at least eight sentences for each label, all of them known, and hardly any that was learned", () => {
    const fold = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N} ]/gu, "");
    const trained = new Set(examples.map(({ text }) => fold(text)));
    expect(sentences.filter(({ text }) => trained.has(fold(text))).length).toBeLessThan(sentences.length / 20);
    expect([...requests, ...questions].filter(({ texts }) => texts.length < 8)).toEqual([]);
    expect(sentences.flatMap(({ labels }) => labels).filter((label) => !taught.has(label))).toEqual([]);
  });
});

describe("sentences it never saw", () => {
  it("finds the right tool or route, refusals counted as errors", () => {
    expect(share(inScope.filter(isRouted), inScope)).toBeGreaterThanOrEqual(0.93);
  });

  it("finds the right request", () => {
    expect(share(inScope.filter(isRight), inScope)).toBeGreaterThanOrEqual(0.86);
  });

  it("refuses what is none of a bank's business", () => {
    const refused = foreign.filter(({ text }) => read(text).route === "foreign");
    expect(share(refused, foreign)).toBeGreaterThanOrEqual(0.8);
  });

  it("is about as sure as it is right", () => {
    const sure = inScope.filter(({ text }) => read(text).recognized.confidence >= 0.9);
    expect(sure.length).toBeGreaterThan(inScope.length / 2);
    expect(share(sure.filter(isRouted), sure)).toBeGreaterThanOrEqual(0.95);
  });

  it("hears distress in no other one", () => {
    const comforted = sentences.filter(({ text }) => read(text).recognized.label === "distress");
    expect(comforted.filter(({ labels }) => !labels.includes("distress"))).toEqual([]);
  });

  it("offers what a refused message might have meant", () => {
    const refused = foreign.map(({ text }) => read(text)).filter(({ route }) => route === "foreign");
    const offered = refused.map(({ recognized }) => recognized.alternatives);
    expect(Math.min(...offered.map(({ length }) => length))).toBeGreaterThanOrEqual(3);
    expect(offered.flat().filter(({ label }) => label === FOREIGN)).toEqual([]);
  });
});

describe("a question about an action is not the action", () => {
  it.each([
    ["transfer 30 euros to Elif", "tool:transfer_money"],
    ["how do I transfer money to Morocco", "documents"],
    ["why did you reject my transfer", "documents"],
    ["my payment to Elif was refused, why?", "documents"],
    ["could you pay Elif 30 euros?", "tool:transfer_money"],
    ["what does it cost to pay someone abroad", "documents"],
    ["how long until a payment to France arrives", "documents"],
    ["show me my payments to Elif", "tool:list_transactions"],
    ["how do I add Elif to my payees", "documents"],
    ["is Elif one of my payees", "tool:list_payees"],
    ["how much is on my account", "tool:get_balance"],
    ["hello, could you transfer 12 euros to Elif please", "tool:transfer_money"],
  ])("%s → %s", (text, route) => {
    expect(routed(text)).toBe(route);
  });
});
