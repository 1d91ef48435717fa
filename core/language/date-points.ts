/** Parts of units, and the one place that tries every way of naming a day or unit. */
import { civilDay, partsOf, unitAround, type CivilDay, type DayRange } from "./civil-date.ts";
import { calendarReaders } from "./date-calendar.ts";
import {
  everyYear,
  fixed,
  inYear,
  numberAt,
  open,
  relativeUnit,
  skip,
  skipOf,
  yearAt,
  type DateContext,
  type Point,
  type PointReader,
} from "./date-point.ts";
import { relativeReaders } from "./date-relative.ts";
import { spokenReaders, unitOf } from "./date-spoken.ts";
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

/** "Christmas", "new year", "Neujahr": the same days of every year. */
const feast: PointReader = (context, at) => {
  const { tokens, today } = context;
  const isNewYear = peek(tokens, at).lower === "new" && peek(tokens, at + 1).word.unit === "year";
  const named = isNewYear ? { month: 1, day: 1 } : peek(tokens, at).word.feast;
  if (named === undefined) return undefined;
  const { month, day, days = 1 } = named;
  const rangeIn = (year: number): DayRange => ({
    first: civilDay(year, month, day),
    last: civilDay(year, month, day) + days - 1,
  });
  const next = isNewYear ? at + 2 : at + 1;
  const point = inYear(context, next, { grain: days === 1 ? "day" : "range", rangeIn });
  return point.open ? open(next, point.grain, everyYear(today, rangeIn)) : point;
};

/** "Vormonat", "heuer", "Jahresbeginn", "year to date". */
const whole: PointReader = (context, at) => {
  const { tokens, today } = context;
  const { whole: unit, offset = 0, edge: side } = peek(tokens, at).word;
  const isToDate =
    /^(?:year|quarter|month|week)$/u.test(peek(tokens, at).lower) && /^to$/u.test(peek(tokens, at + 1).lower);
  const named = peek(tokens, at).word.unit;
  if (isToDate && named !== undefined && peek(tokens, at + 2).lower === "date") {
    return fixed(at + 3, "range", { first: relativeUnit(today, named, 0).first, last: today });
  }
  if (unit === undefined) return undefined;
  const range = relativeUnit(today, unit, offset);
  if (side === undefined) return fixed(at + 1, unit, range);
  return { ...fixed(at + 1, "day", { first: range.first, last: range.first }), vague: true };
};

/** "the first week of November", "letzte Oktoberwoche". */
const weekOfMonth: PointReader = (context, at) => {
  const { tokens } = context;
  const { ordinal, edge: side } = peek(tokens, at).word;
  const which = side === "last" ? 0 : (ordinal ?? (side === "first" ? 1 : undefined));
  if (which === undefined || which > 5) return undefined;
  const { unit, half: kind, month } = peek(tokens, at + 1).word;
  const of = (first: CivilDay): DayRange => {
    const { last } = unitAround(first, "month");
    const start = which === 0 ? last - 6 : first + 7 * (which - 1);
    return { first: start, last: Math.min(last, start + 6) };
  };
  if (kind === "week" && month !== undefined)
    return inYear(context, at + 2, { grain: "range", rangeIn: (year) => of(civilDay(year, month, 1)) });
  const behind = skipOf(context, at + 2);
  if (unit !== "week" || behind === at + 2) return undefined;
  const named = unitNamed(context, behind);
  if (named?.grain !== "month") return undefined;
  return { ...named, grain: "range", ranges: named.ranges.map(({ first }) => of(first)) };
};

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

function halfOfUnit(named: Point | undefined, which: number): Point | undefined {
  if (named?.grain !== "month" && named?.grain !== "year") return undefined;
  const ranges = named.ranges.map(({ first }) => {
    const { year, month } = partsOf(first);
    return named.grain === "month" ? halfOfMonth(year, month, which) : halfOfYear(year, which);
  });
  return { ...named, grain: "range", ranges };
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
  const counted = side === "first" || side === "last" ? countedDays(context, at + 1) : edgeOf(context, at, side);
  const named = counted === undefined ? undefined : unitNamed(context, counted.next);
  if (counted === undefined || named === undefined || !hasDays(named)) return undefined;
  const last = counted.count - 1;
  const ranges = named.ranges.map((range) => (side === "middle" ? middleOf(range) : daysAt(range, isEnd, last)));
  const vague = isVague(side, context);
  return { ...named, ranges, grain: counted.count === 1 ? "day" : "range", ...(vague && { vague }) };
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

function middleOf({ first, last }: DayRange): DayRange {
  const day = Math.floor((first + last) / 2);
  return { first: day, last: day };
}

interface Counted {
  readonly count: number;
  /** Where the unit begins that the days are of. */
  readonly next: number;
}

/** "day of", "10 days of", "two weeks of", "Tag im". */
function countedDays(context: DateContext, at: number): Counted | undefined {
  const { tokens } = context;
  const number = peek(tokens, at).word.unit === "day" ? { value: 1, next: at } : numberAt(context, at);
  const { unit } = peek(tokens, number?.next ?? at).word;
  if (number === undefined || (unit !== "day" && unit !== "week")) return undefined;
  const behind = number.next + 1;
  const next = skipOf(context, behind);
  const isOf = next > behind || /^(?:des|im|in|vom|of)$/u.test(peek(tokens, behind).lower);
  return isOf ? { count: unit === "week" ? number.value * 7 : number.value, next } : undefined;
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
const readers: readonly PointReader[] = [
  feast,
  whole,
  weekOfMonth,
  edge,
  quarter,
  half,
  unitOf(pointAt),
  ...relativeReaders,
  ...calendarReaders,
];
/** Looking back, words may be read that are asked about in an order. */
const allReaders = [...readers, ...spokenReaders];

/** The day or unit that begins at a token. */
export function pointAt(context: DateContext, at: number): Point | undefined {
  const from = skip(context, at, "article");
  for (const start of new Set([from, at])) {
    for (const read of context.direction === "past" ? allReaders : readers) {
      const point = read(context, start);
      if (point !== undefined) return point;
    }
  }
  return undefined;
}
