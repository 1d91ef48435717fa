/** Days and units told from today: "last week", "three days ago", "this Friday". */
import {
  addUnits,
  partsOf,
  singleDay,
  unitAround,
  civilDay,
  type CalendarUnit,
  type CivilDay,
  type DayRange,
} from "./civil-date.ts";
import {
  fixed,
  numberAt,
  open,
  relativeUnit,
  skip,
  skipOf,
  type DateContext,
  type Point,
  type PointReader,
} from "./date-point.ts";
import { isGreeting, peek, plays, type DateToken } from "./date-tokens.ts";

const MOST_UNITS = 5_000;

/** "last 7 days", "past three months", "die letzten zwei Wochen": today is the last of them. */
const running: PointReader = (context, at) => {
  const { tokens, today } = context;
  const offset = peek(tokens, at).word.offset;
  if (offset !== -1 && offset !== 1) return undefined;
  const counted = fortnightAt(tokens, at + 1) ?? numberAt(context, skip(context, at + 1, "article"));
  const unit = counted === undefined ? undefined : peek(tokens, counted.next).word.unit;
  if (counted === undefined || unit === undefined || counted.value < 1 || counted.value > MOST_UNITS) return undefined;
  const range =
    offset < 0
      ? { first: addUnits(today, -counted.value, unit) + 1, last: today }
      : { first: today, last: addUnits(today, counted.value, unit) - 1 };
  return fixed(counted.next + 1, "range", range);
};

/** "the last half year", "die letzten halben Jahre", "letztes Halbjahr": the six months up to today. */
const runningHalf: PointReader = ({ tokens, today }, at) => {
  const isLast = peek(tokens, at).word.offset === -1;
  const { half } = peek(tokens, at + 1).word;
  const isHalf = half === "half" && peek(tokens, at + 2).word.unit === "year";
  if (!isLast || !(isHalf || half === "half-year")) return undefined;
  return fixed(at + (isHalf ? 3 : 2), "range", { first: addUnits(today, -6, "month") + 1, last: today });
};

/** "a fortnight" needs no number. */
function fortnightAt(
  tokens: readonly DateToken[],
  at: number,
): { readonly value: number; readonly next: number } | undefined {
  return peek(tokens, at).word.unit === "fortnight" ? { value: 1, next: at } : undefined;
}

/** "… before last". */
export function isBeforeLast(tokens: readonly DateToken[], at: number): boolean {
  return plays(tokens[at], "before") && peek(tokens, at + 1).lower === "last";
}

/** "this week", "last month", "vorletztes Jahr", "the week before last". */
const namedUnit: PointReader = (context, at) => {
  const { tokens, today } = context;
  const unit = peek(tokens, at).word.unit;
  if (unit !== undefined && unit !== "day" && isBeforeLast(tokens, at + 1))
    return fixed(at + 3, unit, relativeUnit(today, unit, -2));
  const offset = peek(tokens, at).word.offset;
  const place = isShort(tokens, at) ? at + 2 : at + 1;
  const named = peek(tokens, place).word.unit;
  if (offset === undefined || named === undefined || named === "fortnight" || named === "day") return undefined;
  if (uncounted.test(peek(tokens, place).lower)) return undefined;
  const range = relativeUnit(today, named, offset);
  // "The past week" may as well be the seven days up to today.
  const other = peek(tokens, at).lower === "past" ? { first: addUnits(today, -1, named) + 1, last: today } : undefined;
  return fixed(place + 1, named, range, other);
};

/** "In the last weeks" names no number of them. */
const uncounted = /^(?:weeks|months|quarters|years|wochen|quartale|quartalen|monate|monaten|jahre|jahren)$/u;

/** "lfd. Jahr". */
function isShort(tokens: readonly DateToken[], at: number): boolean {
  return peek(tokens, at).lower === "lfd" && peek(tokens, at + 1).text === ".";
}

const offsetMonth: PointReader = (context, at) => {
  const { tokens, today } = context;
  const offset = peek(tokens, at).word.offset;
  const month = peek(tokens, at + 1).word.month;
  if (offset === undefined || month === undefined || peek(tokens, at + 1).word.half !== undefined) return undefined;
  const { year, month: current } = partsOf(today);
  const inThat = (which: number): DayRange => unitAround(civilDay(which, month, 1), "month");
  if (offset === 0) return fixed(at + 2, "month", inThat(year));
  // "Last October" said in November: some mean the one just past, some that of last year.
  if (offset < 0)
    return month < current
      ? fixed(at + 2, "month", inThat(year), inThat(year - 1))
      : fixed(at + 2, "month", inThat(year - 1));
  return month > current
    ? fixed(at + 2, "month", inThat(year), inThat(year + 1))
    : fixed(at + 2, "month", inThat(year + 1));
};

/** "yesterday", "the day before yesterday", "three weeks from tomorrow". */
const relativeDay: PointReader = (context, at) => {
  const { tokens, today } = context;
  const { relative } = peek(tokens, at).word;
  if (relative !== undefined) {
    const range = singleDay(today + relative);
    return isGreeting(tokens[at - 1]) ? undefined : fixed(behindMorning(tokens, at, relative), "day", range);
  }
  const number = peek(tokens, at).word.unit === "day" ? { value: 1, next: at } : numberAt(context, at);
  if (number === undefined) return undefined;
  const { unit } = peek(tokens, number.next).word;
  const side = peek(tokens, number.next + 1);
  const anchor = peek(tokens, number.next + 2);
  const from = plays(anchor, "now") ? 0 : anchor.word.relative;
  const isBack = plays(side, "before");
  const isSide = isBack || plays(side, "after") || plays(side, "from");
  if (unit === undefined || from === undefined || !isSide) return undefined;
  return fixed(number.next + 3, "day", singleDay(addUnits(today + from, isBack ? -number.value : number.value, unit)));
};

/** "Heute Morgen", "gestern Morgen": no second day. */
function behindMorning(tokens: readonly DateToken[], at: number, relative: number): number {
  return relative < 1 && peek(tokens, at + 1).lower === "morgen" ? at + 2 : at + 1;
}

/** "Two months ago" is hardly that one day: it may begin or end a range, and is asked about where it stands alone. */
function dayAgo(next: number, unit: CalendarUnit, range: DayRange): Point {
  const day = fixed(next, "day", range);
  return /^(?:month|quarter|year)$/u.test(unit) ? { ...day, vague: true } : day;
}

/** "three days ago", "vor drei Tagen", "in two weeks". */
const distantDay: PointReader = (context, at) => {
  const { tokens, today } = context;
  const isBefore = plays(tokens[at], "ago-before");
  const isAhead = plays(tokens[at], "ahead");
  const number = numberAt(context, isBefore || isAhead ? at + 1 : at);
  const counted = number ?? fortnightAt(tokens, at);
  if (counted === undefined || counted.value > MOST_UNITS) return undefined;
  const { unit } = peek(tokens, counted.next).word;
  if (unit === undefined) return undefined;
  const next = counted.next + 1;
  const isAgo = plays(tokens[next], "ago");
  if (isAgo || isBefore) return dayAgo(isAgo ? next + 1 : next, unit, singleDay(addUnits(today, -counted.value, unit)));
  if (!isAhead) return undefined;
  const isTime = peek(tokens, next).lower === "time";
  return fixed(isTime ? next + 1 : next, "day", singleDay(addUnits(today, counted.value, unit)));
};

function ahead(today: CivilDay, weekday: number): number {
  return (((weekday - partsOf(today).weekday) % 7) + 7) % 7;
}

function both(one: CivilDay, other: CivilDay): readonly DayRange[] {
  return one === other ? [singleDay(one)] : [singleDay(one), singleDay(other)];
}

/** The weekday that "this", "last" or "next" means; two days where people differ. */
function weekdayBy(today: CivilDay, weekday: number, offset: number): readonly DayRange[] {
  const days = ahead(today, weekday);
  const week = today - partsOf(today).weekday;
  const coming = today + days;
  if (offset < 0) return [singleDay(today - (7 - days))];
  // Of two readings, "this Friday" on a Sunday is rather the coming one than the one just past.
  if (offset === 0) return both(coming, week + weekday);
  return both(week + 7 + weekday, days === 0 ? coming + 7 : coming);
}

const weekday: PointReader = (context, at) => {
  const { tokens, today } = context;
  const offset = peek(tokens, at).word.offset;
  const word = tokens[offset === undefined ? at : at + 1];
  const day = word?.word.weekday;
  if (day === undefined || (word !== undefined && isOtherWord(word.text))) return undefined;
  if (/^(?:black|good|easter|cyber|palm|ash|holy|maundy)$/u.test(peek(tokens, at - 1).lower)) return undefined;
  const next = offset === undefined ? at + 1 : at + 2;
  if (offset !== undefined) return fixed(next, "day", ...weekdayBy(today, day, offset));
  const week = weekNamed(context, next);
  if (week !== undefined) return fixed(week.next, "day", singleDay(week.first + day));
  const first = today - 371 + ahead(today - 371, day);
  return open(
    next,
    "day",
    Array.from({ length: 107 }, (_, index) => singleDay(first + 7 * index)),
  );
};

/** "Mo", "so", "sun" are words of their own unless they are written like a day. */
function isOtherWord(text: string): boolean {
  return text.length <= 4 && !/^(?:Mon|Tue|Tues|Wed|Thu|Thur|Fri|Sat|Sun)$/u.test(text);
}

/** The week in "Friday last week", "Monday of this week". */
function weekNamed(context: DateContext, at: number): { readonly first: CivilDay; readonly next: number } | undefined {
  const { tokens, today } = context;
  const behind = skipOf(context, at);
  const offset = peek(tokens, behind).word.offset;
  if (offset === undefined || peek(tokens, behind + 1).word.unit !== "week") return undefined;
  return { first: relativeUnit(today, "week", offset).first, next: behind + 2 };
}

const weekend: PointReader = (context, at) => {
  const { tokens, today } = context;
  let next = at;
  while (peek(tokens, next).word.offset !== undefined) next += 1;
  if (!plays(tokens[next], "weekend")) return undefined;
  const monday = today - partsOf(today).weekday;
  const of = (weeks: number): DayRange => ({ first: monday + 7 * weeks + 5, last: monday + 7 * weeks + 6 });
  if (isBeforeLast(tokens, next + 1)) return fixed(next + 3, "range", of(-2));
  const named = peek(tokens, next - 1).lower === "past" ? undefined : peek(tokens, at).word.offset;
  if (named === undefined || next === at)
    return open(
      next + 1,
      "range",
      Array.from({ length: 20 }, (_, index) => of(index - 15)),
    );
  if (named === 0)
    return partsOf(today).weekday >= 5 ? fixed(next + 1, "range", of(0)) : fixed(next + 1, "range", of(0), of(-1));
  return fixed(next + 1, "range", of(named));
};

/** The most specific first. */
export const relativeReaders: readonly PointReader[] = [
  distantDay,
  relativeDay,
  running,
  runningHalf,
  weekday,
  weekend,
  offsetMonth,
  namedUnit,
];
