/** What the readers of days and units share. */
import { addUnits, partsOf, unitAround, type CalendarUnit, type CivilDay, type DayRange } from "./civil-date.ts";
import { germanNumber } from "./german-numbers.ts";
import { plays, type DateToken, peek } from "./date-tokens.ts";
import type { DateDirection } from "./word.ts";

/** What dates are relative to. */
export interface DateContext {
  readonly tokens: readonly DateToken[];
  readonly today: CivilDay;
  readonly direction: DateDirection;
}

/** A day or unit that was read. */
export interface Point {
  /** Index of the token behind it. */
  readonly next: number;
  /** Finished: every reading, the likeliest first. Open: every day it may be, in order. None: there is no such day. */
  readonly ranges: readonly DayRange[];
  readonly open: boolean;
  readonly grain: CalendarUnit | "range";
  /** The words are vague as they stand ("early October"): fine as an end of a range only. */
  readonly vague?: boolean;
}

export type PointReader = (context: DateContext, at: number) => Point | undefined;

const YEARS_AROUND = 9;
/** "of the whole last year": no more small words than this stand in a row. */
const MOST_SKIPPED = 3;

export function fixed(next: number, grain: Point["grain"], ...ranges: readonly (DayRange | undefined)[]): Point {
  return { next, grain, open: false, ranges: ranges.filter((range) => range !== undefined) };
}

export function open(next: number, grain: Point["grain"], candidates: readonly (DayRange | undefined)[]): Point {
  return { next, grain, open: true, ranges: candidates.filter((range) => range !== undefined) };
}

export function everyYear(
  today: CivilDay,
  rangeIn: (year: number) => DayRange | undefined,
): readonly (DayRange | undefined)[] {
  const { year } = partsOf(today);
  return Array.from({ length: 2 * YEARS_AROUND + 1 }, (_, index) => rangeIn(year - YEARS_AROUND + index));
}

/** The unit that contains today, moved by some units: `-1` is the last one. */
export function relativeUnit(today: CivilDay, unit: CalendarUnit, offset: number): DayRange {
  const anchor = unit === "week" || unit === "day" ? today : unitAround(today, unit).first;
  return unitAround(addUnits(anchor, offset, unit), unit);
}

export function skip(context: DateContext, at: number, role: "article" | "of"): number {
  let next = at;
  while (
    next < at + MOST_SKIPPED &&
    plays(context.tokens[next], role) &&
    peek(context.tokens, next).word.ordinal === undefined
  )
    next += 1;
  return next;
}

export function skipOf(context: DateContext, at: number): number {
  const behind = skip(context, at, "of");
  return skip(context, behind, "article");
}

/** A number in digits or words: "5", "5th", "five", "twenty nine", "twenty-ninth". */
export function numberAt({ tokens }: DateContext, at: number): NumberInDate | undefined {
  const { digits, marked, word, lower } = peek(tokens, at);
  if (digits !== undefined) return { value: digits, next: at + 1, ordinal: marked === true };
  if (word.ordinal !== undefined && word.number === undefined)
    return { value: word.ordinal, next: at + 1, ordinal: true };
  if (word.number === undefined) return undefined;
  const whole = withOnes(tokens, at, word.number);
  if (whole !== undefined) return whole;
  const isCouple = lower === "couple" && plays(tokens[at + 1], "of");
  return { value: word.number, next: at + (isCouple ? 2 : 1), ordinal: word.ordinal !== undefined };
}

/** A number within a date. */
export interface NumberInDate {
  readonly value: number;
  readonly next: number;
  readonly ordinal: boolean;
}

/** "twenty nine", "twenty-ninth". */
function withOnes(tokens: readonly DateToken[], at: number, tens: number): NumberInDate | undefined {
  const behind = peek(tokens, at + 1).dash === true ? at + 2 : at + 1;
  const { number, ordinal } = peek(tokens, behind).word;
  const ones = number ?? ordinal;
  if (tens < 20 || tens % 10 !== 0 || ones === undefined || ones > 9) return undefined;
  return { value: tens + ones, next: behind + 1, ordinal: ordinal !== undefined };
}

export function yearDigits(token: DateToken | undefined): number | undefined {
  const year = token?.digits;
  return year !== undefined && token?.text.length === 4 && year >= 1900 && year <= 2199 ? year : undefined;
}

/** "October '25". */
function shortYear({ tokens }: DateContext, at: number): { readonly year: number; readonly next: number } | undefined {
  const { digits, text } = peek(tokens, at + 1);
  const isShort = /^['’]$/u.test(peek(tokens, at).text) && digits !== undefined && text.length === 2;
  return isShort ? { year: 2000 + digits, next: at + 2 } : undefined;
}

/** "two thousand and twenty five", "twenty twenty-five", "zweitausendfünfundzwanzig". */
function spokenYear(context: DateContext, at: number): SpokenYear | undefined {
  const whole = germanNumber(peek(context.tokens, at).lower);
  if (whole !== undefined && whole >= 1900 && whole <= 2199) return { year: whole, next: at + 1 };
  const first = peek(context.tokens, at).word.number;
  if (first === 2 && peek(context.tokens, at + 1).lower === "thousand") return afterThousand(context, at + 2);
  const rest = numberAt(context, at + 1);
  const isYear = (first === 20 || first === 19) && rest !== undefined && rest.value > 9 && rest.value < 100;
  return isYear ? { year: first * 100 + rest.value, next: rest.next } : undefined;
}

interface SpokenYear {
  readonly year: number;
  readonly next: number;
}

function afterThousand(context: DateContext, at: number): SpokenYear {
  const rest = numberAt(context, plays(context.tokens[at], "and") ? at + 1 : at);
  return rest === undefined || rest.value > 99
    ? { year: 2000, next: at }
    : { year: 2000 + rest.value, next: rest.next };
}

/** A year behind a month or quarter: "2025", ", 2025", "of last year", "letzten Jahres". */
export function yearAt(context: DateContext, at: number): { readonly year: number; readonly next: number } | undefined {
  const { tokens, today } = context;
  const short = shortYear(context, at);
  if (short !== undefined) return short;
  const behind = peek(tokens, at).text === "," ? at + 1 : skipOf(context, at);
  const year = yearDigits(tokens[behind]);
  if (year !== undefined) return { year, next: behind + 1 };
  const spoken = spokenYear(context, behind);
  if (spoken !== undefined) return spoken;
  const offset = peek(tokens, behind).word.offset;
  const isYear = peek(tokens, behind + 1).word.unit === "year";
  if (isYear && offset !== undefined) return { year: partsOf(today).year + offset, next: behind + 2 };
  const isThe =
    behind > at && peek(tokens, behind).word.unit === "year" && yearDigits(tokens[behind + 1]) !== undefined;
  return isThe ? { year: yearDigits(tokens[behind + 1]) ?? 0, next: behind + 2 } : undefined;
}

/** A unit within a year that may be named behind it. */
export function inYear(
  context: DateContext,
  at: number,
  { grain, rangeIn }: { readonly grain: Point["grain"]; readonly rangeIn: (year: number) => DayRange | undefined },
): Point {
  const named = yearAt(context, at);
  if (named !== undefined) return fixed(named.next, grain, rangeIn(named.year));
  return open(at, grain, everyYear(context.today, rangeIn));
}
