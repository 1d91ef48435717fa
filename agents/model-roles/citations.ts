/** Checks what a model cited: a marker stays only where its source says what the sentence says. */
import type { Source } from "../../core/reply.ts";
import { sentencesOf } from "../output-check/index.ts";
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

/**
 * Verifies an answer against its numbered sources. `known` is everything else that may be said: results of other tools
 * and the person's own words.
 */
export function checkCitations(
  text: string,
  evidence: { readonly sources: readonly NumberedSource[]; readonly known: string },
): CheckedAnswer {
  const cited: NumberedSource[] = [];
  let dropped = 0;
  const checked = sentencesOf(text)
    .map((sentence) =>
      sentence.replaceAll(MARKER, (marker, list: string) => {
        const lead = marker.startsWith(" ") ? " " : "";
        const numbers = list.split(",").flatMap((part) => {
          const source = evidence.sources.find(({ number }) => number === Number(part));
          if (source === undefined || !supports(source, sentence, evidence.known)) {
            dropped += 1;
            return [];
          }
          if (!cited.includes(source)) cited.push(source);
          return [cited.indexOf(source) + 1];
        });
        return numbers.length === 0 ? "" : `${lead}${numbers.map((number) => `[${number}]`).join("")}`;
      }),
    )
    .join("");
  const all = foldText([evidence.known, ...evidence.sources.map((source) => source.text)].join("\n"));
  const claims = claimsOf(text);
  return {
    text: checked,
    sources: cited.map(({ source }) => source),
    dropped,
    unsupported: claims.filter((claim) => !all.includes(claim)).length,
  };
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
