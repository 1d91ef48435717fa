import { addUnits, unitAround, type CalendarUnit, type CivilDay, type DayRange } from "./civil-date.ts";

/** Where an unfinished date ("the 5th", "Friday", "March") is looked for. */
export type DateDirection = "past" | "future";

/** What dates are relative to. */
export interface DateContext {
  readonly today: CivilDay;
  readonly direction: DateDirection;
  /** Whether 5/10 is the tenth of May. */
  readonly monthFirst: boolean;
}

/** A date found at a place of the text; more than one range when it can be read differently, the likeliest first. */
export interface DateReading {
  readonly start: number;
  readonly end: number;
  readonly ranges: readonly DayRange[];
  readonly grain: CalendarUnit | "range";
}

/** One way of writing dates. `shape` has the flag `g`; `read` gives nothing when the match is no date after all. */
export interface DatePattern {
  readonly shape: RegExp;
  readonly read: (match: RegExpExecArray, context: DateContext) => Omit<DateReading, "start" | "end"> | undefined;
}

/** The candidate on the wanted side of today: the latest that is not after it, or the earliest that is not before. */
export function closest(candidates: readonly (DayRange | undefined)[], context: DateContext): DayRange | undefined {
  const found = candidates.filter((range) => range !== undefined);
  if (context.direction === "past") return found.findLast((range) => range.first <= context.today) ?? found[0];
  return found.find((range) => range.last >= context.today) ?? found.at(-1);
}

/** The unit that contains today, moved by some units: `-1` is the last one. */
export function relativeUnit(context: DateContext, unit: CalendarUnit, offset: number): DayRange {
  const anchor = unit === "week" ? context.today : unitAround(context.today, unit).first;
  return unitAround(addUnits(anchor, offset, unit), unit);
}

/** A range of one day. */
export function singleDay(day: CivilDay): DayRange {
  return { first: day, last: day };
}
