import { readWithChrono } from "./chrono-dates.ts";
import { addUnits, dayAt, isoDay, partsOf, type CalendarUnit, type DayRange } from "./civil-date.ts";
import { datePatterns } from "./date-patterns.ts";
import type { DateContext, DateDirection, DateReading } from "./date-reading.ts";
import { overlaps, type Span } from "./span.ts";

/** Days from `from` to `to`, both included, as `YYYY-MM-DD` in the user's calendar. */
export interface DatePeriod {
  readonly from: string;
  readonly to: string;
}

/** A day or a period that a text names. `from` and `to` are the likeliest reading. */
export interface DateMention extends Span, DatePeriod {
  readonly kind: "date";
  readonly grain: CalendarUnit | "range";
  /** Whether the text can be read differently ("5/10/2026", "next Friday"). */
  readonly ambiguous: boolean;
  /** Every reading, the likeliest first. */
  readonly readings: readonly DatePeriod[];
}

/** What dates in a text are relative to. */
export interface DateOptions {
  readonly now: Date;
  /** IANA name of the user's time zone. */
  readonly timeZone: string;
  /** BCP 47; `en-US` reads 5/10 as May 10th, every other locale as 5 October. @default "en-GB" */
  readonly locale?: string;
  /** Where "Friday" or "March" is looked for. @default "past" */
  readonly direction?: DateDirection;
}

/** Dates are looked for up to here: the patterns try many readings at each place. */
const LONGEST_DATED_TEXT = 2_000;

function readPatterns(text: string, context: DateContext): DateReading[] {
  const readings: DateReading[] = [];
  for (const { shape, read } of datePatterns) {
    for (const match of text.matchAll(shape)) {
      const place = { start: match.index, end: match.index + match[0].length };
      if (readings.some((other) => overlaps(other, place))) continue;
      const reading = read(match, context);
      if (reading !== undefined) readings.push({ ...place, ...reading });
    }
  }
  return readings;
}

/** "March" in "between March and May 2025" means March of the year that its partner names. */
function moveBefore(range: DayRange, other: DayRange, literal: string): DayRange {
  const free = range.first > other.last && !/20\d{2}/u.test(literal);
  const years = free ? partsOf(range.first).year - partsOf(other.first).year : 0;
  return { first: addUnits(range.first, -years, "year"), last: addUnits(range.last, -years, "year") };
}

function joinTwo(text: string, left: DateReading, right: DateReading): DateReading | undefined {
  const connector = /^ ?(and|to|until|till|-|–)(?: the)? ?$/iu.exec(text.slice(left.end, right.start))?.[1];
  const [from, to] = [left.ranges[0], right.ranges[0]];
  if (connector === undefined || from === undefined || to === undefined) return undefined;
  const opened = /(?:from|between) (?:the )?$/iu.test(text.slice(Math.max(0, left.start - 12), left.start));
  if (connector.toLowerCase() === "and" && !opened) return undefined;
  const { first } = moveBefore(from, to, text.slice(left.start, left.end));
  if (first > to.last) return undefined;
  return { start: left.start, end: right.end, ranges: [{ first, last: to.last }], grain: "range" };
}

/** Joins "from X to Y" and "between X and Y". */
function joinPeriods(text: string, readings: readonly DateReading[]): readonly DateReading[] {
  const joined: DateReading[] = [];
  for (const reading of readings) {
    const previous = joined.at(-1);
    const both = previous === undefined ? undefined : joinTwo(text, previous, reading);
    if (both !== undefined) joined[joined.length - 1] = both;
    else if (!isName(text, reading)) joined.push(reading);
  }
  return joined;
}

/** "send 20 euros to April": some months are names, too. */
function isName(text: string, { start, end, grain }: DateReading): boolean {
  const named = /^(?:April|May|June|August)$/u.test(text.slice(start, end));
  return grain === "month" && named && /\b(?:to|pay|send|give) $/iu.test(text.slice(Math.max(0, start - 6), start));
}

/** "since X" lasts until today. */
function openUntilToday(text: string, reading: DateReading, context: DateContext): DateReading {
  const before = text.slice(Math.max(0, reading.start - 10), reading.start);
  if (!/\bsince (?:the )?$/iu.test(before)) return reading;
  const ranges = reading.ranges.map(({ first }) => ({ first, last: Math.max(first, context.today) }));
  return { ...reading, ranges, grain: "range" };
}

/**
 * Finds days and periods in an English text: "yesterday", "last month", "since March", "on the 5th", "three weeks from
 * tomorrow", "between 1 and 15 May". Looks at the first 2,000 characters. Throws `RangeError` for an unknown time zone.
 */
export function findDates(text: string, options: DateOptions): readonly DateMention[] {
  const context: DateContext = {
    today: dayAt(options.now, options.timeZone),
    direction: options.direction ?? "past",
    monthFirst: options.locale === "en-US",
  };
  const head = text.slice(0, LONGEST_DATED_TEXT);
  const own = readPatterns(head, context);
  const others = readWithChrono(head, context).filter((reading) => !own.some((known) => overlaps(known, reading)));
  const ordered = [...own, ...others].toSorted((left, right) => left.start - right.start);
  return joinPeriods(head, ordered).flatMap((reading) => {
    const { start, end, ranges, grain } = openUntilToday(head, reading, context);
    const readings = ranges.map(({ first, last }) => ({ from: isoDay(first), to: isoDay(last) }));
    const [likeliest] = readings;
    if (likeliest === undefined) return [];
    const span = { start, end, literal: text.slice(start, end) };
    return [{ kind: "date" as const, ...span, ...likeliest, grain, ambiguous: readings.length > 1, readings }];
  });
}
