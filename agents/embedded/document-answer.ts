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
import { literal, literalTable } from "../../core/markdown/index.ts";
import { guesses, tooLongDraft } from "./out-of-scope.ts";
import type { Reading } from "./reading.ts";
import { languageFor, say } from "./say.ts";
import { findTool } from "./tool-input.ts";

const Found = z.looseObject({
  passages: z.array(
    z.looseObject({
      quote: z.string(),
      title: z.string(),
      text: z.string().default(""),
      score: z.number().default(0.5),
    }),
  ),
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
  const passages = Found.safeParse(value).data?.passages ?? [];
  const ranked = sources.map((source): Ranked => {
    const found = passages.find(({ quote, title }) => quote === source.quote && title === source.title);
    return { source, score: found?.score ?? 0.5, passage: found?.text ?? "" };
  });
  const [best] = ranked;
  if (best === undefined) return undefined;
  const isShort = wantsShortAnswers(input.memory);
  const shown = isShort
    ? withFacts([best], ranked, { request, isInFull: false })
    : withFacts(telling(ranked, best), ranked, { request, isInFull: true });
  const answer = (isShort ? shown : shownInFull(shown))
    .map((one, index) =>
      typeof one === "string" ? `${one} [${index + 1}]` : sentence(one.source, index + 1, one.passage),
    )
    .join("\n\n");
  const isForeign = (languageOf(best.passage) ?? languageFor(input)) !== languageFor(input);
  return {
    text: isForeign ? `${say("from_foreign_documents", input)}\n\n${answer}` : answer,
    sources: shown.map(({ source }) => source),
    confidence: Math.min(0.95, 0.3 + 0.5 * best.score + 0.2 * confidence),
  };
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

/** Each fact that is asked for stands in what is shown, where the best document has it. Of the first, its section may be shown. */
function withFacts(
  shown: readonly Ranked[],
  ranked: readonly Ranked[],
  { request, isInFull }: { readonly request: string; readonly isInFull: boolean },
): readonly Ranked[] {
  const [best] = shown;
  const own = ranked.filter(({ source }) => source.title === best?.source.title);
  return factsAsked(request).reduce((before, fact) => {
    const isTold = before.some(({ source, passage }, index) =>
      holdsFact(fact, isInFull && index === 0 && passageText(passage) !== undefined ? passage : source.quote),
    );
    const further = isTold ? undefined : own.find(({ source }) => holdsFact(fact, source.quote));
    return further === undefined || before.includes(further) ? before : [...before, further];
  }, shown);
}

/** The sections of the first ones, as long as that is read; of the others what answers best. */
function shownInFull(shown: readonly Ranked[]): readonly (string | Ranked)[] {
  let left = LONGEST_ANSWER;
  return shown.map((one, index) => {
    const section = passageText(one.passage);
    const isShort = section !== undefined && (index === 0 || (index < MOST_SECTIONS && section.length <= left));
    if (!isShort) return one;
    left -= section.length;
    return section;
  });
}

const MOST_SECTIONS = 2;
const LONGEST_ANSWER = 1_200;

const LONGEST_PASSAGE = 1_000;

/** A section as Markdown. Undefined where it is too long. */
function passageText(passage: string): string | undefined {
  if (passage === "" || passage.length > LONGEST_PASSAGE) return undefined;
  const lines = passage.split("\n");
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const rows = rowsFrom(lines, at);
    const line = lines[at] ?? "";
    if (rows.length > 1) {
      const [header = [], ...others] = rows;
      blocks.push("", literalTable(header, others), "");
      at += rows.length - 1;
    } else if (line.startsWith("- ")) blocks.push(`- ${literal(line.slice(2))}`);
    else blocks.push("", literal(line), "");
  }
  return blocks
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
}

/** The rows of a table that begins in a line. */
function rowsFrom(lines: readonly string[], at: number): readonly (readonly string[])[] {
  const after = lines.slice(at);
  const end = after.findIndex((line) => !line.includes(" | "));
  return after.slice(0, end === -1 ? after.length : end).map((line) => line.split(" | "));
}

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

/** Cells of a table row become a sentence, with the titles of their columns; figures stay as they are. */
export function sentence({ quote }: Source, number: number, passage = ""): string {
  const [first = "", ...cells] = quote.split(" | ");
  if (cells.length === 0) return `${literal(quote)} [${number}]`;
  const titles = passage
    .split("\n")
    .map((line) => line.split(" | "))
    .find((line) => line.length === cells.length + 1);
  const named = cells.map((cell, index) =>
    cells.length > 1 && titles !== undefined ? `${titles[index + 1] ?? ""} ${cell}` : cell,
  );
  return `${literal(`${first}: ${named.join(", ")}`)} [${number}]`;
}

function saysTheSame(left: string, right: string): boolean {
  const [one, other] = [lettersOf(left), lettersOf(right)];
  return one.includes(other) || other.includes(one);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}
