/** Figures with units: an amount, a share, a span of time that stands nowhere in the evidence is made up. */
import { z } from "zod";
import { findNumbers } from "../../core/language/index.ts";
import { minorPlacesOf } from "../../core/language/currencies.ts";
import { foldText } from "../../core/text/fold-text.ts";
import type { Evidence } from "./evidence.ts";
import moneyWords from "./language/money.json" with { type: "json" };
import unitWords from "./language/units.json" with { type: "json" };

const UNIT = unitWords
  .toSorted((left, right) => right.length - left.length)
  .map((unit) => unit.replaceAll(/[$()*+./?[\\\]^{|}]/gu, String.raw`\$&`))
  .join("|");
const AFTER = new RegExp(`^(?:[\\s\\u00a0*_\`-]{0,3})(?:${UNIT})(?![\\p{L}\\p{N}])`, "iu");
const BEFORE = /(?:[€$£¥₹₺]|(?<!\p{L})(?:EUR|USD|GBP|CHF|PLN))[\s\u00a0*_-]{0,2}$/u;
/** "One moment", "ein Tag": a single thing in words is no figure. */
const IN_DIGITS = /\d/u;

const Amount = z.looseObject({ minor: z.number(), currency: z.string().regex(/^[A-Z]{3}$/u) });

/** Every number that may be said with a unit. */
export function knownFigures({
  said,
  answered,
  values,
}: Pick<Evidence, "said" | "answered" | "values">): ReadonlySet<number> {
  const known = new Set<number>();
  // What was said before was checked as this answer is: only where a figure needed evidence is it evidence itself.
  for (const number of [...answered.flatMap(figuresIn), ...said.flatMap(readingsIn)]) known.add(number);
  const waiting: unknown[] = [...values];
  for (let next = waiting.pop(), left = MOST_VALUES; next !== undefined && left > 0; next = waiting.pop(), left -= 1) {
    if (typeof next === "number") addNumber(known, next);
    else if (typeof next === "string") for (const number of readingsIn(next)) known.add(number);
    else if (Array.isArray(next)) waiting.push(...next);
    else if (typeof next === "object" && next !== null) {
      const amount = Amount.safeParse(next).data;
      if (amount) known.add(rounded(Math.abs(amount.minor) / 10 ** minorPlacesOf(amount.currency)));
      waiting.push(...Object.values(next).filter((inner) => inner !== undefined && inner !== null));
    }
  }
  return known;
}

const MOST_VALUES = 20_000;

/** Figures of a sentence that are not known: those with units, and each one where it speaks of money. */
export function unknownFigures(sentence: string, known: ReadonlySet<number>): readonly string[] {
  return figuresOf(sentence).flatMap(({ words, readings }) =>
    readings.some((reading) => known.has(rounded(Math.abs(reading)))) ? [] : [words],
  );
}

function figuresOf(sentence: string): readonly { readonly words: string; readonly readings: readonly number[] }[] {
  // Digits of every script are read, and one number at a time.
  const plain = foldText(sentence.replaceAll(CITATION, (marker) => " ".repeat(marker.length))).text;
  const isOfMoney = MONEY.test(plain);
  return findNumbers(plain.replaceAll(DATE, (date) => " ".repeat(date.length))).flatMap(({ start, end, readings }) => {
    const words = plain.slice(start, end);
    const hasUnit = AFTER.test(plain.slice(end, end + 24)) || BEFORE.test(plain.slice(Math.max(0, start - 8), start));
    if (!hasUnit && !(isOfMoney && isAmountLike(words))) return [];
    if (!IN_DIGITS.test(words) && readings.every((reading) => reading === 1)) return [];
    return [{ words, readings }];
  });
}

const CITATION = /\[\d{1,3}(?:\s*,\s*\d{1,3})*\]/gu;
/** Of these a number says how much, also without a unit. */
const MONEY = new RegExp(
  `(?<!\\p{L})(?:${moneyWords.map((word) => word.replaceAll(" ", "\\s+")).join("|")})(?!\\p{L})`,
  "iu",
);

/** Cents or groups of thousands, or four digits and more: no step, page, day or year. */
function isAmountLike(words: string): boolean {
  return (
    !/^(?:19|20)\d\d$/u.test(words.trim()) &&
    /^\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?$|^\d+[.,]\d{1,2}$|^\d{4,}$/u.test(words.trim())
  );
}

function figuresIn(text: string): readonly number[] {
  return figuresOf(text).flatMap(({ readings }) => readings.map((reading) => rounded(Math.abs(reading))));
}

function addNumber(known: Set<number>, value: number): void {
  const size = Math.abs(value);
  known.add(rounded(size));
  // A share of one is said in per cent.
  if (size < 1) known.add(rounded(size * 100));
}

function readingsIn(text: string): readonly number[] {
  return findNumbers(text.replaceAll(DATE, " ")).flatMap(({ readings }) =>
    readings.map((reading) => rounded(Math.abs(reading))),
  );
}

/** The parts of a date are no amounts. */
const DATE = /\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/gu;

/** Figures are compared to a millionth, far below any that is said. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
