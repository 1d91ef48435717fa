/** The one way to shorten a text: between graphemes, so that neither a character nor an emoji is torn apart. */
import { codePointStart, graphemeStart } from "./graphemes.ts";

/** Longer stacks of accents are no writing: they are torn rather than kept or dropped whole. */
const LONGEST_GRAPHEME = 64;

/**
 * The beginning of a text: at most `most` UTF-16 units, whole graphemes, well formed. Where something was cut off, it
 * ends with `mark` (which counts).
 */
export function cutText(text: string, most: number, mark = ""): string {
  if (text.length <= most) return wellFormed(text);
  const room = Math.max(0, most - mark.length);
  const start = graphemeStart(text, room);
  const end = room - start <= LONGEST_GRAPHEME ? start : codePointStart(text, room);
  return wellFormed(text.slice(0, end)) + mark;
}

/** A text as one line without blanks in a row, of at most `most` UTF-16 units; what was cut off is told by "…". */
export function oneLine(text: string, most = Number.POSITIVE_INFINITY): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length <= most ? line : `${cutText(line, most - 1).trimEnd()}…`;
}

/** Replaces lone surrogates by U+FFFD: model providers and platforms refuse a text that has any. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}
