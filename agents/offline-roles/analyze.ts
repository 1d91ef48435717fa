import { ownWords } from "../../core/language/segments.ts";
import type { Understanding } from "../offline/index.ts";
import type { CrewState, Desk, Fact, Intention } from "../roles/contract.ts";
import { materialOf } from "../roles/material.ts";
import { type About, aboutOf, questionAbout } from "./about.ts";
import { factIn, factsToForget } from "./facts.ts";
import { readMessage, type Reading } from "./reading.ts";

/** Reads the message by the classifier and the rules of orders. Only the person's own words can order anything. */
export function analyzeOffline({ words }: CrewState, { input }: Desk, understanding: Understanding): Intention {
  const own = words.map(ownWords);
  const text = own.at(-1) ?? "";
  const read = readMessage(own, input, understanding);
  const about = aboutOf(text, materialOf(words, input), {
    understanding,
    now: new Date(input.now),
    isInformation: read.order === undefined && ABOUT_OTHERS.has(read.understood.route),
  });
  return about === undefined ? ownIntention(text, read, input) : intentionAbout(about, text, read);
}

/** What somebody else said is looked up or summed up, never carried out. */
function intentionAbout(about: About, text: string, { understood }: Reading): Intention {
  return {
    intent: understood.intent,
    route: "information",
    confidence: understood.confidence,
    request: questionAbout(text, about),
    needsTools: true,
    personal: true,
    remember: [],
    reading: { understood, cancelled: false, usesHistory: true, about },
  };
}

function ownIntention(text: string, reading: Reading, { memory }: Desk["input"]): Intention {
  const { understood, order, earlier } = reading;
  const remember = rememberedBy(text, reading, memory);
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

/** Routes on which "this" may point at what somebody else said. */
const ABOUT_OTHERS: ReadonlySet<string> = new Set(["information", "recommendation", "outOfScope"]);

function rememberedBy(text: string, { understood, order }: Reading, memory: Desk["input"]["memory"]): readonly Fact[] {
  if (order !== undefined) return [];
  if (understood.intent === "rememberFact") {
    const fact = factIn(text);
    return fact === undefined || fact === "secret" ? [] : [fact];
  }
  if (understood.intent === "forgetFact") return factsToForget(text, memory).map(({ key }) => ({ key, value: "" }));
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
