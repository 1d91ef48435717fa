/** Days and units as people say them of what was booked; of what is to be done they are asked about. */
import { addUnits, singleDay, unitAround } from "./civil-date.ts";
import { fixed, numberAt, relativeUnit, type DateContext, type PointReader } from "./date-point.ts";
import { peek, plays } from "./date-tokens.ts";

const spans: ReadonlySet<string | undefined> = new Set(["week", "month", "quarter", "year"]);

/** "This morning", "last night". */
const partOfDay: PointReader = ({ tokens, today }, at) => {
  const { offset } = peek(tokens, at).word;
  const isPart = peek(tokens, at + 1).word.unread === "time-of-day";
  return isPart && (offset === 0 || offset === -1) ? fixed(at + 2, "day", singleDay(today + offset)) : undefined;
};

/** "All year", "over the month", "den Monat": the one that is running. */
const runningUnit: PointReader = ({ tokens, today }, at) => {
  const { unit } = peek(tokens, at).word;
  const isLed = /^(?:all|the|whole|entire|full|den|das|die|ganze[ns]?|übers)$/u.test(peek(tokens, at - 1).lower);
  if (!isLed || unit === undefined || !spans.has(unit) || saysMore(tokens[at + 1])) return undefined;
  return fixed(at + 1, unit, relativeUnit(today, unit, 0));
};

function saysMore(token: DateContext["tokens"][number] | undefined): boolean {
  const { word = {}, digits, text = "" } = token ?? {};
  return digits !== undefined || text === "-" || (Object.keys(word).length > 0 && !plays(token, "now"));
}

/** "The full twelve months": up to today. */
const wholeUnits: PointReader = (context, at) => {
  const { tokens, today } = context;
  const number = numberAt(context, at);
  const unit = number === undefined ? undefined : peek(tokens, number.next).word.unit;
  const isLed = plays(tokens[at - 1], "article") && !/^an?$|^ein/u.test(peek(tokens, at - 1).lower);
  if (number === undefined || number.ordinal || number.value < 2 || number.value > 99) return undefined;
  if (unit === undefined || !isLed || saysMore(tokens[number.next + 1])) return undefined;
  return fixed(number.next + 1, "range", { first: addUnits(today, -number.value, unit) + 1, last: today });
};

/** "This month or last?", "nicht diese Woche, sondern letzte". */
const sameUnit: PointReader = ({ tokens, today }, at) => {
  const { offset } = peek(tokens, at).word;
  const next = peek(tokens, at + 1);
  const isAlone = next.text === "" || /^[^\p{L}\d]$/u.test(next.text) || next.lower === "one";
  if (offset === undefined || !isAlone) return undefined;
  const named = tokens.slice(Math.max(0, at - 4), at).findLast(({ word }) => spans.has(word.unit));
  const unit = named?.word.unit;
  return unit === undefined
    ? undefined
    : fixed(at + (next.lower === "one" ? 2 : 1), unit, relativeUnit(today, unit, offset));
};

/** How people look back. */
export const spokenReaders: readonly PointReader[] = [partOfDay, runningUnit, wholeUnits, sameUnit];

/** "The month of October", "die Woche vom 5. Oktober". */
export function unitOf(read: PointReader): PointReader {
  return (context, at) => {
    const { tokens } = context;
    const { unit } = peek(tokens, at).word;
    if (unit !== "week" && unit !== "month") return undefined;
    const isOf = /^(?:of|from|vom|ab)$/u.test(peek(tokens, at + 1).lower);
    const named = isOf || unit === "month" ? read(context, at + (isOf ? 2 : 1)) : undefined;
    if (unit === "month") return named?.grain === "month" ? named : undefined;
    if (named?.grain !== "day") return undefined;
    return { ...named, grain: "week", ranges: named.ranges.map(({ first }) => unitAround(first, "week")) };
  };
}
