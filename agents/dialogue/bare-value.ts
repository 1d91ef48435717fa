/** A value that is nothing but words of its own, for fields of free text. */
import type { FilledSlot } from "../../core/dialogue.ts";
import { findEntities } from "../understanding/slots/entities.ts";
import { formOf, isSpoken, type Word, wordsOf } from "../understanding/slots/words.ts";
import { type Cues, smallWords } from "./cues.ts";
import type { AskedTool, Hearing } from "./step.ts";

export const LONGEST_VALUE_WORDS = 6;

/** The first value of a short text: what stands between small words, marks and other values. */
export function bareValue(text: string, { cues, options }: Hearing): FilledSlot | undefined {
  const words = wordsOf(text, findEntities(text, options.entities));
  const isValue = (word: Word | undefined): boolean =>
    word !== undefined && isSpoken(word) && !word.form.startsWith("<") && !isSmall(word.form, cues);
  const from = words.findIndex(isValue);
  if (from < 0) return undefined;
  // "Isle of Skye": a preposition inside a name.
  const prepositions = new Set(cues.prepositions.map(formOf));
  const goesOn = (at: number): boolean =>
    isValue(words[at]) || (prepositions.has(words[at]?.form ?? "") && words[at + 1]?.isCapital === true);
  let next = from + 1;
  while (goesOn(next)) next += 1;
  const [start, end] = [words[from]?.start ?? 0, words[next - 1]?.end ?? 0];
  if (next - from > LONGEST_VALUE_WORDS) return undefined;
  const literal = text.slice(start, end);
  return { value: literal, literal, source: "own" };
}

const LONGEST_LED_WORDS = 3;

/**
 * "by month": a word that leads the values of one field of free text alone, and the few words behind it. None for what has
 * effects.
 */
export function ledValue(
  text: string,
  { slots, leads, hasEffects }: AskedTool,
): Readonly<Record<string, FilledSlot>> | undefined {
  const [lead, ...words] = wordsOf(text).filter(isSpoken);
  const [first, last] = [words[0], words.at(-1)];
  const fields = Object.keys(slots).filter((field) => leads[field]?.has(lead?.form ?? "") === true);
  const [field, ...others] = fields;
  const isOne = !hasEffects && field !== undefined && others.length === 0 && slots[field]?.entity === "text";
  if (!isOne || first === undefined || last === undefined || words.length > LONGEST_LED_WORDS) return undefined;
  const literal = text.slice(first.start, last.end);
  return { [field]: { value: literal, literal, source: "own" } };
}

/** Words of phrases that carry on, and words without a meaning of their own. */
export function isSmall(form: string, cues: Cues): boolean {
  return smallWords(cues).has(form);
}
