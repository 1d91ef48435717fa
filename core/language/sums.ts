import type { Money } from "../money.ts";
import type { AmountMention } from "./sum.ts";

/** A range of sums; both ends are included. */
export type Sums = {
  readonly least?: Money;
  readonly most?: Money;
};

/** How far before a sum the words stand that make it an end of a range. */
const WORDS_BEFORE = 24;
const negated =
  /(?<!\p{L})(?:not|no|nicht|never|nie) (?:over|above|more than|greater than|mehr als|über|ueber|größer als)\s*$/iu;
const over =
  /(?<!\p{L})(?:over|above|more than|greater than|bigger than|larger than|higher than|exceeding|beyond|mehr als|über|ueber|größer als|groesser als|höher als|oberhalb(?: von)?|>)\s*$/iu;
const atLeast = /(?<!\p{L})(?:at least|from|starting at|minimum|min\.?|mindestens|wenigstens|ab|>=|≥)\s*$/iu;
const under =
  /(?<!\p{L})(?:under|below|less than|smaller than|cheaper than|lower than|unter|weniger als|kleiner als|unterhalb(?: von)?|<)\s*$/iu;
const atMost = /(?<!\p{L})(?:at most|up to|no more than|maximum|max\.?|höchstens|maximal|bis(?: zu)?|<=|≤)\s*$/iu;
const orMore = /^\s*(?:or more|and (?:up|more|above)|plus|\+|oder mehr|und mehr|aufwärts)(?!\p{L})/iu;
const orLess = /^\s*(?:or (?:less|under)|oder weniger)(?!\p{L})/iu;

/** "over 100 euros", "höchstens 20": which sums are meant where a sum stands in a text; exactly it where nothing is said. */
export function sumsAt(text: string, { start, end, minor, currency }: AmountMention): Sums {
  const before = text.slice(Math.max(0, start - WORDS_BEFORE), start);
  const behind = text.slice(end, end + WORDS_BEFORE);
  const of = (cents: number): Money => ({ minor: cents, currency });
  if (negated.test(before) || atMost.test(before) || orLess.test(behind)) return { most: of(minor) };
  if (over.test(before)) return { least: of(minor + 1) };
  if (atLeast.test(before) || orMore.test(behind)) return { least: of(minor) };
  if (under.test(before)) return { most: of(minor - 1) };
  return { least: of(minor), most: of(minor) };
}
