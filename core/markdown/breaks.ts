/** Where a text may be cut: the best place at or before a position. */
import { codePointStart, graphemeStart } from "../text/graphemes.ts";

/** How good a place is: 0 a line break, 1 the end of a sentence, 2 between words, 3 inside a word. */
export type BreakRank = 0 | 1 | 2 | 3;

/** A place to cut: the text up to `end`, the text from `next`; what lies between is white space. */
export interface TextBreak {
  readonly end: number;
  readonly next: number;
  readonly rank: BreakRank;
}

const words = new Intl.Segmenter("en", { granularity: "word" });
const sentenceEnd = /[.!?…]["'”’)\]]*\s|[。！？]["”’」』）]*/g;
const blank = /[ \t\n]/;

/** Longest stretch that is searched for a word boundary: a longer word is no language. */
const REACH = 200;

/** The end of the first code point: the least that may ever be taken. */
const firstCodePoint = (text: string): number => ((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);

function around(text: string, position: number, rank: BreakRank): TextBreak | undefined {
  let end = position;
  let next = position;
  while (end > 0 && blank.test(text.charAt(end - 1))) end -= 1;
  while (next < text.length && blank.test(text.charAt(next))) next += 1;
  return end === 0 || next === text.length ? undefined : { end, next, rank };
}

function lastSentence(text: string, from: number, most: number): number {
  let found = -1;
  for (const match of text.slice(from, most + 1).matchAll(sentenceEnd)) {
    const end = from + match.index + match[0].trimEnd().length;
    if (end <= most) found = end;
  }
  return found;
}

function lastBlank(text: string, most: number): number {
  for (let at = Math.min(most, text.length - 1); at > 0; at -= 1) if (blank.test(text.charAt(at))) return at;
  return -1;
}

/** The nearest boundary of a dictionary word, for scripts without spaces. */
function wordStart(text: string, most: number): number {
  const from = graphemeStart(text, Math.max(0, most - REACH));
  const segment = words.segment(text.slice(from, most + REACH)).containing(most - from);
  const start = from + (segment?.index ?? 0);
  return start > from && graphemeStart(text, start) === start ? start : -1;
}

/**
 * The best break in `text` whose head has at most `most` units.
 *
 * A line or sentence end counts only within `window` units of `most`, so that parts do not become short.
 * Returns `undefined` when only a cut inside a word is left, see {@link breakAnywhere}.
 */
export function findBreak(text: string, most: number, window: number): TextBreak | undefined {
  const from = Math.max(0, Math.floor(most - window));
  for (const separator of ["\n\n", "\n"]) {
    const line = text.lastIndexOf(separator, most);
    const atLine = line > from ? around(text, line, 0) : undefined;
    if (atLine !== undefined) return atLine;
  }
  const sentence = lastSentence(text, from, most);
  const atSentence = sentence > from ? around(text, sentence, 1) : undefined;
  if (atSentence !== undefined) return atSentence;
  const space = lastBlank(text, most);
  return space > 0 ? around(text, space, 2) : undefined;
}

/** A cut inside a word: between dictionary words, else graphemes, else (`force`) code points; never a surrogate pair. */
export function breakAnywhere(text: string, most: number, force: boolean): TextBreak | undefined {
  if (most >= text.length) return undefined;
  for (const at of [wordStart(text, most), graphemeStart(text, most)]) {
    if (at > 0) return around(text, at, 3) ?? { end: at, next: at, rank: 3 };
  }
  if (!force) return undefined;
  const at = Math.max(firstCodePoint(text), codePointStart(text, most));
  return at < text.length ? { end: at, next: at, rank: 3 } : undefined;
}
