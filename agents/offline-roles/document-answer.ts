/** Answers from passages: their own best sentences, literally, each with the number of its source. */
import { z } from "zod";
import type { Source } from "../../core/reply.ts";
import type { ToolResult } from "../../core/tool.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { sampleChoices } from "./abilities.ts";
import { guesses } from "./out-of-scope.ts";
import type { Reading } from "./reading.ts";
import { literal } from "./markdown.ts";

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
const NEARLY_AS_GOOD = 0.85;
const MOST_PASSAGES = 3;

/** The answer, or undefined when the documents have none. */
export function answerFromDocuments(
  { value, sources = [] }: ToolResult,
  question: { readonly text: string; readonly confidence: number },
): Draft | undefined {
  const passages = Found.safeParse(value).data?.passages ?? [];
  const ranked = sources
    .map((source) => {
      const passage = passages.find(({ quote, title }) => quote === source.quote && title === source.title);
      const score = passage?.score ?? 0.5;
      return { source, score, passage: passage?.text ?? "", fit: score + quoteFit(question.text, source) };
    })
    .toSorted((left, right) => right.fit - left.fit);
  const best = ranked[0];
  if (best === undefined) return undefined;
  const cited = ranked
    .filter(({ fit }) => fit >= best.fit * NEARLY_AS_GOOD)
    .filter(
      ({ source }, index, all) => all.findIndex((other) => saysTheSame(other.source.quote, source.quote)) === index,
    )
    .slice(0, MOST_PASSAGES);
  const section = PROCEDURE.test(question.text)
    ? ranked.find(({ fit, passage }) => fit >= best.fit * GOOD_SECTION && passageText(passage) !== undefined)
    : undefined;
  const shown = section === undefined ? cited : [section];
  const sentences = cited.map(({ source, passage }, index) => sentence(source, index + 1, passage));
  return {
    text: section === undefined ? sentences.join("\n\n") : `${passageText(section.passage) ?? ""} [1]`,
    sources: shown.map(({ source }) => source),
    confidence: Math.min(0.95, 0.3 + 0.5 * best.score + 0.2 * question.confidence),
  };
}

/** Questions that a single sentence seldom answers: the whole section does. */
const PROCEDURE =
  /\bhow (?:do|can|should|would) (?:i|we|you|one)\b|\bwhat (?:should|must|can) (?:i|we)\b|\bwhat happens\b|\bi (?:have )?lost\b|\bstolen\b|\bsteps?\b/iu;
const LONGEST_PASSAGE = 900;
const GOOD_SECTION = 0.7;

/** A section as Markdown. Undefined where it is too long, or a table. */
function passageText(passage: string): string | undefined {
  if (passage === "" || passage.length > LONGEST_PASSAGE || passage.includes(" | ")) return undefined;
  const lines = passage
    .split("\n")
    .map((line) => (line.startsWith("- ") ? `- ${literal(line.slice(2))}` : `\n${literal(line)}\n`));
  return lines
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
}

/** Whom to contact, from passages that really hold a number or an address. */
export function contactDraft({ sources = [] }: ToolResult, { input }: Desk): Draft | undefined {
  const contact = sources.find(({ quote }) => /\+?\d[\d ]{6,}\d|\S@\S/u.test(quote));
  if (contact === undefined) return undefined;
  const intro = `I am ${literal(input.bot.name)}, a program, and cannot hand you over to a person from here. This is the contact that I found:`;
  return { text: `${intro}\n\n${sentence(contact, 1)}`, sources: [contact], confidence: 0.8 };
}

/** Says that the documents do not answer, and what might have been meant. */
export function nothingFound(reading: Reading, desk: Desk): Draft {
  const choices = guesses(reading, desk);
  const offer = choices.length > 0 ? " Did you mean one of these?" : " Here is what I can help with.";
  return {
    text: `I found no answer to that in my documents, and I do not want to guess.${offer}`,
    choices: choices.length > 0 ? choices : sampleChoices(desk),
    confidence: 0.2,
  };
}

/** Cells of a table row become a sentence, with the titles of their columns; figures stay as they are. */
function sentence({ quote }: Source, number: number, passage = ""): string {
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

/** How well a quote fits a question: the share of its words that the quote holds, its place counting half, and its kind. */
function quoteFit(question: string, { quote, title, location }: Source): number {
  const asked = stemsOf(question);
  const said = new Set(stemsOf(quote));
  const around = new Set(stemsOf(`${title} ${location}`));
  const covered = asked.reduce((sum, stem) => sum + (said.has(stem) ? 1 : around.has(stem) ? 0.5 : 0), 0);
  const isKind = KINDS.some(({ asks, answers }) => asks.test(question) && answers.test(quote));
  return (asked.length === 0 ? 0 : covered / asked.length) + (isKind ? KIND_BONUS : 0);
}

const KIND_BONUS = 0.3;
const KINDS = [
  { asks: /\b(?:costs?|price|fees?|expensive|how much|charges?|rate)\b/iu, answers: /[€$£%]|\bfree\b/iu },
  {
    asks: /\b(?:how long|how fast|how quickly|how soon|when)\b/iu,
    answers: /\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b|\d\d:\d\d/iu,
  },
] as const;

const COMMON = new Set(
  "about against and any are can does did for from get give has have how into make many much myself need not our should take tell that the their there they this was what when where which who why will with would you your".split(
    " ",
  ),
);

function stemsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [
    ...new Set(
      words.filter((word) => word.length > 2 && !COMMON.has(word)).map((word) => word.slice(0, 6).replace(/s$/u, "")),
    ),
  ];
}

function saysTheSame(left: string, right: string): boolean {
  const [one, other] = [lettersOf(left), lettersOf(right)];
  return one.includes(other) || other.includes(one);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}
