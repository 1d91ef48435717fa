/** What is known of the values of a text before they are put together. */
import type { Json } from "../../../core/json.ts";
import type { Slot } from "../../../core/teaching.ts";
import { formOf, isSpoken, type Word } from "../../understanding/slots/words.ts";
import type { Betweens } from "../between.ts";
import { type Cues, leadingCue } from "../cues.ts";
import type { Mention } from "./mentions.ts";

/** What a text is grouped by. */
export interface Grouping {
  readonly text: string;
  readonly words: readonly Word[];
  readonly slots: Readonly<Record<string, Slot>>;
  /** Words that stand before the values of a field. */
  readonly leads: Readonly<Record<string, ReadonlySet<string>>>;
  readonly betweens: Betweens;
  readonly small: ReadonlySet<string>;
  readonly prepositions: ReadonlySet<string>;
  readonly cues: Cues;
  /** Of an order that is changed: whether the field's value is of one of these kinds, or takes nothing but them first. */
  readonly alike?: (field: string, kinds: readonly string[]) => boolean;
}

/** The value as a field of these kinds takes it. */
export function valueFor({ values }: Mention, { entity, or }: Slot): Json | undefined {
  const kind = [entity, ...or].find((one) => one in values);
  return kind === undefined ? undefined : values[kind];
}

/** The fields that take such a value. */
export function fittingFields(mention: Mention, { slots }: Grouping): readonly string[] {
  return Object.keys(slots).filter((field) => {
    const slot = slots[field];
    return slot !== undefined && valueFor(mention, slot) !== undefined;
  });
}

/** The word before it, and the fields whose values stand behind that. */
export function ledFields(mention: Mention, { slots, leads, words, small, prepositions }: Grouping) {
  const at = placeBefore(words, mention.from, small, prepositions);
  const lead = spokenAt(words, at);
  const ledBy = (said: string): readonly string[] =>
    Object.keys(leads).filter((field) => leads[field]?.has(said) === true && slots[field]?.entity !== "text");
  // "Out of" says what "of" does not.
  const both = ledBy(`${spokenAt(words, at - 1)} ${lead}`);
  return { lead, led: lead === undefined ? [] : both.length > 0 ? both : ledBy(lead) };
}

/** The word before, but for small ones between: "from my savings". */
export function leadBefore(
  words: readonly Word[],
  at: number,
  small: ReadonlySet<string>,
  prepositions: ReadonlySet<string>,
): string | undefined {
  return spokenAt(words, placeBefore(words, at, small, prepositions));
}

function placeBefore(
  words: readonly Word[],
  at: number,
  small: ReadonlySet<string>,
  prepositions: ReadonlySet<string>,
): number {
  let before = at - 1;
  const isSmall = (form: string): boolean => small.has(form) && !prepositions.has(form);
  while (before >= 0 && isSmall(words[before]?.form ?? "")) before -= 1;
  return before;
}

function spokenAt(words: readonly Word[], at: number): string | undefined {
  const word = words[at];
  return word !== undefined && isSpoken(word) ? word.form : undefined;
}

/** Whether both are the same value of some field. */
export function isSameValue(one: Mention, other: Mention, { slots }: Grouping): boolean {
  return Object.values(slots).some((slot) => {
    const [left, right] = [valueFor(one, slot), valueFor(other, slot)];
    return left !== undefined && JSON.stringify(left) === JSON.stringify(right);
  });
}

/** Words that are further from the later value take nothing back. */
const WORDS_BETWEEN = 200;

/** "50, no wait, 55": the later value counts. */
export function isCorrected(before: Mention, mention: Mention, { text, cues }: Grouping): boolean {
  const between = text.slice(Math.max(before.end, mention.start - WORDS_BETWEEN), mention.start);
  return startsOfWords(between).some((at) => leadingCue(between.slice(at), cues.replacements) !== undefined);
}

function startsOfWords(text: string): readonly number[] {
  return Array.from(text.matchAll(/(?<![\p{L}\p{N}])[\p{L}]/gu), ({ index }) => index);
}

/** So many characters before a value may say what is meant by it. */
const CHARACTERS_BEFORE = 80;

/** Whether one of these phrases stands before a place, but for small words between: "instead of the 20". */
export function standsBehind(
  start: number,
  phrases: readonly string[],
  { text, cues }: Pick<Grouping, "text" | "cues">,
): boolean {
  const before = formOf(text.slice(Math.max(0, start - CHARACTERS_BEFORE), start)).trimEnd();
  const small = new Set([...cues.prepositions, ...cues.small].map(formOf));
  let bare = before;
  for (let last = lastWord(bare); last !== undefined && small.has(last); last = lastWord(bare))
    bare = bare.slice(0, -last.length).trimEnd();
  return phrases.map(formOf).some((one) => [bare, before].some((words) => words === one || words.endsWith(` ${one}`)));
}

const lastWord = (text: string): string | undefined => /(?<=^|\s)\S+$/u.exec(text)?.[0];

/** A value with the words before it that reject it: what they say is said of nothing else. */
export function withRejection({ start, end }: Pick<Mention, "start" | "end">, { text, cues }: Grouping) {
  const from = Math.max(0, start - CHARACTERS_BEFORE);
  const before = startsOfWords(text.slice(from, start)).filter(
    (at) => leadingCue(text.slice(from + at, start), cues.rejections) !== undefined,
  );
  return { start: from + (before.at(-1) ?? start - from), end };
}
