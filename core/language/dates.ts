import { dayAt, isoDay, type CalendarUnit, type DayRange } from "./civil-date.ts";
import { witnessedDates } from "./chrono-witness.ts";
import type { DateContext } from "./date-point.ts";
import { BEGINNING_OF_TIME, expressionAt, type Expression } from "./date-ranges.ts";
import { isBeforeLast } from "./date-relative.ts";
import { dateTokens, isGreeting, plays, type DateToken, peek } from "./date-tokens.ts";
import { looksMisspelt } from "./misspelt.ts";
import { blanked, type Span, spanOf } from "./span.ts";
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

/** Words about time that were not read: nothing may be counted as if they were not there. */
export interface UnreadTime extends Span {
  readonly why: "no-such-day" | "time-of-day" | "excluded" | "not-understood";
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
const excluding =
  /^(?:except|excluding|without|not|don|dont|but|other|apart|minus|nor|never|außer|ausser|ohne|nicht|kein|keine|keinen|sondern|ausgenommen|exklusive)$/u;

interface Read {
  readonly expressions: readonly Expression[];
  /** Indexes of tokens that belong to one. */
  readonly used: ReadonlySet<number>;
}

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

/** "Dr. Sommer", "an Paul Sommer": a season's name behind a title or a first name is a family's. */
function isFamilyName(tokens: readonly DateToken[], at: number): boolean {
  if (!/^(?:sommer|winter|herbst|frühling|summer|spring|easter)s?$/u.test(peek(tokens, at).lower)) return false;
  const place = peek(tokens, at - 1).text === "." ? at - 2 : at - 1;
  const before = peek(tokens, place);
  if (/^(?:dr|prof|herrn?|frau|mr|mrs|ms|familie)$/u.test(before.lower)) return true;
  const isFirstName = /^\p{Lu}\p{Ll}/u.test(before.text) && before.word.role === undefined;
  return isFirstName && /^(?:an|to|für|for|von|bei|from|pay|zu|und|and|\.)$/u.test(peek(tokens, place - 1).lower);
}

/** Whether an unread word speaks of time. Short forms and verbs count only where they are written like dates. */
function speaksOfTime(token: DateToken): UnreadTime["why"] | undefined {
  const { word, numeric } = token;
  if (word.unread !== undefined) return word.unread;
  if (word.feast !== undefined || word.whole !== undefined) return "not-understood";
  if (numeric !== undefined)
    return token.text.includes("/") && numeric.year === undefined ? undefined : "not-understood";
  if (word.weekday !== undefined || word.month !== undefined) {
    return shortOrOther.test(token.text) ? undefined : "not-understood";
  }
  return isUnit(token) || isPartOfTime(token) ? "not-understood" : undefined;
}

/** A word that leads to a time, a quarter, or an unknown word that is one letter away from a word of time. */
function isPartOfTime(token: DateToken): boolean {
  const isLink = unfinished.some((role) => plays(token, role));
  const isUnknown = Object.keys(token.word).length === 0;
  return isLink || token.quarter !== undefined || (isUnknown && looksMisspelt(token.lower));
}

function isUnit({ word }: DateToken): boolean {
  return word.unit !== undefined || word.relative !== undefined || word.half === "half-year";
}

/** "vom füfte Mai": an unknown word that ends like an ordinal, right in front of a month. */
function isOddDay(tokens: readonly DateToken[], at: number): boolean {
  const { word, lower } = peek(tokens, at);
  const isMonth = peek(tokens, at + 1).word.month !== undefined;
  return isMonth && Object.keys(word).length === 0 && /^\p{L}+(?:te[nrms]?|th|st|nd|rd)$/u.test(lower);
}

const shortOrOther = /^(?:may|march|mar|mai|sep|dec|feb|jan|mo|di|mi|do|fr|sa|so|sun|sat|mon|wed|thu|fri|tue)$/iu;
/** What these lead to was not read. */
const unfinished = ["strong", "between", "weekend", "ago-before"] as const;

function leftOver(text: string, context: DateContext, { used, expressions }: Read): readonly UnreadTime[] {
  const { tokens } = context;
  const unread: UnreadTime[] = [];
  for (const [index, token] of tokens.entries()) {
    if (used.has(index) || isNoTime(context, index, expressions)) continue;
    const isHalfRead = used.has(index - 1)
      ? isBeforeLast(tokens, index)
      : used.has(index + 1) && isOddDay(tokens, index);
    const why =
      expressions.length > 0 && excluding.test(token.lower)
        ? "excluded"
        : isHalfRead
          ? "not-understood"
          : speaksOfTime(token);
    if (why !== undefined) unread.push({ ...spanOf(text, tokens, index, index + 1), why });
  }
  return unread;
}

/** A name, a greeting, or a word that points at a time that was read. */
function isNoTime({ tokens }: DateContext, at: number, { length }: Read["expressions"]): boolean {
  return isFamilyName(tokens, at) || isGreeting(tokens[at - 1]) || (length > 0 && pointsBack(tokens, at));
}

/** "On that day", behind a day that was named. */
function pointsBack(tokens: readonly DateToken[], at: number): boolean {
  const isPointer = /^(?:that|those|same|jene[mnrs]?|de[mnr]|de[mnr]selben|selben)$/u.test(peek(tokens, at - 1).lower);
  return isPointer && peek(tokens, at).word.unit !== undefined;
}

/** "In October and November": two months in a row are one period. */
function joinedNeighbours(text: string, periods: readonly DateMention[]): readonly DateMention[] {
  const found: DateMention[] = [];
  for (const period of periods) {
    const last = found.at(-1);
    const between = last === undefined ? "" : text.slice(last.end, period.start);
    const isNext =
      last?.grain === period.grain &&
      /^(?:month|quarter|year)$/u.test(period.grain) &&
      /^\s*(?:and|und|&|\+)\s*(?:in|im)?\s*$/iu.test(between) &&
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
  const head = blanked(text.slice(0, LONGEST_DATED_TEXT), options.taken ?? []);
  const context: DateContext = {
    tokens: dateTokens(head, options),
    today: dayAt(options.now, options.timeZone),
    direction: options.direction ?? "past",
  };
  const read = readAll(context);
  const periods = read.expressions.flatMap((expression) => {
    const readings = expression.ranges.map(periodOf);
    const [likeliest] = readings;
    if (likeliest === undefined) return [];
    const span = spanOf(text, context.tokens, expression.from, expression.next);
    const { grain } = expression;
    return [{ kind: "date" as const, ...span, ...likeliest, grain, ambiguous: readings.length > 1, readings }];
  });
  const merged = options.direction === "future" ? periods : joinedNeighbours(text, periods);
  const distinct = merged.filter(
    ({ from, to }, index) => merged.findIndex((other) => other.from === from && other.to === to) === index,
  );
  const failed = read.expressions.flatMap((expression) =>
    expression.problem === undefined
      ? []
      : [{ ...spanOf(text, context.tokens, expression.from, expression.next), why: expression.problem }],
  );
  const left = [...failed, ...leftOver(text, context, read)];
  const known = [...periods, ...left];
  const witnessed = witnessedDates(head, known, options.now);
  return { periods: distinct, unread: [...left, ...witnessed].toSorted((one, other) => one.start - other.start) };
}
