/** The clauses of an order, what they are for, and the words in them that were not read: talk, or a name. Pure. */
import { blanked, isNear, type Span } from "../../../core/language/index.ts";
import { formOf } from "../../understanding/slots/words.ts";
import { phrasePattern } from "../clauses.ts";

/** Ends a part of a sentence; figures keep their points and commas, "Dr." keeps its name. */
const clauseEnd =
  /(?<!(?<!\p{L})(?:dr|prof|mr|mrs|ms|st|nr|no|str|hr|fr|ca|approx|max|min|inkl|ggf|evtl|bzw|ungef))[.!?;…]+(?=\s|$)|,(?=\s|$)|:(?=\s)|\n+|\s[–—-]+\s/giu;
/** Where talk goes on without a mark: "… to Yara she's been on at me", "… on Monday so would you …". */
const joint = new RegExp(
  String.raw`\s+(?=(?:${phrasePattern("asides").replaceAll("'", "['’]")})(?!\p{L})|so (?!(?:${phrasePattern("soMuch")})(?!\p{L}))\p{L})`,
  "giu",
);
/** Shorter words are other words when a letter changes. */
const SHORTEST_FORGIVEN = 6;

type Place = Pick<Span, "start" | "end">;

/** The parts of a text that end with a mark. */
export function clausesOf(text: string): readonly Place[] {
  const ends = [...text.matchAll(clauseEnd), ...text.matchAll(joint)]
    .map(({ index, 0: sign }) => ({ index, next: index + sign.length }))
    .toSorted((one, other) => one.index - other.index);
  const starts = [0, ...ends.map(({ next }) => next)];
  return starts.map((start, place) => ({ start, end: ends[place]?.index ?? text.length }));
}

/** What the words are compared with. */
export interface KnownWords {
  /** Places that were read. */
  readonly read: readonly Place[];
  /** Those of them that name a value for the first time. */
  readonly values: readonly Place[];
  /** Words that change nothing. */
  readonly harmless: ReadonlySet<string>;
  /** Words behind which a clause tells what it is all for. */
  readonly purposes: readonly string[];
}

/** The words, in runs, that stand before what the clauses are for and were not understood. */
export function leftOver(text: string, clauses: readonly Place[], known: KnownWords): readonly Span[] {
  const rest = blanked(text, known.read);
  return clauses.flatMap((clause) =>
    runsOf(text, rest, { start: clause.start, end: purposeIn(text, clause, known) }, known.harmless),
  );
}

/** What the clauses are for, where they tell it. */
export function purposesIn(text: string, clauses: readonly Place[], known: KnownWords): readonly Place[] {
  return clauses
    .map((clause) => ({ start: purposeIn(text, clause, known), end: clause.end }))
    .filter(({ start, end }) => start < end);
}

/** Where the clause goes over to what it is for: behind the last value, or far from the next one. */
function purposeIn(text: string, { start, end }: Place, { values, purposes }: KnownWords): number {
  const shape = new RegExp(`(?<!\\p{L})(?:${purposes.map(escaped).join("|")})(?![\\p{L}-])`, "giu");
  for (const match of text.slice(start, end).matchAll(shape)) {
    const behind = start + match.index + match[0].length;
    const next = values.filter((one) => one.start >= behind).toSorted((one, other) => one.start - other.start)[0];
    const gap = next === undefined ? "-" : text.slice(behind, next.start);
    // "für Jana", "for my Savings": that names a value.
    if (/^\s+(?:me|us|mich|uns)(?!\p{L})/iu.test(text.slice(behind))) continue;
    if (!/^\s+(?:\p{L}{1,7}\s+)?$/u.test(gap)) return start + match.index;
  }
  return end;
}

const escaped = (phrase: string): string => phrase.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

function runsOf(text: string, rest: string, { start, end }: Place, harmless: ReadonlySet<string>): readonly Span[] {
  const runs: { start: number; end: number; literal: string }[] = [];
  for (const match of rest.slice(start, end).matchAll(/\p{L}[\p{L}\p{M}'’-]*/gu)) {
    if (isHarmless(match[0], harmless)) continue;
    const from = start + match.index;
    const to = from + match[0].length;
    const last = runs.at(-1);
    if (last !== undefined && text.slice(last.end, from).trim() === "") {
      last.end = to;
      last.literal = text.slice(last.start, to);
    } else runs.push({ start: from, end: to, literal: text.slice(from, to) });
  }
  return runs;
}

function isHarmless(word: string, harmless: ReadonlySet<string>): boolean {
  const form = formOf(word).replace(/^['-]+|['-]+$/gu, "");
  if (form.length < 2 || harmless.has(form)) return true;
  const short = form.replaceAll(/(\p{L})\1{2,}/gu, "$1");
  return harmless.has(short) || (form.length >= SHORTEST_FORGIVEN && isMistyped(form, harmless));
}

function isMistyped(form: string, harmless: ReadonlySet<string>): boolean {
  for (const known of harmless) {
    if (known.length >= SHORTEST_FORGIVEN && known.startsWith(form.charAt(0)) && isNear(known, form, 1)) return true;
  }
  return false;
}
