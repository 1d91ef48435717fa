/** Parts of units, and the one place that tries every way of naming a day or unit. */
import { civilDay, partsOf, unitAround, type DayRange } from "./civil-date.ts";
import { calendarReaders } from "./date-calendar.ts";
import {
  fixed,
  inYear,
  numberAt,
  relativeUnit,
  skip,
  skipOf,
  yearAt,
  type DateContext,
  type Point,
  type PointReader,
} from "./date-point.ts";
import { relativeReaders } from "./date-relative.ts";
import { plays, peek } from "./date-tokens.ts";

/** "Q3 2025", "the third quarter", "last quarter" is read elsewhere. */
const quarter: PointReader = (context, at) => {
  const { tokens } = context;
  const { quarter: coded, word, marked, digits } = peek(tokens, at);
  const ordinal = word.ordinal ?? (marked === true ? digits : undefined);
  const named = peek(tokens, at + 1).word.unit === "quarter" ? ordinal : undefined;
  const which = coded ?? named ?? (isLastQuarterOfYear(context, at) ? 4 : undefined);
  if (which === undefined || which > 4 || which < 1) return undefined;
  const rangeIn = (year: number): DayRange => unitAround(civilDay(year, which * 3, 1), "quarter");
  return inYear(context, coded === undefined ? at + 2 : at + 1, { grain: "quarter", rangeIn });
};

function isLastQuarterOfYear(context: DateContext, at: number): boolean {
  const { tokens } = context;
  const isLast = peek(tokens, at).word.edge === "last" && peek(tokens, at + 1).word.unit === "quarter";
  return isLast && plays(tokens[at + 2], "of") && yearAt(context, at + 2) !== undefined;
}

/** "first half of 2026", "second half of October", "erste Januarhälfte", "zweites Halbjahr". */
const half: PointReader = (context, at) => {
  const { tokens } = context;
  const coded = peek(tokens, at).halfYear;
  const which = coded ?? peek(tokens, at).word.ordinal;
  if (which === undefined || which > 2) return undefined;
  const yearly = { grain: "range", rangeIn: (year: number) => halfOfYear(year, which) } as const;
  if (coded !== undefined) return inYear(context, at + 1, yearly);
  const { half: kind, month } = peek(tokens, at + 1).word;
  if (kind === undefined) return undefined;
  if (kind === "half-year") return inYear(context, at + 2, yearly);
  if (month === undefined) return halfOfUnit(unitNamed(context, skipOf(context, at + 2)), which);
  return inYear(context, at + 2, { grain: "range", rangeIn: (year) => halfOfMonth(year, month, which) });
};

function halfOfUnit(whole: Point | undefined, which: number): Point | undefined {
  if (whole?.grain !== "month" && whole?.grain !== "year") return undefined;
  const ranges = whole.ranges.map(({ first }) => {
    const { year, month } = partsOf(first);
    return whole.grain === "month" ? halfOfMonth(year, month, which) : halfOfYear(year, which);
  });
  return { ...whole, grain: "range", ranges };
}

function halfOfMonth(year: number, month: number, which: number): DayRange {
  const { first, last } = unitAround(civilDay(year, month, 1), "month");
  return which === 1 ? { first, last: first + 14 } : { first: first + 15, last };
}

function halfOfYear(year: number, which: number): DayRange {
  return which === 1
    ? { first: civilDay(year, 1, 1), last: civilDay(year, 6, 30) }
    : { first: civilDay(year, 7, 1), last: civilDay(year, 12, 31) };
}

/** "last day of October", "first 10 days of May", "end of the month", "Anfang Oktober". */
const edge: PointReader = (context, at) => {
  const side = peek(context.tokens, at).word.edge;
  if (side === undefined) return undefined;
  const isEnd = side === "last" || side === "end";
  const named = side === "first" || side === "last" ? countedDays(context, at + 1) : edgeOf(context, at, side);
  const whole = named === undefined ? undefined : unitNamed(context, named.next);
  if (named === undefined || whole === undefined || !hasDays(whole)) return undefined;
  const last = named.count - 1;
  const ranges = whole.ranges.map((range) => daysAt(range, isEnd, last));
  const vague = isVague(side, context);
  return { ...whole, ranges, grain: named.count === 1 ? "day" : "range", ...(vague && { vague }) };
};

/** "Early October"; looking back, "the end of October" is no single day either. */
function isVague(side: string, { direction }: DateContext): boolean {
  return side === "start" || side === "middle" || (side === "end" && direction === "past");
}

/** "The last day of yesterday" is nothing that people say. */
function hasDays({ grain }: Point): boolean {
  return grain !== "day" && grain !== "range";
}

function daysAt({ first, last }: DayRange, isEnd: boolean, more: number): DayRange {
  return isEnd ? { first: Math.max(first, last - more), last } : { first, last: Math.min(last, first + more) };
}

interface Counted {
  readonly count: number;
  /** Where the unit begins that the days are of. */
  readonly next: number;
}

/** "day of", "10 days of", "Tag im". */
function countedDays(context: DateContext, at: number): Counted | undefined {
  const { tokens } = context;
  const number = peek(tokens, at).word.unit === "day" ? { value: 1, next: at } : numberAt(context, at);
  if (number === undefined || peek(tokens, number.next).word.unit !== "day") return undefined;
  const behind = number.next + 1;
  const next = skipOf(context, behind);
  const isOf = next > behind || /^(?:des|im|in|vom|of)$/u.test(peek(tokens, behind).lower);
  return isOf ? { count: number.value, next } : undefined;
}

/** "end of", "Anfang", "mid-". */
function edgeOf(context: DateContext, at: number, side: string): Counted | undefined {
  const isDays = countedDays(context, at + 1) !== undefined;
  const behind = side === "middle" && peek(context.tokens, at + 1).dash === true ? at + 2 : at + 1;
  return isDays ? undefined : { count: 1, next: skipOf(context, behind) };
}

/** Like any point, and "the month" for the current one. */
function unitNamed(context: DateContext, at: number): Point | undefined {
  const unit = peek(context.tokens, at).word.unit;
  if (unit !== undefined && unit !== "day" && plays(context.tokens[at - 1], "article")) {
    return fixed(at + 1, unit, relativeUnit(context.today, unit, 0));
  }
  return pointAt(context, at);
}

/** The ways of naming a day or unit, the most specific first. */
const readers: readonly PointReader[] = [edge, quarter, half, ...relativeReaders, ...calendarReaders];

/** The day or unit that begins at a token. */
export function pointAt(context: DateContext, at: number): Point | undefined {
  const from = skip(context, at, "article");
  for (const start of new Set([from, at])) {
    for (const read of readers) {
      const point = read(context, start);
      if (point !== undefined) return point;
    }
  }
  return undefined;
}
