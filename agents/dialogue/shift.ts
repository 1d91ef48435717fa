/** Times that are counted from another one: "the day after that", "the month before", "the last one". Pure. */
import { z } from "zod";
import { type Json, JsonObject } from "../../core/json.ts";
import {
  addUnits,
  type CivilDay,
  type DayRange,
  existingDay,
  isoDay,
  unitAround,
} from "../../core/language/civil-date.ts";

const UNITS = ["day", "week", "month", "year"] as const;

/** How far, in which unit; `same`: that of the time before. */
export const Shift = z.strictObject({
  unit: z.enum([...UNITS, "same"]),
  count: z.int(),
  /** Counted from today, and not from the time before. */
  fromToday: z.literal(true).exactOptional(),
});
export type Shift = z.infer<typeof Shift>;

interface Around {
  /** Whether a period is wanted, and no day. */
  readonly isPeriod: boolean;
  readonly today: CivilDay;
}

/** The day, or the whole unit, so far from a time; from today where there is none. Undefined where no unit is known. */
export function timeFrom(
  time: Json | undefined,
  { unit, count, fromToday }: Shift,
  { isPeriod, today }: Around,
): Json | undefined {
  const range = rangeOf(time);
  const step = unit === "same" ? range && UNITS.find((one) => isWhole(range, one)) : unit;
  if (step === undefined) return undefined;
  // A day is counted from a period's last one, a month from the one it begins in.
  const from = fromToday === true || range === undefined ? today : step === "day" ? range.last : range.first;
  const day = addUnits(from, count, step);
  if (!isPeriod) return isoDay(day);
  const { first, last } = unitAround(day, step);
  return { from: isoDay(first), to: isoDay(last) };
}

function isWhole({ first, last }: DayRange, unit: (typeof UNITS)[number]): boolean {
  const whole = unitAround(first, unit);
  return whole.first === first && whole.last === last;
}

function rangeOf(time: Json | undefined): DayRange | undefined {
  const { from = time, to = time } = JsonObject.safeParse(time).data ?? {};
  const [first, last] = [dayOf(from), dayOf(to)];
  return first === undefined || last === undefined ? undefined : { first, last };
}

function dayOf(value: Json | undefined): CivilDay | undefined {
  const [, year, month, day] = (typeof value === "string" && /^(\d{4})-(\d{2})-(\d{2})$/u.exec(value)) || [];
  return existingDay(Number(year), Number(month), Number(day));
}
