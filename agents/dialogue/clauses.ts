/** Splits what a person says into the clauses that may be requests of their own. Pure; linear in the length of the text. */
import { allClauseWords, type ClauseWords } from "./clause-words.ts";

/** A piece of a text, with its place in it. */
export interface Clause {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Whoever says more at once is understood as a whole. */
const MOST_CLAUSES = 16;
/** Longer texts are talk. */
const LONGEST = 2_000;

type PhraseKey = { [Key in keyof ClauseWords]: ClauseWords[Key] extends string ? never : Key }[keyof ClauseWords];

/** Phrases of all languages as one pattern, the longest first. */
export function phrasePattern(...keys: readonly PhraseKey[]): string {
  const phrases = allClauseWords.flatMap((words) => keys.flatMap((key) => words[key]));
  return [...new Set(phrases)]
    .toSorted((one, other) => other.length - one.length)
    .map((phrase) => phrase.replaceAll(" ", "\\s+"))
    .join("|");
}

/** Where one clause ends and the next begins: list lines, sentence ends, and words that join. */
const boundaries = [
  String.raw`\n+\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+)?`,
  String.raw`(?<=[.;:!?…])\s+\d{1,2}[.)]\s+`,
  String.raw`(?<=\p{L}{3}[.!…]|[!?;])\s+`,
  String.raw`\s*,?\s+(?:${phrasePattern("joins")})(?!\p{L})[\s,:]+`,
  String.raw`\s*,\s+(?=(?:${phrasePattern("sequencers", "otherwise")})(?!\p{L}))`,
];
const boundary = new RegExp(boundaries.join("|"), "giu");
/** A comma or a colon may part requests, and far more often does not. */
const slightBoundary = new RegExp([...boundaries, String.raw`(?<=\p{L}{2}|\d),\s+|(?<=\p{L}{2}):\s+`].join("|"), "giu");
const leading = new RegExp(
  String.raw`^(?:[\s,;:–-]+|\d{1,2}[.)]\s+|[-*•]\s+|(?:${phrasePattern("sequencers")})(?!\p{L})[\s,:]+)+`,
  "iu",
);

/** The first word that joins behind this one joins its pair. */
const pair = new RegExp(String.raw`(?<!\p{L})(?:${phrasePattern("pairs")})(?!\p{L})`, "iu");
const joining = new RegExp(String.raw`^\s*,?\s+(?:${phrasePattern("joins")})(?!\p{L})`, "iu");

/** The clauses of a text, without the words that join and order them; the text itself where there is but one. */
export function clausesOf(text: string): readonly Clause[] {
  return clausesAt(text, boundary);
}

/** The same, parted by commas and colons as well. */
export function smallClausesOf(text: string): readonly Clause[] {
  return clausesAt(text, slightBoundary);
}

function clausesAt(text: string, ends: RegExp): readonly Clause[] {
  if (text.length > LONGEST) return [whole(text)];
  const clauses: Clause[] = [];
  let start = 0;
  let read = 0;
  for (const { index, 0: found } of text.matchAll(ends)) {
    if (isQuoted(text, index)) continue;
    const isWithin = joining.test(found) && pair.test(text.slice(read, index));
    read = index + found.length;
    if (isWithin) continue;
    clauses.push(trimmed(text, start, index));
    start = read;
  }
  clauses.push(trimmed(text, start, text.length));
  const spoken = clauses.filter((clause) => /[\p{L}\p{N}]/u.test(clause.text));
  return spoken.length < 2 || spoken.length > MOST_CLAUSES ? [whole(text)] : spoken;
}

const whole = (text: string): Clause => ({ text, start: 0, end: text.length });

function trimmed(text: string, from: number, to: number): Clause {
  const skipped = leading.exec(text.slice(from, to))?.[0].length ?? 0;
  const start = skipped < to - from ? from + skipped : from;
  return { text: text.slice(start, to).trim(), start, end: to };
}

/** Whether a place stands within quotation marks. */
function isQuoted(text: string, place: number): boolean {
  const marks = text.slice(0, place).match(/["“”„«»]/gu) ?? [];
  return marks.length % 2 === 1;
}

/** Clauses that stand beside each other as one, with the words between them. */
export function joined(text: string, [first, ...others]: readonly [Clause, ...Clause[]]): Clause {
  const end = others.at(-1)?.end ?? first.end;
  return { text: text.slice(first.start, end).trim(), start: first.start, end };
}
