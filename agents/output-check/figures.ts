/** Figures with units: an amount, a share, a span of time that stands nowhere in the evidence is made up. */
import { z } from "zod";
import { findNumbers } from "../../core/language/index.ts";
import { minorPlacesOf } from "../../core/language/currencies.ts";
import type { Evidence } from "./evidence.ts";
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
export function knownFigures({ said, values }: Pick<Evidence, "said" | "values">): ReadonlySet<number> {
  const known = new Set<number>();
  for (const text of said) for (const number of readingsIn(text)) known.add(number);
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

/** Figures with units of a sentence that are not known. */
export function unknownFigures(sentence: string, known: ReadonlySet<number>): readonly string[] {
  const plain = sentence.replaceAll(/\[\d{1,3}(?:\s*,\s*\d{1,3})*\]/gu, (marker) => " ".repeat(marker.length));
  return findNumbers(plain).flatMap(({ start, end, readings }) => {
    const words = plain.slice(start, end);
    const hasUnit = AFTER.test(plain.slice(end, end + 24)) || BEFORE.test(plain.slice(Math.max(0, start - 8), start));
    if (!hasUnit || readings.length === 0) return [];
    if (!IN_DIGITS.test(words) && readings.every((reading) => reading === 1)) return [];
    return readings.some((reading) => known.has(rounded(Math.abs(reading)))) ? [] : [words];
  });
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
