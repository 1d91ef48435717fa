/** Days and units of the calendar: "5 October", "10.05.2026", "March", "in 2025". */
import { civilDay, existingDay, partsOf, singleDay, unitAround, type CivilDay, type DayRange } from "./civil-date.ts";
import {
  fixed,
  inYear,
  numberAt,
  open,
  relativeUnit,
  skip,
  skipOf,
  yearDigits,
  type DateContext,
  type NumberInDate,
  type Point,
  type PointReader,
} from "./date-point.ts";
import { peek, plays, type DateToken } from "./date-tokens.ts";

const numericDay: PointReader = (context, at) => {
  const { tokens } = context;
  const { numeric, text } = peek(tokens, at);
  if (numeric === undefined) return undefined;
  const { year, month, day, swappable } = numeric;
  if (day === undefined) {
    const exists = year !== undefined && month >= 1 && month <= 12;
    return fixed(at + 1, "month", exists ? unitAround(civilDay(year, month, 1), "month") : undefined);
  }
  if (year !== undefined)
    return fixed(at + 1, "day", dayIn(year, month, day), swappable ? dayIn(year, day, month) : undefined);
  // "7/3" is as often a number of a flat: a day only where a word leads to it.
  const isRange = plays(tokens[at + 1], "to") || peek(tokens, at + 1).dash === true;
  if (text.includes("/") && !isLed(tokens[at - 1]) && !isRange) return undefined;
  return inYear(context, at + 1, { grain: "day", rangeIn: (inThat) => dayIn(inThat, month, day) });
};

function isLed(before: DateToken | undefined): boolean {
  if (before === undefined) return true;
  return before.word.role !== undefined || before.word.weekday !== undefined || before.dash === true;
}

function dayIn(year: number, month: number, day: number): DayRange | undefined {
  const found = month >= 1 && month <= 12 ? existingDay(year, month, day) : undefined;
  return found === undefined ? undefined : singleDay(found);
}

/** "5 October", "the 3rd of June 2025", "5. dieses Monats". */
const dayThenMonth: PointReader = (context, at) => {
  const number = numberAt(context, at);
  if (number === undefined || number.value > 99) return undefined;
  const { tokens } = context;
  const behind = skipOf(context, number.ordinal ? pastMarks(tokens, number.next) : number.next);
  const month = peek(tokens, behind).word.month ?? monthInOrdinals(tokens, number, behind);
  if (month !== undefined && peek(tokens, behind).word.half === undefined) {
    const next = peek(tokens, behind + 1).text === "." ? behind + 2 : behind + 1;
    return inYear(context, next, { grain: "day", rangeIn: (year) => dayIn(year, month, number.value) });
  }
  return dayOfUnit(context, number, behind);
};

/** "The 5th of last month". */
function dayOfUnit({ tokens, today }: DateContext, number: NumberInDate, behind: number): Point | undefined {
  const offset = peek(tokens, behind).word.offset ?? (behind > number.next ? 0 : undefined);
  const unitAt = peek(tokens, behind).word.offset === undefined ? behind : behind + 1;
  if (!number.ordinal || offset === undefined || peek(tokens, unitAt).word.unit !== "month") return undefined;
  const { year, month: thatMonth } = partsOf(relativeUnit(today, "month", offset).first);
  return fixed(unitAt + 1, "day", dayIn(year, thatMonth, number.value));
}

/** "The 30th? of October", "am dritten (September)": marks between a day and its month. */
function pastMarks(tokens: readonly DateToken[], at: number): number {
  let next = at;
  while (next < at + 2 && /^[?!,(…]$/u.test(peek(tokens, next).text)) next += 1;
  return peek(tokens, next).word.month !== undefined || plays(tokens[next], "of") ? next : at;
}

/** "Am elften elften": a day and a month in words. */
function monthInOrdinals(tokens: readonly DateToken[], day: NumberInDate, at: number): number | undefined {
  const { ordinal } = peek(tokens, at).word;
  const isBoth = day.ordinal && ordinal !== undefined && ordinal <= 12 && peek(tokens, at + 1).word.unit === undefined;
  return isBoth && peek(tokens, at + 1).word.month === undefined ? ordinal : undefined;
}

/** "The 5th and the 6th of October": the month of the next day is that of the first one too. */
const dayOfNext: PointReader = (context, at) => {
  const number = numberAt(context, at);
  const { tokens } = context;
  if (number?.ordinal !== true || !/^(?:and|und|&|,|\+)$/u.test(peek(tokens, number.next).lower)) return undefined;
  const behind = skip(context, number.next + 1, "article");
  const next = dayThenMonth(context, behind) ?? dayOfNext(context, behind);
  if (next?.grain !== "day") return undefined;
  const ranges = next.ranges.map(({ first }) => {
    const { year, month } = partsOf(first);
    return dayIn(year, month, number.value);
  });
  return next.open ? open(number.next, "day", ranges) : fixed(number.next, "day", ...ranges);
};

/** "April may june". */
function isListed(tokens: readonly DateToken[], at: number): boolean {
  return peek(tokens, at - 1).word.month !== undefined || peek(tokens, at - 2).word.month !== undefined;
}

/** In lower case "may", "march" and "mar" are words of their own unless something says otherwise. */
function isMonth({ tokens }: DateContext, at: number): boolean {
  const token = tokens[at];
  if (token?.word.month === undefined) return false;
  if (/^(?:may|march|mar|jan|mai|mais|sep|dec|feb)$/u.test(token.text)) {
    const before = tokens[at - 1];
    const led = before === undefined || before.word.role !== undefined || before.word.offset !== undefined;
    return (
      led ||
      isListed(tokens, at) ||
      before.dash === true ||
      yearDigits(tokens[at + 1]) !== undefined ||
      before.word.edge !== undefined
    );
  }
  return !(token.text === "May" && /^(?:i|we|you|he|she|they|it)$/u.test(peek(tokens, at + 1).lower));
}

/** "May 5, 2025", "Sep 1", "October the 12th", "May twenty nine". */
const monthThenDay: PointReader = (context, at) => {
  const { tokens } = context;
  const month = peek(tokens, at).word.month;
  if (month === undefined || /^(?:may|march)$/u.test(peek(tokens, at).text)) return undefined;
  const pointed = peek(tokens, at + 1).text === "." ? at + 2 : at + 1;
  const number = numberAt(context, skip(context, pointed, "article"));
  if (number === undefined || number.value > 31 || number.value === 0) return undefined;
  const following = peek(tokens, number.next).lower;
  // "In October 5 payments" counts payments; "Dec 28 to Jan 1 transactions" does not.
  const isCount =
    /^(?:in|of|for|during|im)$/u.test(peek(tokens, at - 1).lower) || peek(tokens, at - 1).word.offset !== undefined;
  if (
    /^[€$£]|^(?:eur|euros?)$/u.test(following) ||
    (isCount && /^(?:payments?|bookings?|transactions?)$/u.test(following))
  )
    return undefined;
  const rangeIn = (year: number): DayRange | undefined => dayIn(year, month, number.value);
  return inYear(context, number.next, { grain: "day", rangeIn });
};

const wholeMonth: PointReader = (context, at) => {
  const token = context.tokens[at];
  const month = token?.word.month;
  if (month === undefined || token?.word.half !== undefined || !isMonth(context, at)) return undefined;
  const next = peek(context.tokens, at + 1).text === "." && (token?.lower.length ?? 0) <= 4 ? at + 2 : at + 1;
  const rangeIn = (year: number): DayRange => unitAround(civilDay(year, month, 1), "month");
  return inYear(context, next, { grain: "month", rangeIn });
};

/** A day in digits or words whose month is not said: "on the 5th", "am 5.". */
const dayOfSomeMonth: PointReader = (context, at) => {
  const { tokens, today } = context;
  const number = numberAt(context, at);
  if (number?.ordinal !== true || number.value > 31 || number.value < 1) return undefined;
  const lead = peek(tokens, at - 1);
  const led = lead.word.role !== undefined || lead.lower === "by" || lead.dash === true;
  const following = peek(tokens, number.next);
  const isNoun = /^\p{L}/u.test(following.text) && following.word.role === undefined;
  if (!led || (isNoun && peek(tokens, at).marked !== true)) return undefined;
  return dayOfMonths(today, number);
};

/** That day of every month around today. */
export function dayOfMonths(
  today: CivilDay,
  { value, next }: { readonly value: number; readonly next: number },
): Point {
  const { year, month } = partsOf(today);
  const months = Array.from({ length: 25 }, (_, index) => partsOf(civilDay(year, month - 12 + index, 1)));
  return open(
    next,
    "day",
    months.map((first) => dayIn(first.year, first.month, value)),
  );
}

const wholeYear: PointReader = (context, at) => {
  const { tokens, direction } = context;
  const isNamed = peek(tokens, at).word.unit === "year";
  const place = isNamed ? at + 1 : at;
  const year = yearDigits(tokens[place]);
  if (year === undefined || isSum(tokens, place)) return undefined;
  const { lower, word } = peek(tokens, at - 1);
  const led = isNamed || word.role !== undefined || word.unit === "year" || /^(?:for|für|year|by)$/u.test(lower);
  if (direction === "future" && !led) return undefined;
  return fixed(place + 1, "year", unitAround(civilDay(year, 1, 1), "year"));
};

/** "2025 euros", "€2025". */
function isSum(tokens: readonly DateToken[], at: number): boolean {
  return /^(?:[€$£]|eur|euros?)$/u.test(peek(tokens, at + 1).lower) || /^[€$£/]$/u.test(peek(tokens, at - 1).text);
}

/** "KW 45", "week 45 of 2025". */
const weekNumber: PointReader = (context, at) => {
  const { tokens } = context;
  const which = peek(tokens, at + 1).digits;
  const isWeek = plays(tokens[at], "week-number") || peek(tokens, at).lower === "week";
  if (!isWeek || which === undefined || which < 1) return undefined;
  const rangeIn = (year: number): DayRange | undefined => {
    const monday = unitAround(civilDay(year, 1, 4), "week").first + 7 * (which - 1);
    return partsOf(monday + 3).year === year ? unitAround(monday, "week") : undefined;
  };
  return inYear(context, at + 2, { grain: "week", rangeIn });
};

/** The most specific first. */
export const calendarReaders: readonly PointReader[] = [
  numericDay,
  dayThenMonth,
  dayOfNext,
  monthThenDay,
  weekNumber,
  wholeMonth,
  dayOfSomeMonth,
  wholeYear,
];
