/** From two points to a range, and from open words ("since", "until") to days. */
import { addUnits, civilDay, type DayRange } from "./civil-date.ts";
import { numberAt, type DateContext, type Point } from "./date-point.ts";
import { dayOfMonths } from "./date-calendar.ts";
import { pointAt } from "./date-points.ts";
import { plays, type DateToken, peek } from "./date-tokens.ts";

/** What was read at a place: ranges (none: no such day), or nothing that can be used. */
export interface Expression {
  readonly from: number;
  readonly next: number;
  readonly ranges: readonly DayRange[];
  readonly grain: Point["grain"];
  readonly problem?: "no-such-day" | "not-understood";
}

/** The day before which nothing is asked for: "until May" begins here. */
export const BEGINNING_OF_TIME = civilDay(1900, 1, 1);
/** A range that would end this long after today is perhaps rather the one a year before. */
const LONG_AHEAD = 31;

/** The candidate on the wanted side of today: the latest that is not after it, or the earliest that is not before. */
function closest(candidates: readonly DayRange[], { direction, today }: DateContext): DayRange | undefined {
  if (direction === "past") return candidates.findLast(({ first }) => first <= today) ?? candidates[0];
  return candidates.find(({ last }) => last >= today) ?? candidates.at(-1);
}

function alone(point: Point, context: DateContext): readonly DayRange[] {
  if (!point.open) return point.ranges;
  const found = closest(point.ranges, context);
  return found === undefined ? [] : [found];
}

/** Every way in which two points make a range, the likeliest first. */
function pair(left: Point, right: Point, context: DateContext): readonly DayRange[] {
  if (!left.open && !right.open) {
    return left.ranges.flatMap(({ first }) =>
      right.ranges.flatMap(({ last }) => (first <= last ? [{ first, last }] : [])),
    );
  }
  if (right.open && !left.open) {
    return left.ranges.flatMap(({ first }) => {
      const end = right.ranges.find((range) => range.first >= first);
      return end === undefined ? [] : [{ first, last: end.last }];
    });
  }
  const pairs = right.ranges.flatMap(({ first: limit, last }) => {
    const start = left.ranges.findLast(({ first }) => first <= limit);
    return start === undefined ? [] : [{ first: start.first, last }];
  });
  return right.open ? likeliestOf(pairs, left, context) : pairs;
}

function likeliestOf(pairs: readonly DayRange[], left: Point, context: DateContext): readonly DayRange[] {
  const found = closest(pairs, context);
  if (found === undefined) return [];
  const earlier = pairs[pairs.indexOf(found) - 1];
  const isAhead =
    context.direction === "past" && found.last > context.today + LONG_AHEAD && found.first <= context.today;
  if (isAhead && earlier !== undefined) return [found, earlier];
  // Weekdays of which only a part has passed: rather those of the week before, or these.
  const isPartly = context.direction === "past" && found.last > context.today && left.ranges.length > 50;
  return isPartly && earlier !== undefined ? [earlier, found] : [found];
}

function expression(from: number, point: Point, ranges: readonly DayRange[]): Expression {
  const isVague = point.vague === true;
  const { next, grain } = point;
  if (point.ranges.length === 0) return { from, next, grain, ranges: [], problem: "no-such-day" };
  const isUsable = !isVague && ranges.length > 0;
  return isUsable ? { from, next, grain, ranges } : { from, next, grain, ranges: [], problem: "not-understood" };
}

function joined(from: number, left: Point, right: Point, context: DateContext): Expression {
  const both = expression(from, { ...right, vague: false, grain: "range" }, pair(left, right, context));
  return left.ranges.length === 0 ? { ...both, ranges: [], problem: "no-such-day" } : both;
}

function isConnector(token: DateToken | undefined): boolean {
  return token?.dash === true || plays(token, "to") || plays(token, "until") || token?.text === "→";
}

/** "To", "until", "up to", and no "compared to". */
function isConnectorAt({ tokens }: DateContext, at: number): boolean {
  if (peek(tokens, at).lower === "up") return peek(tokens, at + 1).lower === "to";
  return isConnector(tokens[at]) && !/^(?:compared|next|relative|opposed)$/u.test(peek(tokens, at - 1).lower);
}

/** Behind the connector: "to", "up to and including", "bis einschl.", "until the". */
function behindConnector({ tokens }: DateContext, at: number): number {
  let next = at + 1;
  while (
    next < at + 6 &&
    /^(?:and|incl(?:uding|usive)?|zum|einschl(?:ießlich)?|inkl(?:usive)?|zu|to|der|dem|den|am|the|[.,])$/u.test(
      peek(tokens, next).lower,
    )
  )
    next += 1;
  return next;
}

/** A number whose month stands behind the other end: "between 1 and 15 May". */
function bareDay({ tokens, today }: DateContext, at: number): Point | undefined {
  const value = peek(tokens, at).digits ?? peek(tokens, at).word.ordinal;
  return value === undefined || value > 31 || value < 1 ? undefined : dayOfMonths(today, { value, next: at + 1 });
}

/** "P to P", with or without "from" in front; half a range where its end is missing. */
function rangeFrom(context: DateContext, at: number, from: number): Expression | undefined {
  const { tokens } = context;
  const named = pointAt(context, at);
  const left = named ?? bareStart(context, at, from);
  if (left === undefined) return undefined;
  const isBetween = plays(tokens[from], "between");
  const link = peek(tokens, left.next);
  if (!isConnectorAt(context, left.next) && !(isBetween && plays(link, "and"))) return undefined;
  const behind = behindConnector(context, left.next);
  const right = rightEnd(context, named, { at, behind });
  if (right !== undefined) return joined(from, left, right, context);
  // A dash may end a sentence, and "send 5 to Zoe" is none; "until" and "to" behind a date begin a range.
  const isNone = (link.dash === true && !isBetween) || (named === undefined && from === at);
  return isNone ? undefined : { ...halfRead(from), next: left.next + 1 };
}

function rightEnd(
  context: DateContext,
  left: Point | undefined,
  places: { readonly at: number; readonly behind: number },
): Point | undefined {
  const { behind } = places;
  if (plays(context.tokens[behind], "now")) return now(context, behind + 1);
  return pointAt(context, behind) ?? (left && dayBeside(context, left, places));
}

/** "November 10 and 15": the month is that of both. */
function dayBeside(
  { tokens }: DateContext,
  left: Point,
  { at, behind }: { readonly at: number; readonly behind: number },
): Point | undefined {
  const [from, to] = [peek(tokens, at + 1).digits, peek(tokens, behind).digits];
  const isMonthFirst = peek(tokens, at).word.month !== undefined && left.grain === "day";
  if (!isMonthFirst || from === undefined || to === undefined || to < from || to > 31) return undefined;
  const ranges = left.ranges.map(({ first }) => ({ first: first + to - from, last: first + to - from }));
  return { ...left, next: behind + 1, ranges };
}

function bareStart(context: DateContext, at: number, from: number): Point | undefined {
  const start = plays(context.tokens[at], "article") ? at + 1 : at;
  return start > from || isConnectorAt(context, start + 1) ? bareDay(context, start) : undefined;
}

function now({ today }: DateContext, next: number): Point {
  return { next, ranges: [{ first: today, last: today }], open: false, grain: "day" };
}

function upToToday(from: number, point: Point, context: DateContext): Expression {
  const ranges = alone(point, { ...context, direction: "past" }).map(({ first }) => ({
    first,
    last: Math.max(first, context.today),
  }));
  const next = plays(context.tokens[point.next], "onwards") ? point.next + 1 : point.next;
  return expression(from, { ...point, next, vague: false, grain: "range" }, ranges);
}

function openEnded(context: DateContext, at: number): Expression | undefined {
  const { tokens } = context;
  const token = tokens[at];
  if (plays(token, "since")) return since(context, at);
  if (isConnectorAt(context, at) && token?.dash !== true) return until(context, at);
  if (plays(token, "before") || plays(token, "after")) return beyond(context, at);
  return undefined;
}

function since(context: DateContext, at: number): Expression | undefined {
  const whole = rangeFrom(context, at + 1, at);
  if (whole !== undefined) return whole;
  const running = sinceAgo(context, at);
  if (running !== undefined) return running;
  const begin = at + (plays(context.tokens[at + 1], "from") ? 2 : 1);
  const point = pointAt(context, begin) ?? pointBehind(context, at);
  return point === undefined ? undefined : upToToday(at, point, context);
}

/** "seit drei Wochen": so many units up to today. */
function sinceAgo(context: DateContext, at: number): Expression | undefined {
  const { tokens, today } = context;
  const number = numberAt(context, at + 1);
  const unit = number === undefined ? undefined : peek(tokens, number.next).word.unit;
  if (number === undefined || number.ordinal || unit === undefined || number.value > 999) return undefined;
  const ranges = [{ first: addUnits(today, -number.value, unit), last: today }];
  return { from: at, next: number.next + 1, grain: "range", ranges };
}

function until(context: DateContext, from: number): Expression | undefined {
  const point = pointAt(context, behindConnector(context, from));
  if (point === undefined) return undefined;
  const ranges = alone(point, context).map(({ last }) => ({ first: BEGINNING_OF_TIME, last }));
  return expression(from, { ...point, vague: false, grain: "range" }, ranges);
}

/** "before May", "after 5 October". */
function beyond(context: DateContext, at: number): Expression | undefined {
  const point = pointBehind(context, at);
  if (point === undefined) return undefined;
  const isBefore = plays(context.tokens[at], "before");
  const ranges = alone(point, context).map(({ first, last }) =>
    isBefore
      ? { first: BEGINNING_OF_TIME, last: first - 1 }
      : { first: last + 1, last: Math.max(context.today, last + 1) },
  );
  return expression(at, { ...point, vague: false, grain: "range" }, ranges);
}

function pointBehind(context: DateContext, at: number): Point | undefined {
  const behind = /^(?:dem|den|the)$/u.test(peek(context.tokens, at + 1).lower) ? at + 2 : at + 1;
  return pointAt(context, at + 1) ?? pointAt(context, behind);
}

/** "from 5 October" alone may be that day or all since; "from October" is in October. */
function fromPoint(context: DateContext, at: number): Expression | undefined {
  const point = pointAt(context, at + 1);
  if (point === undefined) return undefined;
  if (plays(context.tokens[point.next], "onwards")) return upToToday(at, point, context);
  const only = expression(at, point, alone(point, context));
  const isOpen = peek(context.tokens, at).lower === "from" && point.grain === "day" && context.direction === "past";
  const isToday = only.ranges.some(({ last }) => last >= context.today - 1);
  if (!isOpen || only.problem !== undefined || isToday) return only;
  return { ...only, ranges: [...only.ranges, ...upToToday(at, point, context).ranges] };
}

/** The date expression that begins at a token, if one does. */
export function expressionAt(context: DateContext, at: number): Expression | undefined {
  const { tokens } = context;
  const token = tokens[at];
  if (token === undefined || !mayBegin(tokens, at)) return undefined;
  if (plays(token, "between")) return rangeFrom(context, at + 1, at) ?? halfRead(at);
  if (plays(token, "from")) return rangeFrom(context, at + 1, at) ?? fromPoint(context, at);
  const whole = rangeFrom(context, at, at);
  if (whole !== undefined) return whole;
  // "Vor drei Tagen" is a day, "vor dem 1. Juli" an open range.
  const point = plays(token, "ago-before") || !isOpening(token) ? pointAt(context, at) : undefined;
  if (point !== undefined) return expression(at, point, alone(point, context));
  return openEnded(context, at);
}

function isOpening(token: DateToken | undefined): boolean {
  return (
    plays(token, "since") ||
    plays(token, "before") ||
    plays(token, "after") ||
    (isConnector(token) && token?.dash !== true)
  );
}

function halfRead(at: number): Expression {
  return { from: at, next: at + 1, ranges: [], grain: "range", problem: "not-understood" };
}

/** Most tokens of a message are words without any part in a date. An article leads to nothing but what may begin by itself. */
function mayBegin(tokens: readonly DateToken[], at: number): boolean {
  const token = peek(tokens, at);
  const { word, digits, numeric, quarter, halfYear, lower } = token;
  const isNumber = digits !== undefined || numeric !== undefined || quarter !== undefined || halfYear !== undefined;
  const isOfTime = isNumber || lower === "up" || Object.keys(word).length > 0;
  return isOfTime && (!plays(token, "article") || mayBegin(tokens, at + 1));
}
