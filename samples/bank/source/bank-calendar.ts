const DAY_MS = 86_400_000;

/** Weekdays on which the interbank system rests (see `sepa-transfers.md`), within the sample year. */
const BANK_HOLIDAYS: ReadonlySet<string> = new Set([
  "2025-12-25",
  "2025-12-26",
  "2026-01-01",
  "2026-04-03",
  "2026-04-06",
  "2026-05-01",
]);

/** All calendar days from `first` to `last`, both included, as `YYYY-MM-DD`. */
export function daysBetween(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** `count` days after `day`, or before it when negative. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** 0 is Sunday, 6 is Saturday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The day itself, or the first working day after it. */
export function workingDayFrom(day: string): string {
  return isWorkingDay(day) ? day : workingDayFrom(addDays(day, 1));
}

/** The last working day of the month that `day` lies in. */
export function lastWorkingDayOfMonth(day: string): string {
  const firstOfNextMonth = new Date(Date.UTC(yearOf(day), monthOf(day), 1)).toISOString().slice(0, 10);
  let last = addDays(firstOfNextMonth, -1);
  while (!isWorkingDay(last)) last = addDays(last, -1);
  return last;
}

/** 1 is January. */
export function monthOf(day: string): number {
  return Number(day.slice(5, 7));
}

/** Interest is paid on these days. */
export function isLastDayOfQuarter(day: string): boolean {
  return addDays(day, 1).endsWith("-01") && monthOf(day) % 3 === 0;
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}

function isWorkingDay(day: string): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !BANK_HOLIDAYS.has(day);
}
