/** Several orders in one sentence: which values belong together. */
import type { Json } from "../../../core/json.ts";
import type { Slot } from "../../../core/teaching.ts";
import type { Word } from "../../understanding/slots/words.ts";
import { formOf, isSpoken } from "../../understanding/slots/words.ts";
import { type Cues, leadingCue } from "../cues.ts";
import { clausesOf } from "./left-over.ts";
import type { Mention } from "./mentions.ts";

/** The values of one order by field. */
export type Part = ReadonlyMap<string, Mention>;

/** What a text is grouped by. */
export interface Grouping {
  readonly text: string;
  readonly words: readonly Word[];
  readonly slots: Readonly<Record<string, Slot>>;
  /** Words that stand before the values of a field. */
  readonly leads: Readonly<Record<string, ReadonlySet<string>>>;
  readonly small: ReadonlySet<string>;
  readonly prepositions: ReadonlySet<string>;
  readonly cues: Cues;
}

/** The orders of a text. */
export interface Parts {
  /** In the order in which they were said. */
  readonly parts: readonly Part[];
  /** Places that belong to none of them: a value taken back, somebody who gets nothing. */
  readonly void: readonly { readonly start: number; readonly end: number }[];
  /** The fields that several orders share without a word that says so. */
  readonly unclear?: { readonly field: string; readonly start: number; readonly end: number };
}

/** Puts the values together: a further value of a field begins a further order. */
export function partsOf(mentions: readonly Mention[], grouping: Grouping): Parts {
  const parts: Map<string, Mention>[] = [new Map()];
  const taken: { start: number; end: number }[] = [];
  for (const mention of mentions) {
    const current = parts.at(-1) ?? new Map<string, Mention>();
    const field = fieldOf(mention, current, grouping);
    if (field === undefined) continue;
    const before = current.get(field);
    if (isRejected(mention, grouping)) taken.push(mention);
    else if (before === undefined) current.set(field, mention);
    else if (isCorrected(before, mention, grouping)) {
      taken.push({ start: before.end, end: mention.start }, before);
      current.set(field, mention);
    } else if (!isSameValue(before, mention, grouping) || isWhole(current, grouping)) {
      parts.push(new Map([[field, mention]]));
    }
  }
  const { kept, left } = withoutNothing(withoutRepetition(parts, grouping), grouping);
  return { ...sharing(kept, grouping), void: [...taken, ...left] };
}

const isWhole = (part: Part, { slots }: Grouping): boolean =>
  Object.keys(slots).every((field) => slots[field]?.required !== true || part.has(field));

/** "Send Jana 20, yes 20": the last values say nothing new. */
function withoutRepetition(parts: readonly Part[], grouping: Grouping): readonly Part[] {
  const [before, last] = parts.slice(-2);
  if (before === undefined || last === undefined || isWhole(last, grouping)) return parts;
  const isSaid = [...last].every(([field, one]) => {
    const former = before.get(field);
    return former !== undefined && isSameValue(former, one, grouping);
  });
  return isSaid ? parts.slice(0, -1) : parts;
}

/** The value as a field of these kinds takes it. */
export function valueFor({ values }: Mention, { entity, or }: Slot): Json | undefined {
  const kind = [entity, ...or].find((one) => one in values);
  return kind === undefined ? undefined : values[kind];
}

/** Which field it fills: the word before it decides, else the first that is free. */
function fieldOf(
  mention: Mention,
  part: Part,
  { slots, leads, words, small, prepositions }: Grouping,
): string | undefined {
  const fitting = Object.keys(slots).filter((field) => {
    const slot = slots[field];
    return slot !== undefined && valueFor(mention, slot) !== undefined;
  });
  const lead = leadBefore(words, mention.from, small, prepositions);
  const led = Object.keys(leads).filter(
    (field) => lead !== undefined && leads[field]?.has(lead) === true && slots[field]?.entity !== "text",
  );
  const ledFitting = fitting.filter((field) => led.includes(field));
  if (ledFitting.length === 1) return ledFitting[0];
  // "20 from Jana": that is another field, which takes no such value.
  const isElsewhere = led.length > 0 && ledFitting.length === 0 && prepositions.has(lead ?? "");
  if (isElsewhere && fitting.length > 0 && isNamed(mention)) return undefined;
  return fitting.find((field) => !part.has(field)) ?? fitting[0];
}

const isNamed = ({ source }: Mention): boolean => source === "known";

/** The word before, but for small ones between: "from my savings". */
export function leadBefore(
  words: readonly Word[],
  at: number,
  small: ReadonlySet<string>,
  prepositions: ReadonlySet<string>,
): string | undefined {
  let before = at - 1;
  const isSmall = (form: string): boolean => small.has(form) && !prepositions.has(form);
  while (before >= 0 && isSmall(words[before]?.form ?? "")) before -= 1;
  const word = words[before];
  return word !== undefined && isSpoken(word) ? word.form : undefined;
}

function isSameValue(one: Mention, other: Mention, { slots }: Grouping): boolean {
  return Object.values(slots).some((slot) => {
    const [left, right] = [valueFor(one, slot), valueFor(other, slot)];
    return left !== undefined && JSON.stringify(left) === JSON.stringify(right);
  });
}

/** "50, no wait, 55": the later value counts. */
function isCorrected(before: Mention, mention: Mention, { text, cues }: Grouping): boolean {
  const between = text.slice(before.end, mention.start);
  return startsOfWords(between).some((at) => leadingCue(between.slice(at), cues.replacements) !== undefined);
}

/** "not Emre", "instead of 20". */
function isRejected({ start }: Mention, { text, cues }: Grouping): boolean {
  const before = formOf(text.slice(0, start)).trimEnd();
  const small = [...cues.prepositions, ...cues.small].map(formOf);
  const bare = small.reduce(
    (rest, word) => (rest.endsWith(` ${word}`) ? rest.slice(0, -word.length - 1) : rest),
    before,
  );
  return cues.rejections
    .map(formOf)
    .some((one) => bare === one || bare.endsWith(` ${one}`) || before.endsWith(` ${one}`));
}

function startsOfWords(text: string): readonly number[] {
  return Array.from(text.matchAll(/(?<![\p{L}\p{N}])[\p{L}]/gu), ({ index }) => index);
}

/** Who gets nothing is no order: "nothing for Jana this time". */
function withoutNothing(parts: readonly Part[], grouping: Grouping) {
  const { text, cues, slots } = grouping;
  const required = Object.keys(slots).filter((field) => slots[field]?.required === true);
  const nothing = new Set(cues.nothing.map(formOf));
  const clauses = clausesOf(text);
  const left: { start: number; end: number }[] = [];
  const kept = parts.filter((part) => {
    if (part.size === 0 || required.every((field) => part.has(field))) return true;
    const clause = clauses.find(({ start, end }) =>
      [...part.values()].every((one) => one.start >= start && one.end <= end),
    );
    const words = clause === undefined ? [] : formOf(text.slice(clause.start, clause.end)).split(/[^\p{L}]+/u);
    if (clause === undefined || !words.some((word) => nothing.has(word))) return true;
    left.push(clause);
    return false;
  });
  return { kept: kept.length === 0 && left.length === 0 ? parts : kept, left };
}

/** What is said once for all of them: "25 each", "all from savings". */
function sharing(parts: readonly Part[], grouping: Grouping): Pick<Parts, "parts" | "unclear"> {
  if (parts.length < 2) return { parts };
  const { slots, text, cues } = grouping;
  const words = new Set(formOf(text).split(/[^\p{L}']+/u));
  const isApiece = cues.apiece.some((one) => words.has(formOf(one)));
  let filled = parts;
  let unclear: Parts["unclear"];
  for (const [field, { required }] of Object.entries(slots)) {
    const given = parts.flatMap((part) => part.get(field) ?? []);
    const [only, ...others] = given;
    if (only === undefined || others.length > 0) continue;
    if (required ? isApiece : isOutside(only, parts, slots))
      filled = filled.map((part) => new Map(part).set(field, only));
    else if (required && isShared(only, parts)) unclear = { field: otherOf(field, parts), ...around(parts) };
  }
  return unclear === undefined ? { parts: filled } : { parts: filled, unclear };
}

/** Before all values that are needed, or behind them. */
function isOutside({ start }: Mention, parts: readonly Part[], slots: Grouping["slots"]): boolean {
  const needed = parts.flatMap((part) =>
    [...part].flatMap(([field, one]) => (slots[field]?.required === true ? [one] : [])),
  );
  return needed.every((one) => one.start > start) || needed.every((one) => one.start < start);
}

/** "20 to Jana and Emre": the one value stands before or behind all others; "Jana 20 and Emre" leaves one open. */
function isShared({ start }: Mention, parts: readonly Part[]): boolean {
  const others = parts.flatMap((part) => [...part.values()]).filter((one) => one.start !== start);
  return others.every((one) => one.start > start) || others.every((one) => one.start < start);
}

function otherOf(field: string, parts: readonly Part[]): string {
  return parts.flatMap((part) => [...part.keys()]).find((one) => one !== field) ?? field;
}

function around(parts: readonly Part[]) {
  const all = parts.flatMap((part) => [...part.values()]);
  return { start: Math.min(...all.map(({ start }) => start)), end: Math.max(...all.map(({ end }) => end)) };
}
