import { dayAt, isoDay, type CalendarUnit, type DayRange } from "./civil-date.ts";
import { witnessedDates } from "./chrono-witness.ts";
import type { DateContext } from "./date-point.ts";
import { BEGINNING_OF_TIME, expressionAt, type Expression } from "./date-ranges.ts";
import { dateTokens, type DateToken, peek } from "./date-tokens.ts";
import { leftOver, type Read, type UnreadTime, withoutContrasts } from "./date-unread.ts";
import { blanked, type Span, spanOf } from "./span.ts";
import { leastBefore } from "./sum-ranges.ts";
import type { DateDirection } from "./word.ts";

/** Days from `from` to `to`, both included, as `YYYY-MM-DD` in the person's calendar. No `from`: from the beginning. */
export interface DatePeriod {
  readonly from?: string;
  readonly to: string;
}

/** A day or a period that a text names. `from` and `to` are the likeliest reading. */
export interface DateMention extends Span, DatePeriod {
  readonly kind: "date";
  readonly grain: CalendarUnit | "range";
  /** Whether the text can be read differently ("5/10/2026", "next Friday"): ask before using it. */
  readonly ambiguous: boolean;
  /** Every reading, the likeliest first. */
  readonly readings: readonly DatePeriod[];
}

/** What a text says about time. */
export interface DateReading {
  readonly periods: readonly DateMention[];
  readonly unread: readonly UnreadTime[];
}

/** What dates in a text are relative to. */
export interface DateOptions {
  readonly now: Date;
  /** IANA name of the person's time zone. */
  readonly timeZone: string;
  /** BCP 47; `en-US` reads 5/10 as May 10th, every other locale as 5 October. @default "en-GB" */
  readonly locale?: string | undefined;
  /** Where "Friday" or "March" is looked for: bookings look back, orders ahead. @default "past" */
  readonly direction?: DateDirection | undefined;
  /** Places that are something else: sums, account numbers, telephone numbers. */
  readonly taken?: readonly Pick<Span, "start" | "end">[] | undefined;
}

/** Dates are looked for up to here. */
const LONGEST_DATED_TEXT = 2_000;
function readAll(context: DateContext): Read {
  const expressions: Expression[] = [];
  const used = new Set<number>();
  let at = 0;
  while (at < context.tokens.length) {
    const found = expressionAt(context, at);
    if (found !== undefined && !isName(context.tokens, found)) {
      expressions.push(found);
      for (let index = at; index < found.next; index += 1) used.add(index);
    }
    at = found?.next ?? at + 1;
  }
  return { expressions, used };
}

/** "send 20 euros to April": some months are names, too. */
function isName(tokens: readonly DateToken[], { from, next, grain }: Expression): boolean {
  const isAlone = grain === "month" && next - from === 1;
  const isLed = next - from === 2 && /^(?:to|an)$/u.test(peek(tokens, from).lower);
  const named = /^(?:April|May|June|August|Mai|Juni|Juli)$/u.test(peek(tokens, next - 1).text);
  return named && ((isAlone && /^(?:to|pay|send|give|an)$/u.test(peek(tokens, from - 1).lower)) || isLed);
}

function periodOf({ first, last }: DayRange): DatePeriod {
  const to = isoDay(last);
  return first === BEGINNING_OF_TIME ? { to } : { from: isoDay(first), to };
}

/** "Sunday the 14th": the day of the week says again which day is meant. */
function withoutWeekdays(periods: readonly DateMention[], tokens: readonly DateToken[]): readonly DateMention[] {
  const isWeekday = ({ start, end }: DateMention): boolean =>
    tokens.some((token) => token.start === start && token.end === end && token.word.weekday !== undefined);
  const weekdayOf = ({ to }: DatePeriod): number => new Date(`${to}T00:00:00Z`).getUTCDay();
  const others = new Set(periods.filter((one) => one.from === one.to && !isWeekday(one)).map((one) => weekdayOf(one)));
  return periods.filter((one) => !isWeekday(one) || !others.has(weekdayOf(one)));
}

/** "In October and November": two months in a row are one period. */
function joinedNeighbours(text: string, periods: readonly DateMention[]): readonly DateMention[] {
  const found: DateMention[] = [];
  for (const period of periods) {
    const last = found.at(-1);
    const between = last === undefined ? "" : text.slice(last.end, period.start);
    const isNext =
      last !== undefined &&
      /^(?:day|month|quarter|year|range)$/u.test(period.grain) &&
      /^\s*(?:and|und|&|[+,/]|,\s*(?:and|und))?\s*(?:(?:in|im|on|am)\s+)?(?:the\s+|den\s+)?$/iu.test(between) &&
      Date.parse(period.from ?? "") - Date.parse(last.to) === DAY_MS;
    if (last === undefined || !isNext) found.push(period);
    else {
      const { from } = last;
      const whole = { ...(from !== undefined && { from }), to: period.to };
      const literal = text.slice(last.start, period.end);
      found[found.length - 1] = { ...last, ...whole, literal, end: period.end, grain: "range", readings: [whole] };
    }
  }
  return found;
}

const DAY_MS = 86_400_000;

/**
 * Reads what a text says about days and periods, and tells every word about time that it could not read: "yesterday",
 * "last month", "since March", "zwischen dem 20. September und dem 5. Oktober", "three weeks from tomorrow". English or
 * German, by the words. Reads the first 2,000 characters. Throws `RangeError` for an unknown time zone.
 */
export function readDates(text: string, options: DateOptions): DateReading {
  const head = blanked(
    text.slice(0, LONGEST_DATED_TEXT),
    (options.taken ?? []).map(({ start, end }) => ({ start: leastBefore(text, start)?.start ?? start, end })),
  );
  const context: DateContext = {
    tokens: dateTokens(head, options),
    today: dayAt(options.now, options.timeZone),
    direction: options.direction ?? "past",
  };
  const all = readAll(context);
  const read = withoutContrasts(context, all);
  const periods = read.expressions.flatMap((expression) => {
    const readings = expression.ranges.map(periodOf);
    const [likeliest] = readings;
    if (likeliest === undefined) return [];
    const span = spanOf(text, context.tokens, expression.from, expression.next);
    const { grain } = expression;
    return [{ kind: "date" as const, ...span, ...likeliest, grain, ambiguous: readings.length > 1, readings }];
  });
  const merged =
    options.direction === "future" ? periods : joinedNeighbours(text, withoutWeekdays(periods, context.tokens));
  const failed = read.expressions.flatMap((expression) =>
    expression.problem === undefined
      ? []
      : [{ ...spanOf(text, context.tokens, expression.from, expression.next), why: expression.problem }],
  );
  const left = [...failed, ...leftOver(text, context, read)];
  const known = [...all.expressions.map(({ from, next }) => spanOf(text, context.tokens, from, next)), ...left];
  const witnessed = witnessedDates(head, known, options.now);
  return { periods: merged, unread: [...left, ...witnessed].toSorted((one, other) => one.start - other.start) };
}
