import { ownWords } from "../../core/language/segments.ts";
import type { CrewState, Desk, Fact, Intention } from "../roles/contract.ts";
import { materialOf } from "../roles/material.ts";
import { type About, aboutOf, questionAbout } from "./about.ts";
import { factIn, factsToForget } from "./facts.ts";
import { readMessage, type Reading } from "./reading.ts";
import type { IntentReader } from "./recognize-intent.ts";

/** Reads the message by the classifier. Only the person's own words can order anything. */
export function analyzeEmbedded({ words }: CrewState, { input }: Desk, readIntent: IntentReader): Intention {
  const own = words.map(ownWords);
  const text = own.at(-1) ?? "";
  const read = readMessage(own, input, readIntent);
  const about = aboutOf(text, materialOf(words, input), {
    readIntent,
    isInformation: ABOUT_OTHERS.has(read.understood.route),
  });
  const intention = about === undefined ? ownIntention(text, read, input) : intentionAbout(about, text, read);
  const { foreign } = read.understood;
  return foreign === undefined ? intention : { ...intention, language: foreign };
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
    reading: { understood, usesHistory: true, about },
  };
}

function ownIntention(text: string, reading: Reading, { memory }: Desk["input"]): Intention {
  const { understood, earlier } = reading;
  const remember = rememberedBy(text, reading, memory);
  const { recognized } = understood;
  // What a tool or the configuration teaches stands on its own.
  if (/^(?:tool|intent):/u.test(recognized.label) && !reading.usesHistory) {
    const { label: intent, confidence } = recognized;
    return {
      intent,
      route: "action",
      confidence,
      request: text,
      needsTools: true,
      personal: false,
      remember: [],
      reading,
    };
  }
  return {
    intent: understood.intent,
    route: understood.route,
    confidence: understood.confidence,
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

function rememberedBy(text: string, { understood }: Reading, memory: Desk["input"]["memory"]): readonly Fact[] {
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
