/** On which days a payment comes back. Days are `YYYY-MM-DD`. */
import { addUnits, civilDay, dayAt, isoDay, type CalendarUnit, type CivilDay } from "../../core/language/civil-date.ts";

/** `once` is a payment on one later day. */
export const RHYTHMS = ["once", "weekly", "monthly", "quarterly", "half-yearly", "yearly"] as const;
export type Rhythm = (typeof RHYTHMS)[number];

const STEPS: Readonly<Record<Exclude<Rhythm, "once">, readonly [count: number, unit: CalendarUnit]>> = {
  weekly: [1, "week"],
  monthly: [1, "month"],
  quarterly: [3, "month"],
  "half-yearly": [6, "month"],
  yearly: [1, "year"],
};

/** More dates than an order can have had. */
const MOST_DATES = 10_000;

/**
 * The first day behind `after` on which a payment that began on `first` comes back; undefined where none does. Counted from
 * `first`, so that the 31st is the 31st again after a shorter month.
 */
export function dayAfter(after: string, first: string, rhythm: Rhythm): string | undefined {
  if (first > after) return first;
  if (rhythm === "once") return undefined;
  const [count, unit] = STEPS[rhythm];
  const start = dayOf(first);
  for (let at = 1; at < MOST_DATES; at += 1) {
    const day = isoDay(addUnits(start, at * count, unit));
    if (day > after) return day;
  }
  return undefined;
}

/** The day it is. */
export function today(now: number, timeZone: string): string {
  return isoDay(dayAt(new Date(now), timeZone));
}

/** The day before. */
export function dayBefore(day: string): string {
  return isoDay(dayOf(day) - 1);
}

function dayOf(day: string): CivilDay {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return civilDay(year, month, date);
}
