/** Answers from passages: their own best sentences, literally, each with the number of its source. */
import { z } from "zod";
import { HAND_OVER_TOOL } from "../../core/hand-over/index.ts";
import type { Source } from "../../core/reply.ts";
import type { ToolResult } from "../../core/tool.ts";
import { factsAsked, holdsFact } from "../../core/language/asked-facts.ts";
import { languageOf } from "../../core/language/index.ts";
import { wantsShortAnswers } from "../../core/short-answers.ts";
import type { Desk, Draft, Intention } from "../roles/contract.ts";
import { sampleChoices } from "./abilities.ts";
import { listening } from "./dialogue.ts";
import { literal } from "../../core/markdown/index.ts";
import { guesses, tooLongDraft } from "./out-of-scope.ts";
import type { Reading } from "./reading.ts";
import { languageFor, say } from "./say.ts";
import { countWords, formOf, inWords, Told, tellInWords } from "./told.ts";
import { findTool } from "./tool-input.ts";

const Found = z.looseObject({
  found: z.boolean().default(true),
  passages: z.array(
    z.looseObject({
      quote: z.string(),
      title: z.string(),
      text: z.string().default(""),
      score: z.number().default(0.5),
    }),
  ),
  answer: z.array(Told).default([]),
});

/** Further passages are shown when they fit nearly as well as the best. */
const NEARLY_AS_GOOD = 0.75;
const MOST_PASSAGES = 3;

interface Ranked {
  readonly source: Source;
  readonly score: number;
  /** The section around it. */
  readonly passage: string;
}

/** The answer, or undefined when the documents have none. */
export function answerFromDocuments(
  { value, sources = [] }: ToolResult,
  { request, confidence }: Pick<Intention, "request" | "confidence">,
  { input }: Pick<Desk, "input">,
): Draft | undefined {
  const { found: isFound = true, passages = [], answer: composed = [] } = Found.safeParse(value).data ?? {};
  if (!isFound) return undefined;
  const ranked = sources.map((source): Ranked => {
    const found = passages.find(({ quote, title }) => quote === source.quote && title === source.title);
    return { source, score: found?.score ?? 0.5, passage: found?.text ?? "" };
  });
  const [best] = ranked;
  if (best === undefined) return undefined;
  const told = toTell({ composed, ranked, best }, request, wantsShortAnswers(input.memory));
  const language = languageOf(told.map(({ quote }) => quote).join(" ")) ?? languageFor(input);
  const intro = language === languageFor(input) ? [] : [say("from_foreign_documents", input)];
  const answer = tellInWords(told, MOST_WORDS - countWords(intro.join(" ")));
  return {
    text: [...intro, answer.text].join("\n\n"),
    sources: answer.sources,
    confidence: Math.min(0.95, 0.3 + 0.5 * best.score + 0.2 * confidence),
  };
}

/** What the search composed, or else the quotes of what it found; of short answers what is likeliest. */
function toTell(
  { composed, ranked, best }: { composed: readonly Told[]; ranked: readonly Ranked[]; best: Ranked },
  request: string,
  isShort: boolean,
): readonly Told[] {
  if (composed.length > 0) return isShort ? composed.slice(0, 1) : composed;
  return toldOf(isShort ? [best] : telling(ranked, best), ranked, request);
}

/** The best one, and what others say that its section does not. */
function telling(ranked: readonly Ranked[], best: Ranked): readonly Ranked[] {
  return ranked
    .filter(({ score }) => score >= best.score * NEARLY_AS_GOOD)
    .filter(({ source: { quote } }, index, all) => {
      const before = [
        ...(index === 0 ? [] : [best.passage]),
        ...all.slice(0, index).map((other) => other.source.quote),
      ];
      return !before.some((said) => saysTheSame(said, quote));
    })
    .slice(0, MOST_PASSAGES);
}

/** These, and others of the same document that tell a fact that is asked for and not told yet. */
function toldOf(shown: readonly Ranked[], ranked: readonly Ranked[], request: string): readonly Told[] {
  const own = ranked.filter(({ source }) => source.title === shown[0]?.source.title);
  const all = factsAsked(request).reduce((before, fact) => {
    if (before.some(({ source }) => holdsFact(fact, source.quote))) return before;
    const further = own.find(({ source }) => holdsFact(fact, source.quote));
    return further === undefined ? before : [...before, further];
  }, shown);
  return all.map(({ source, passage }) => ({ ...source, ...formOf(source.quote, passage) }));
}

/** Of a whole answer: what is longer is not read. */
const MOST_WORDS = 60;

/** Passages that hold a number to call or an address to write to. */
export function contactsIn({ sources = [] }: ToolResult): readonly Source[] {
  return sources.filter(({ quote }) => /\+?\d[\d ]{6,}\d|\S@\S/u.test(quote));
}

/** Whom to contact, from passages that really hold a number or an address. */
export function contactDraft(result: ToolResult, desk: Desk, foreign?: string): Draft | undefined {
  const [contact] = contactsIn(result);
  if (contact === undefined) return undefined;
  // Whoever wants a person later only has to say so then.
  const what = findTool(HAND_OVER_TOOL, desk) === undefined ? "contact" : "contact_later";
  const intro = say(what, listening(desk, foreign), { bot: literal(desk.input.bot.name) });
  return { text: `${intro}\n\n${sentence(contact, 1)}`, sources: [contact], confidence: 0.8 };
}

/** Says that the documents do not answer, and what might have been meant. */
export function nothingFound(reading: Reading, desk: Desk): Draft {
  const tooLong = tooLongDraft(desk);
  if (tooLong !== undefined) return tooLong;
  const { input } = desk;
  const choices = guesses(reading, desk);
  const offer = say(choices.length > 0 ? "offer_guesses" : "offer_samples", input);
  return {
    text: `${say("nothing_found", input)} ${offer}`,
    choices: choices.length > 0 ? choices : sampleChoices(desk),
    confidence: 0.2,
    act: "does-not-know",
  };
}

/** A quote alone, with the number of its source. */
export function sentence(source: Source, number: number): string {
  return `${inWords({ ...source, ...formOf(source.quote) })} [${number}]`;
}

function saysTheSame(left: string, right: string): boolean {
  const [one, other] = [lettersOf(left), lettersOf(right)];
  return one.includes(other) || other.includes(one);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}
