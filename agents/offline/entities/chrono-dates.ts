import { en, type ParsedResult } from "chrono-node";
import { civilDay, existingDay, partsOf, type CivilDay, type DayRange } from "./civil-date.ts";
import { closest, singleDay, type DateContext, type DateReading } from "./date-reading.ts";

/** Weekdays are told apart by what stands in front: chrono drops "last" and "next" from what it is certain of. */
function readWeekday(day: CivilDay, literal: string, context: DateContext): readonly DayRange[] {
  const { today, direction } = context;
  const ahead = (((day - today) % 7) + 7) % 7;
  const lower = literal.toLowerCase();
  const strictlyNext = today + (ahead === 0 ? 7 : ahead);
  if (/\b(?:last|past|previous)\b/u.test(lower)) return [singleDay(today - (7 - ahead))];
  if (/\bnext\b/u.test(lower)) {
    const nextWeek = today - partsOf(today).weekday + 7 + partsOf(day).weekday;
    // Some call the coming Friday "next Friday", some the one in the week after.
    return nextWeek === strictlyNext ? [singleDay(nextWeek)] : [singleDay(nextWeek), singleDay(strictlyNext)];
  }
  if (/\bthis\b/u.test(lower)) return [singleDay(today - partsOf(today).weekday + partsOf(day).weekday)];
  return [singleDay(direction === "past" ? today - ((7 - ahead) % 7) : today + ahead)];
}

/** "05/10/2026" is 5 October or May 10th, by the reader's country. */
function otherOrder(result: ParsedResult): DayRange | undefined {
  const { start } = result;
  const [year, month, day] = [start.get("year"), start.get("month"), start.get("day")];
  if (!/^\d{1,2}[/.]\d{1,2}/u.test(result.text) || year === null || month === null || day === null) return undefined;
  // A point between the numbers is only written where the day comes first.
  if (day > 12 || day === month || result.text.includes(".")) return undefined;
  return singleDay(civilDay(year, day, month));
}

type Components = ParsedResult["start"];

function dayOf(components: Components | undefined): CivilDay | undefined {
  const [year, month, day] = [components?.get("year"), components?.get("month"), components?.get("day")];
  if (typeof year !== "number" || typeof month !== "number" || typeof day !== "number") return undefined;
  return civilDay(year, month, day);
}

/** "25/12": the year that lies on the wanted side of today. */
function inFittingYear(day: CivilDay, components: Components, context: DateContext): DayRange {
  if (components.isCertain("year")) return singleDay(day);
  const parts = partsOf(day);
  const candidates = [-1, 0, 1].map((offset) => existingDay(parts.year + offset, parts.month, parts.day));
  const ranges = candidates.map((candidate) => (candidate === undefined ? undefined : singleDay(candidate)));
  return closest(ranges, context) ?? singleDay(day);
}

function readResult(result: ParsedResult, context: DateContext): DateReading | undefined {
  const { start, end } = result;
  const [first, last] = [dayOf(start), dayOf(end)];
  if (first === undefined || /^now$/iu.test(result.text)) return undefined;
  const place = { start: result.index, end: result.index + result.text.length };
  if (start.isCertain("weekday") && !start.isCertain("day")) {
    if (/^\p{Ll}{3,4}\.?$/u.test(result.text)) return undefined;
    return { ...place, ranges: readWeekday(first, result.text, context), grain: "day" };
  }
  if (!start.isCertain("day")) return undefined;
  if (last !== undefined && last > first) return { ...place, ranges: [{ first, last }], grain: "range" };
  const other = otherOrder(result);
  const range = inFittingYear(first, start, context);
  return { ...place, ranges: other === undefined ? [range] : [range, other], grain: "day" };
}

/** Reads what chrono does well: numeric dates, weekdays, today and yesterday, the end of the month. */
export function readWithChrono(text: string, context: DateContext): readonly DateReading[] {
  const parser = context.monthFirst ? en.casual : en.GB;
  const { year, month, day } = partsOf(context.today);
  // The reference is noon of the user's day, as UTC: chrono then counts in the user's calendar whatever zone we run in.
  const reference = { instant: new Date(Date.UTC(year, month - 1, day, 12)), timezone: 0 };
  return parser
    .parse(text, reference, { forwardDate: context.direction === "future" })
    .map((result) => readResult(result, context))
    .filter((reading) => reading !== undefined);
}
