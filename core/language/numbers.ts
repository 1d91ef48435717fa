import { type NumberConvention, numberConventionOf } from "./digits.ts";
import { readNumber } from "./number-words.ts";
import { type Span, spanOf } from "./span.ts";
import { tokenize } from "./tokens.ts";

/** A number that a text holds, in digits or in words. */
export interface NumberMention extends Span {
  /** The likeliest first; none where it cannot be read safely. */
  readonly readings: readonly number[];
  readonly ambiguous: boolean;
}

/** Finds every number of a text, in its order. */
export function findNumbers(text: string, convention?: NumberConvention): readonly NumberMention[] {
  const tokens = tokenize(text);
  const found: NumberMention[] = [];
  let at = 0;
  while (at < tokens.length) {
    const phrase = readNumber(tokens, at, convention);
    if (phrase !== undefined) {
      const readings = phrase.readings.map(({ digits, places }) => Number(digits) / 10 ** places);
      found.push({ ...spanOf(text, tokens, at, phrase.next), readings, ambiguous: phrase.ambiguous });
    }
    at = phrase?.next ?? at + 1;
  }
  return found;
}

/** Every number that a text holds, in each reading that it has. */
export function numbersIn(text: string, locale: string): readonly number[] {
  return findNumbers(text, numberConventionOf(locale)).flatMap(({ readings }) => readings);
}
