import type { Understanding } from "../offline/index.ts";
import type { CrewState, Desk, Fact, Intention } from "../roles/contract.ts";
import { factIn, factsMeant } from "./facts.ts";
import { readMessage, type Reading } from "./reading.ts";

/** Reads the message by the classifier and the rules of orders. */
export function analyzeOffline({ words }: CrewState, { input }: Desk, understanding: Understanding): Intention {
  const reading = readMessage(words, input, understanding);
  const { understood, order, earlier } = reading;
  const text = words.at(-1) ?? "";
  const remember = rememberedBy(text, reading, input.memory);
  return {
    intent: order === undefined ? understood.intent : order.kind === "transfer" ? "transfer" : "addPayee",
    route: order === undefined ? understood.route : "action",
    confidence: order === undefined ? understood.confidence : Math.max(understood.confidence, 0.9),
    request: earlier === undefined ? text : carriedOn(text, earlier),
    needsTools: true,
    personal:
      reading.usesHistory || remember.length > 0 || understood.route === "memory" || understood.route === "dialogue",
    remember,
    reading,
  };
}

function rememberedBy(text: string, { understood, order }: Reading, memory: Desk["input"]["memory"]): readonly Fact[] {
  if (order !== undefined) return [];
  if (understood.intent === "rememberFact") {
    const fact = factIn(text);
    return fact === undefined || fact === "secret" ? [] : [fact];
  }
  if (understood.intent === "forgetFact") return factsMeant(text, memory).map(({ key }) => ({ key, value: "" }));
  return [];
}

/** "And the basic one?" after "How much is the Premium Account?": the new words, with the old question around them. */
function carriedOn(text: string, earlier: string): string {
  const isAbout = /\b(?:what|how) about\b|^\s*(?:and|und)\b/iu.test(text);
  // The names in the old question are what the new words replace.
  const frame = isAbout ? earlier.replaceAll(/(?<=\S\s+)\p{Lu}[\p{L}\p{N}-]*/gu, " ") : earlier;
  const words = text.replaceAll(/[?!]|\b(?:and|what|how|about|then|the|ones?|und)\b/giu, " ");
  return `${words} ${frame}`.replaceAll(/\s+/gu, " ").trim();
}
