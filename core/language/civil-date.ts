/** A calendar day as the number of days since 1970-01-01: no time, no zone, exact arithmetic. */
export type CivilDay = number;

const DAY_MS = 86_400_000;

/** Days from the first to the last, both included. */
export interface DayRange {
  readonly first: CivilDay;
  readonly last: CivilDay;
}

/** A range of one day. */
export function singleDay(day: CivilDay): DayRange {
  return { first: day, last: day };
}

/** The day with these parts; parts that overflow roll over as in `Date.UTC`. */
export function civilDay(year: number, month: number, day: number): CivilDay {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** The day with these parts, or nothing where the calendar has none (31 April). */
export function existingDay(year: number, month: number, day: number): CivilDay | undefined {
  const found = civilDay(year, month, day);
  const parts = partsOf(found);
  return parts.month === month && parts.day === day ? found : undefined;
}

/** Year, month (1 to 12), day and weekday (0 is Monday) of a day. */
export function partsOf(day: CivilDay) {
  const date = new Date(day * DAY_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: (date.getUTCDay() + 6) % 7,
  };
}

/** `YYYY-MM-DD`. */
export function isoDay(day: CivilDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day that many months later; the 31st becomes the last day of a shorter month. */
function addMonths(day: CivilDay, months: number): CivilDay {
  const { year, month, day: dayOfMonth } = partsOf(day);
  const lastDay = civilDay(year, month + months + 1, 0);
  return Math.min(civilDay(year, month + months, dayOfMonth), lastDay);
}

/** The day it is at a moment in an IANA time zone. Throws `RangeError` for an unknown zone. */
export function dayAt(moment: Date, timeZone: string): CivilDay {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "numeric", day: "numeric" });
  const find = (type: string): number =>
    Number(parts.formatToParts(moment).find((part) => part.type === type)?.value ?? Number.NaN);
  return civilDay(find("year"), find("month"), find("day"));
}

/** A unit of calendar time. */
export type CalendarUnit = "day" | "week" | "fortnight" | "month" | "quarter" | "year";

/** The day that many units later. */
export function addUnits(day: CivilDay, count: number, unit: CalendarUnit): CivilDay {
  if (unit === "day") return day + count;
  if (unit === "week") return day + 7 * count;
  if (unit === "fortnight") return day + 14 * count;
  if (unit === "month") return addMonths(day, count);
  return addMonths(day, count * (unit === "quarter" ? 3 : 12));
}

/** The whole week (from Monday), month, quarter or year around a day. */
export function unitAround(day: CivilDay, unit: CalendarUnit): DayRange {
  const { year, month, weekday } = partsOf(day);
  if (unit === "day") return { first: day, last: day };
  if (unit === "week") return { first: day - weekday, last: day - weekday + 6 };
  if (unit === "fortnight") return { first: day - 13, last: day };
  if (unit === "month") return { first: civilDay(year, month, 1), last: civilDay(year, month + 1, 0) };
  if (unit === "year") return { first: civilDay(year, 1, 1), last: civilDay(year, 12, 31) };
  const firstMonth = month - ((month - 1) % 3);
  return { first: civilDay(year, firstMonth, 1), last: civilDay(year, firstMonth + 3, 0) };
}
