import { asksToRemember } from "../../core/language/memory-words.ts";
import type { DescribedTool } from "../../core/tool.ts";
import { readWords } from "../language/read-words.ts";
import type { CrewState, Desk, Fact, Intention } from "../roles/contract.ts";
import { materialOf } from "../roles/material.ts";
import { type About, aboutOf, questionAbout } from "./about.ts";
import { FOREIGN } from "../understanding/recognize.ts";
import { factIn, factsToForget, isRemembered } from "./facts.ts";
import { isToForget, isToRemember } from "./memory-answer.ts";
import { readMessage, type Reading } from "./reading.ts";
import type { IntentReader } from "./recognize-intent.ts";
import { asksForSomething, type Route } from "./routes.ts";

/** Reads the message by the classifier. Only the person's own words can order anything. */
export function analyzeEmbedded({ words }: CrewState, { input, turn }: Desk, readIntent: IntentReader): Intention {
  const own = words.map(readWords);
  const text = own.at(-1) ?? "";
  const read = afterTool(ofMemory(readMessage(own, input, readIntent), text, input), text, { input, turn });
  const about = aboutOf(text, materialOf(words, input), {
    readIntent,
    isQuestion: asksForSomething(read.understood.route) && !looksUpOwn(read, turn.tools.tools),
  });
  const intention = about === undefined ? ownIntention(text, read, input) : intentionAbout(about, text, read);
  const { foreign } = read.understood;
  return foreign === undefined ? intention : { ...intention, language: foreign };
}

/**
 * What plainly asks to remember or to forget does, whatever else it resembles. "Where is my boat?" is asked of what was told
 * to be remembered, where nothing else is meant.
 */
function ofMemory(reading: Reading, text: string, { memory }: Desk["input"]): Reading {
  const { understood, earlier } = reading;
  const plain = plainlyOfMemory(text, memory);
  const isServed = !["memory", "talk", "foreign"].includes(understood.route);
  const isSurelyOther = isServed && understood.recognized.confidence >= SURE;
  if (plain !== undefined && !isSurelyOther) {
    const recognized = { label: plain, confidence: SURE, alternatives: [], isAround: false };
    return { ...reading, understood: { ...understood, recognized, route: "memory" } };
  }
  const isOpen =
    earlier === undefined && (understood.route === "foreign" ? asksPersonally.test(text) : asksForFact(text, memory));
  if (!isOpen || !isRemembered(text, memory)) return reading;
  const recognized = { label: "recall_facts", confidence: SURE, alternatives: [], isAround: false };
  return { ...reading, understood: { ...understood, recognized, route: "memory" } };
}

/** What was just done is likely still spoken of: "when will somebody answer me?" after a complaint. */
function afterTool(
  reading: Reading,
  text: string,
  {
    input: {
      dialogue: [last],
    },
    turn: {
      tools: { tools },
    },
  }: Pick<Desk, "input" | "turn">,
): Reading {
  const tool = last?.asked === undefined ? tools.find(({ name }) => name === last?.tool) : undefined;
  const isKept = tool !== undefined && Object.values(tool.slots).some(({ entity }) => entity === "message");
  if (!isKept || reading.cited.length > 0) return reading;
  const titles = Object.values(tool.language).map(({ title }) => title);
  const { route, recognized } = reading.understood;
  // What surely is about something else is no further question.
  const isOpen = route === "foreign" || (route === "documents" && recognized.confidence < SURE);
  if (!isOpen || !/\?\s*$/u.test(text)) return { ...reading, cited: titles };
  return { ...reading, cited: titles, earlier: titles.join(" "), usesHistory: true };
}

/** "Who is my sister?": a fact by its name. */
function asksForFact(text: string, memory: Desk["input"]["memory"]): boolean {
  const [, name] =
    /^\s*(?:who|what|where|wer|was|wo|wie)(?:['’]s| is| are| ist| sind| heißt| heißen) (?:my|our|mein\p{L}*|unser\p{L}*) (\p{L}+)[\s?!.]*$/iu.exec(
      text,
    ) ?? [];
  return name !== undefined && memory.some(({ key }) => key === name.toLowerCase());
}

function plainlyOfMemory(text: string, memory: Desk["input"]["memory"]): string | undefined {
  if (asksToRemember(text)) return factIn(text) === undefined ? undefined : "remember_fact";
  return factsToForget(text, memory).length > 0 ? "forget_fact" : undefined;
}

const asksPersonally = /(?<!\p{L})(?:i|me|my|mine|we|our|ich|mir|mich|mein\p{L}*|wir|unser\p{L}*)(?!\p{L}).*\?\s*$/iu;

const SURE = 0.85;

/** "How much have I paid them this year?" beside a letter: the person's own data are asked for, and only looked at. */
function looksUpOwn({ understood: { recognized } }: Reading, tools: readonly DescribedTool[]): boolean {
  const asked = tools.find(({ name }) => recognized.label === `tool:${name}`);
  return asked?.confirmation === "never" && recognized.confidence >= SURE;
}

/** What somebody else said is looked up or summed up, never carried out. */
function intentionAbout(about: About, text: string, { understood }: Reading): Intention {
  return {
    intent: understood.recognized.label,
    route: "documents",
    confidence: understood.recognized.confidence,
    request: questionAbout(text, about),
    needsTools: true,
    personal: true,
    remember: [],
    reading: { understood, usesHistory: true, cited: [], about },
  };
}

function ownIntention(text: string, reading: Reading, { memory, dialogue: [newest] }: Desk["input"]): Intention {
  const { understood, earlier, usesHistory } = reading;
  const { label, confidence } = understood.recognized;
  // What carries a question to documents on is looked up with it, whatever tool it resembles but that of the last answer.
  const isLookedUp = earlier !== undefined && understood.route === "tool" && label !== `tool:${newest?.tool}`;
  const [intent, route] = isLookedUp ? ([FOREIGN, "foreign"] as const) : ([label, understood.route] as const);
  const remember = rememberedBy(text, reading, memory);
  return {
    intent,
    route,
    confidence,
    request: earlier === undefined ? text : carriedOn(text, earlier),
    needsTools: true,
    personal: usesHistory || remember.length > 0 || PERSONAL.has(route),
    remember,
    reading,
  };
}

/** What is said on these depends on what the person told, or when. */
const PERSONAL: ReadonlySet<Route> = new Set(["memory", "talk", "hand-over"]);

function rememberedBy(text: string, { understood }: Reading, memory: Desk["input"]["memory"]): readonly Fact[] {
  if (understood.route !== "memory") return [];
  const { label } = understood.recognized;
  if (isToRemember(label)) {
    const fact = factIn(text);
    return fact === undefined || fact === "secret" ? [] : [fact];
  }
  return isToForget(label) ? factsToForget(text, memory).map(({ key }) => ({ key, value: "" })) : [];
}

/** "And the basic one?" after "How much is the Premium Account?": the new words, with the old question around them. */
function carriedOn(text: string, earlier: string): string {
  const isAbout = /\b(?:what|how) about\b|^\s*(?:and|und)\b/iu.test(text);
  const own = text.replace(/^\s*(?:and|und|but|aber|so)\s+/iu, "");
  // "How long does it take?" asks something else of the same: of the old question only what it was about is left.
  if (ASKS_ANEW.test(own))
    return `${own} ${earlier.replace(ASKED_BEFORE, "")}`.replaceAll(/[?!]/gu, " ").replaceAll(/\s+/gu, " ").trim();
  // The names in the old question are what the new words replace.
  const frame = isAbout ? earlier.replaceAll(/(?<=\S\s+)\p{Lu}[\p{L}\p{N}-]*/gu, " ") : earlier;
  const words = text.replaceAll(/[?!]|\b(?:and|what|how|about|then|the|ones?|und)\b/giu, " ");
  return `${words} ${frame}`.replaceAll(/\s+/gu, " ").trim();
}

const ASKS_ANEW =
  /^(?:how (?:long|much|many|often|do|does|can|fast)|when|where|why|who|is|are|does|do|can|wie (?:lange|viel|oft|schnell|hoch|kann|geht)|wann|wo|warum|wer|kostet|geht|kann|ist|was kostet|what does|what is)(?!\p{L})/iu;
const ASKED_BEFORE =
  /^\s*(?:and |und )?(?:what|how|which|when|where|was|wie|wann|wo|welche\p{L}*)(?!\p{L})(?:\s+(?:much|many|long|is|are|does|do|cost|costs|viel|lange|ist|sind|kostet|kosten|dauert|can|i|kann|ich)(?!\p{L}))*\s*/iu;
