import { foldName, hasWordsAt, isCapitalized, nameWords, type NameWord } from "./names.ts";
import { beforeInfinitive, everydayNames, notNames } from "./not-a-name.ts";
import type { Span } from "../../../core/language/index.ts";

/** Someone the customer can pay, as handed in by the caller. */
export interface KnownPayee {
  readonly id: string;
  readonly name: string;
  /** Other words for the same payee: "landlord". */
  readonly aliases?: readonly string[];
}

/** A name that stands where a payee is expected, or that belongs to a known payee. */
export interface PayeeMention extends Span {
  readonly kind: "payee";
  /** `name`: the whole known name; `words`: some words of it, such as the first name; `none`: nobody known. */
  readonly match: "name" | "words" | "none";
  /** Ids of the known payees it may be, in the order they were handed in. */
  readonly candidates: readonly string[];
  /** Whether it fits several known payees: ask which. */
  readonly ambiguous: boolean;
}

interface Run {
  /** First word and the one behind the last. */
  readonly from: number;
  readonly next: number;
  /** A payee is expected here: "to …", "pay …". */
  readonly expected: boolean;
  /** Reported even when nobody known has this name. */
  readonly standsAlone: boolean;
}

interface Names {
  readonly id: string;
  readonly names: readonly (readonly string[])[];
}

const LONGEST_NAME = 5;
const particles: ReadonlySet<string> = new Set([
  "von",
  "van",
  "der",
  "den",
  "de",
  "del",
  "della",
  "di",
  "da",
  "la",
  "le",
  "el",
  "al",
  "bin",
  "ibn",
  "y",
  "zu",
]);
const orders: ReadonlySet<string> = new Set([
  "pay",
  "send",
  "give",
  "wire",
  "owe",
  "transfer",
  "tip",
  "reimburse",
  "repay",
  "sned",
  "tranfer",
  "trasnfer",
  "paying",
  "sending",
  ..."schick schicke schicken sende senden uberweis uberweise uberweisen zahl zahle zahlen bezahl bezahle gib gebe".split(
    " ",
  ),
]);
/** Words behind which the receiver stands. */
const directions: ReadonlySet<string> = new Set(["to", "too", "an", "fur", "fuer", "onto"]);
/** Words in front of which the receiver stands. */
const receives: ReadonlySet<string> = new Set(["gets", "bekommt", "kriegt", "erhalt", "receives"]);
const determiners: ReadonlySet<string> = new Set(
  "my the our to for mein meine meinem meinen meiner die der dem den das sie es".split(" "),
);

function endsName(word: NameWord): boolean {
  return notNames.has(word.folded) || (everydayNames.has(word.folded) && !isCapitalized(word));
}

/** How many words from here on can be one name. */
function nameLength(words: readonly NameWord[], from: number): number {
  const capitalized = isCapitalized(words[from]);
  let length = 0;
  while (length < LONGEST_NAME) {
    const word = words[from + length];
    if (word === undefined || (length > 0 && !word.follows)) break;
    const isParticle = length > 0 && isNameParticle(word, words[from + length - 1]);
    if (!isParticle && (endsName(word) || (capitalized && !isCapitalized(word)))) break;
    length += 1;
  }
  return length;
}

/** "van der" and "von den" belong to names; "der" and "den" alone are articles. */
function isNameParticle(word: NameWord, before: NameWord | undefined): boolean {
  const isArticle = /^(?:der|den)$/u.test(word.folded) && !/^(?:von|van|in)$/u.test(before?.folded ?? "");
  return particles.has(word.folded) && !isArticle;
}

/** Where the name begins behind "to" or "pay": behind "my", and behind "brother" in "my brother Paul". */
function firstNameWord(words: readonly NameWord[], at: number): number {
  let from = at + 1;
  while (from < at + 3 && determiners.has(words[from]?.folded ?? "") && words[from]?.follows === true) from += 1;
  const [first, second] = [words[from], words[from + 1]];
  const describes = from > at + 1 && !isCapitalized(first) && isCapitalized(second) && second?.follows === true;
  return describes ? from + 1 : from;
}

/** Whether "to" stands here as in "send 50 to maria", not as in "I want to pay". */
function isDirection(words: readonly NameWord[], at: number): boolean {
  return (
    (at > 0 || (words[at]?.start ?? 0) > 0 || words[at]?.folded !== "to") &&
    directions.has(words[at]?.folded ?? "") &&
    !beforeInfinitive.has(words[at - 1]?.folded ?? "")
  );
}

function expectedRun(words: readonly NameWord[], at: number): Run | undefined {
  const key = words[at]?.folded ?? "";
  if (!directions.has(key) && !orders.has(key)) return undefined;
  const from = firstNameWord(words, at);
  const length = words[from]?.follows === true ? nameLength(words, from) : 0;
  if (length === 0) return undefined;
  const standsAlone =
    isCapitalized(words[from]) || isDirection(words, at) || (orders.has(key) && key.length > 3 && from > at + 1);
  return { from, next: from + length, expected: true, standsAlone };
}

/** Every stretch of words that may name a payee, without overlaps. */
function runsOf(words: readonly NameWord[]): readonly Run[] {
  const runs: Run[] = [];
  let at = 0;
  while (at < words.length) {
    const expected = expectedRun(words, at);
    const length =
      expected === undefined && (isCapitalized(words[at]) || isReceiving(words, at)) ? nameLength(words, at) : 0;
    if (expected !== undefined) runs.push(expected);
    else if (length > 0)
      runs.push({ from: at, next: at + length, expected: false, standsAlone: isReceiving(words, at + length - 1) });
    at = expected?.next ?? at + Math.max(length, 1);
  }
  return runs;
}

/** "Lindenhof gets 42 euros": the receiver stands in front. */
function isReceiving(words: readonly NameWord[], at: number): boolean {
  return words[at] !== undefined && words[at + 1]?.follows === true && receives.has(words[at + 1]?.folded ?? "");
}

function sameWords(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word, index) => word === right[index]);
}

/** A run fits a payee when it is the name, or when all of its words belong to it: "Maria Bianchi" is not Maria Rossi. */
function matchRun(
  words: readonly NameWord[],
  run: Run,
  known: readonly Names[],
): Pick<PayeeMention, "match" | "candidates"> {
  const folded = words.slice(run.from, run.next).map((word) => word.folded);
  const whole = known.filter(({ names }) => names.some((name) => sameWords(name, folded)));
  if (whole.length > 0) return { match: "name", candidates: whole.map(({ id }) => id) };
  const telling = folded.some((word) => word.length > 1 && !particles.has(word));
  const everyday = folded.length === 1 && everydayNames.has(folded[0] ?? "") && !run.expected;
  const some =
    telling && !everyday
      ? known.filter(({ names }) => names.some((name) => folded.every((word) => name.includes(word))))
      : [];
  return some.length > 0 ? { match: "words", candidates: some.map(({ id }) => id) } : { match: "none", candidates: [] };
}

/** Known names of two or more words count wherever they stand, in any case. */
function wholeNames(words: readonly NameWord[], known: readonly Names[]): readonly Run[] {
  const runs: Run[] = [];
  for (const at of words.keys()) {
    const found = known.flatMap(({ names }) => names.filter((name) => name.length > 1 && hasWordsAt(words, at, name)));
    const length = Math.max(0, ...found.map((name) => name.length));
    if (length > 0) runs.push({ from: at, next: at + length, expected: false, standsAlone: false });
  }
  return runs;
}

function disjoint(runs: readonly Run[], others: readonly Run[]): readonly Run[] {
  const taken = new Set(
    runs.flatMap(({ from, next }) => Array.from({ length: next - from }, (_, index) => from + index)),
  );
  const free = others.filter(({ from, next }) => {
    for (let at = from; at < next; at += 1) if (taken.has(at)) return false;
    return true;
  });
  return [...runs, ...free].toSorted((left, right) => left.from - right.from);
}

/** A capitalised run that goes on behind a known name names somebody else. */
function withoutLongerNames(words: readonly NameWord[], runs: readonly Run[]): readonly Run[] {
  return runs.filter(({ from, next }) => {
    const following = words[next];
    const goesOn = isCapitalized(words[from]) && isCapitalized(following) && following?.follows === true;
    return !goesOn || notNames.has(following.folded);
  });
}

/**
 * Finds whom a text names as payee: known payees wherever they are named, and unknown names where a payee is expected
 * ("to Greta Holm", "send Greta 50 euros"). Compared without case and accents.
 */
export function findPayeeMentions(text: string, payees: readonly KnownPayee[] = []): readonly PayeeMention[] {
  const words = nameWords(text);
  const known = payees.map(({ id, name, aliases = [] }) => ({ id, names: [name, ...aliases].map(foldName) }));
  const runs = disjoint(withoutLongerNames(words, wholeNames(words, known)), runsOf(words));
  return runs.flatMap((run) => {
    const { match, candidates } = matchRun(words, run, known);
    if (match === "none" && !run.standsAlone) return [];
    const start = words[run.from]?.start ?? 0;
    const end = words[run.next - 1]?.end ?? start;
    const literal = text.slice(start, end);
    return [{ kind: "payee" as const, start, end, literal, match, candidates, ambiguous: candidates.length > 1 }];
  });
}
