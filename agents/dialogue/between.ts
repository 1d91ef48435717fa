/** Which of two values stands where: "Giro -> Spar" and "Giro nach Spar" name first what it goes from. */
import type { DescribedTool } from "../../core/tool.ts";
import type { LanguageWords, Slot } from "../../core/teaching.ts";
import { isSpoken, wordsOf } from "../understanding/slots/words.ts";
import { allCues, formsOf } from "./cues.ts";

/** By the words between two values: the fields of the first and of the second. */
export type Betweens = ReadonlyMap<string, readonly [string, string]>;

const arrows: readonly (readonly [RegExp, string])[] = [
  [/[-=–—]*>+|[→⇒➔➜➝➡⟶»]\uFE0F?/gu, " → "],
  [/<+[-=–—]+|[←⇐⬅⟵«]\uFE0F?/gu, " ← "],
];
const isArrow = (form: string): boolean => form === "→" || form === "←";

let skipped: ReadonlySet<string> | undefined;

/** Words without a meaning of their own; what joins two values or leads one keeps its meaning. */
function isSkipped(form: string): boolean {
  if (skipped === undefined) {
    const joining = allCues().flatMap((cues) => [...cues.prepositions, ...cues.additions]);
    const kept = formsOf(joining.filter((phrase) => !phrase.includes(" ")));
    const small = formsOf(allCues().flatMap((cues) => [...cues.small, ...cues.closers]));
    skipped = new Set([...small].filter((one) => !kept.has(one)));
  }
  return skipped.has(form);
}

/** The words between two values as they are compared: arrows of all kinds are the same. */
export function wordsBetween(text: string): string {
  const plain = arrows.reduce((rest, [shape, arrow]) => rest.replaceAll(shape, arrow), text);
  return wordsOf(plain)
    .filter((word) => isArrow(word.form) || (isSpoken(word) && !isSkipped(word.form)))
    .map(({ form }) => form)
    .join(" ");
}

/** Learned from the sentences that ask, for fields that take values of the same kind; what stands both ways is left out. */
export function betweensOf(slots: DescribedTool["slots"], languages: readonly LanguageWords[]): Betweens {
  const found = new Map<string, readonly [string, string]>();
  const doubtful = new Set<string>();
  for (const { words, fields } of languages.flatMap(({ asks }) => asks.flatMap((ask) => betweensIn(ask, slots)))) {
    const before = found.get(words);
    if (before !== undefined && before[0] !== fields[0]) doubtful.add(words);
    found.set(words, fields);
  }
  return new Map([...found].filter(([words]) => words !== "" && !doubtful.has(words)));
}

interface Between {
  readonly words: string;
  readonly fields: readonly [string, string];
}

function betweensIn(ask: string, slots: DescribedTool["slots"]): readonly Between[] {
  const places = [...ask.matchAll(/\{(\w+)\}/gu)].filter(({ 1: field = "" }) => hasRival(field, slots));
  return places.slice(1).flatMap((place, index): readonly Between[] => {
    const before = places[index];
    const fields = [before?.[1] ?? "", place[1] ?? ""] as const;
    if (before === undefined || fields[0] === fields[1]) return [];
    const text = ask.slice(before.index + before[0].length, place.index).replaceAll(/\{\w+\}/gu, " ");
    return [{ words: wordsBetween(text), fields }];
  });
}

/** Whether a value of it may as well be one of another field. */
function hasRival(field: string, slots: DescribedTool["slots"]): boolean {
  const kinds = kindsOf(slots[field]);
  return Object.keys(slots).some(
    (other) => other !== field && kindsOf(slots[other]).some((kind) => kinds.includes(kind)),
  );
}

const kindsOf = (slot: Slot | undefined): readonly string[] => (slot === undefined ? [] : [slot.entity, ...slot.or]);
