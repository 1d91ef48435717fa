/** Checks what a model cited: a marker stays only where its source says what the sentence says. */
import type { Source } from "../../core/reply.ts";
import { sentencesOf, withoutCode } from "../output-check/index.ts";
import type { NumberedSource } from "./evidence.ts";

export interface CheckedAnswer {
  /** With markers renumbered in the order of `sources`. */
  readonly text: string;
  /** Cited and supported, in order of appearance. */
  readonly sources: readonly Source[];
  /** Markers that were dropped. */
  readonly dropped: number;
  /** Figures and quotations of the answer that stand nowhere in the evidence. */
  readonly unsupported: number;
}

const MARKER = / ?\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/gu;
const FIGURE = /\d+(?:[.,'’ ]\d+)*/gu;
const QUOTATION = /[“"„«]([^“”"„«»\n]{12,400})[”"»]/gu;

/** What an answer may rest on. */
interface CitableEvidence {
  readonly sources: readonly NumberedSource[];
  /** Everything else that may be said: results of other tools, the person's own words, earlier messages. */
  readonly known: string;
  /** The part of it that this turn brought: lists of numbers in brackets that stand in it are no citations. */
  readonly given: string;
}

/** Verifies an answer against its numbered sources. Code in it stays as it is. */
export function checkCitations(text: string, evidence: CitableEvidence): CheckedAnswer {
  const cited: NumberedSource[] = [];
  let dropped = 0;
  const prose = withoutCode(text);
  const lists = evidence.given.replaceAll(/\s/gu, "");
  const numbersOf = (list: string, sentence: string): readonly number[] =>
    list.split(",").flatMap((part) => {
      const source = evidence.sources.find(({ number }) => number === Number(part));
      if (source === undefined || !supports(source, sentence, evidence.known)) {
        dropped += 1;
        return [];
      }
      if (!cited.includes(source)) cited.push(source);
      return [cited.indexOf(source) + 1];
    });
  let checked = "";
  let written = 0;
  let start = 0;
  for (const sentence of sentencesOf(prose)) {
    for (const { 0: marker, 1: list = "", index } of sentence.matchAll(MARKER)) {
      if (isData(list, { before: sentence.slice(0, index), marker, sources: evidence.sources, lists })) continue;
      const numbers = numbersOf(list, sentence);
      const lead = numbers.length > 0 && marker.startsWith(" ") ? " " : "";
      checked += text.slice(written, start + index) + lead + numbers.map((number) => `[${number}]`).join("");
      written = start + index + marker.length;
    }
    start += sentence.length;
  }
  const all = foldText([evidence.known, ...evidence.sources.map((source) => source.text)].join("\n"));
  const claims = claimsOf(prose);
  return {
    text: checked + text.slice(written),
    sources: cited.map(({ source }) => source),
    dropped,
    unsupported: claims.filter((claim) => !all.includes(claim)).length,
  };
}

/** A list that this turn gave, or the index of a name (`a[0]`), where no source has such a number. */
function isData(
  list: string,
  {
    before,
    marker,
    sources,
    lists,
  }: {
    readonly before: string;
    readonly marker: string;
    readonly sources: readonly NumberedSource[];
    readonly lists: string;
  },
): boolean {
  if (list.split(",").every((part) => sources.some(({ number }) => number === Number(part)))) return false;
  if (lists.includes(`[${list.replaceAll(/\s/gu, "")}]`)) return true;
  return sources.length === 0 && marker.startsWith("[") && /[\p{L}_\])]$/u.test(before);
}

/** Every figure and every quotation of the sentence must be literally in the source, or be known without it. */
function supports(source: NumberedSource, sentence: string, known: string): boolean {
  const text = foldText(source.text);
  const claims = claimsOf(sentence);
  const elsewhere = foldText(known);
  const inSource = claims.filter((claim) => text.includes(claim));
  return (
    claims.every((claim) => inSource.includes(claim) || elsewhere.includes(claim)) &&
    (claims.length === 0 || inSource.length > 0)
  );
}

function claimsOf(text: string): readonly string[] {
  const plain = text.replaceAll(MARKER, "");
  const quotations = Array.from(plain.matchAll(QUOTATION), ([, quotation = ""]) => foldText(quotation));
  const figures = Array.from(plain.matchAll(FIGURE), ([figure]) => foldText(figure)).filter(
    (figure) => !isListNumber(figure, plain),
  );
  return [...new Set([...quotations, ...figures])];
}

/** The "1." of a numbered list is no claim. */
function isListNumber(figure: string, text: string): boolean {
  return new RegExp(String.raw`^\s*${figure.replaceAll(/\D/gu, "\\D")}[.)]\s`, "mu").test(text);
}

function foldText(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[’‘]/gu, "'")
    .replaceAll(/[*_`]/gu, "")
    .replaceAll(/\s+/gu, " ")
    .toLowerCase();
}
