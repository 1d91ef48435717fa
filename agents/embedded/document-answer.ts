/** Answers from passages: their own best sentences, literally, each with the number of its source. */
import { z } from "zod";
import type { Source } from "../../core/reply.ts";
import type { ToolResult } from "../../core/tool.ts";
import { languageOf } from "../../core/language/index.ts";
import type { Desk, Draft, Intention } from "../roles/contract.ts";
import { sampleChoices } from "./abilities.ts";
import { listening } from "./dialogue.ts";
import { literal, literalTable } from "../../core/markdown/index.ts";
import { guesses, tooLongDraft } from "./out-of-scope.ts";
import type { Reading } from "./reading.ts";
import { languageFor, say } from "./say.ts";

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
/** What being found first counts. */
const PLACE_SHARE = 0.3;

interface Ranked {
  readonly source: Source;
  readonly score: number;
  /** The section around it. */
  readonly passage: string;
  readonly fit: number;
}

/** The answer, or undefined when the documents have none. */
export function answerFromDocuments(
  { value, sources = [] }: ToolResult,
  { request, confidence }: Pick<Intention, "request" | "confidence">,
  { input }: Pick<Desk, "input">,
): Draft | undefined {
  const passages = Found.safeParse(value).data?.passages ?? [];
  const ranked = sources
    .map((source, place): Ranked => {
      const found = passages.find(({ quote, title }) => quote === source.quote && title === source.title);
      const score = found?.score ?? 0.5;
      return {
        source,
        score,
        passage: found?.text ?? "",
        fit: score + quoteFit(request, source) + PLACE_SHARE / (place + 1),
      };
    })
    .toSorted((left, right) => right.fit - left.fit);
  const [best] = ranked;
  if (best === undefined) return undefined;
  const section = passageText(best.passage);
  const shown = telling(ranked, best);
  const [first, ...others] = shown.map((one, index) => sentence(one.source, index + 1, one.passage));
  const answer = [section === undefined ? first : `${section} [1]`, ...others].join("\n\n");
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
    .filter(({ fit }) => fit >= best.fit * NEARLY_AS_GOOD)
    .filter(({ source: { quote } }, index, all) => {
      const before = [
        ...(index === 0 ? [] : [best.passage]),
        ...all.slice(0, index).map((other) => other.source.quote),
      ];
      return !before.some((said) => saysTheSame(said, quote));
    })
    .slice(0, MOST_PASSAGES);
}

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
  const intro = say("contact", listening(desk, foreign), { bot: literal(desk.input.bot.name) });
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

/**
 * How well a quote fits a question: the share of its words that the quote or the heading above it holds, the title of
 * the document counting half, and its kind.
 */
function quoteFit(question: string, { quote, title, location }: Source): number {
  const asked = stemsOf(question);
  // A heading tells what its rows and sentences are about, so they do not repeat it.
  const said = new Set(stemsOf(`${quote} ${location}`));
  const around = new Set(stemsOf(title));
  const covered = asked.reduce((sum, stem) => sum + (said.has(stem) ? 1 : around.has(stem) ? 0.5 : 0), 0);
  const isKind = KINDS.some(({ asks, answers }) => asks.test(question) && answers.test(quote));
  return (asked.length === 0 ? 0 : covered / asked.length) + (isKind ? KIND_BONUS : 0);
}

const KIND_BONUS = 0.3;
const KINDS = [
  {
    asks: /\b(?:costs?|price|fees?|expensive|how much|charges?|rate|kostet|kosten|preis|gebühr\p{L}*|teuer|wie ?viel|zinsen|zinssatz)\b/iu,
    answers: /[€$£%]|\b(?:free|kostenlos|gratis)\b/iu,
  },
  {
    asks: /\b(?:how long|how fast|how quickly|how soon|when|wie lange?|wie schnell|wann|frist|bis wann)\b/iu,
    answers:
      /\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|sekunden?|minuten?|stunden?|\p{L}*tage?n?|wochen?|monate?n?|jahre?n?)\b|\d\d:\d\d/iu,
  },
] as const;

const COMMON = new Set(
  "about against and any are can does did for from get give has have how into make many much myself need not our should take tell that the their there they this was what when where which who why will with would you your aber als auch auf aus bei bin das dass dem den der des die dich dir doch ein eine einem einen einer euch für hab habe haben hat ich ihr ihre ihren ist kann man mein meine meinem meinen meiner mich mir mit muss nach nicht noch oder sich sie sind soll über und uns vom von wann war warum was weil welche wenn werden wie wird wir wo wurde zum zur".split(
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
