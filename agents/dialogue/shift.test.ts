import { describe, expect, it } from "vitest";
import { dayAt } from "../../core/language/civil-date.ts";
import { type Shift, timeFrom } from "./shift.ts";

const today = dayAt(new Date("2026-11-21T09:00:00.000Z"), "Europe/Berlin");
const september = { from: "2026-09-01", to: "2026-09-30" };

describe("a time counted from another one", () => {
  it.each<[string, unknown, Shift, unknown]>([
    ["the month after", september, { unit: "month", count: 1 }, { from: "2026-10-01", to: "2026-10-31" }],
    ["the one before", september, { unit: "same", count: -1 }, { from: "2026-08-01", to: "2026-08-31" }],
    ["the last one", september, { unit: "same", count: -1, fromToday: true }, { from: "2026-10-01", to: "2026-10-31" }],
    ["the year before", september, { unit: "year", count: -1 }, { from: "2025-01-01", to: "2025-12-31" }],
    ["the day after", september, { unit: "day", count: 1 }, { from: "2026-10-01", to: "2026-10-01" }],
    ["of no whole unit", { from: "2026-09-02", to: "2026-09-20" }, { unit: "same", count: 1 }, undefined],
    ["of no time", undefined, { unit: "same", count: 1 }, undefined],
    ["the day after none", undefined, { unit: "day", count: 1 }, { from: "2026-11-22", to: "2026-11-22" }],
  ])("%s", (_words, time, shift, expected) => {
    const given =
      time === undefined ? undefined : september === time ? september : { from: "2026-09-02", to: "2026-09-20" };
    expect(timeFrom(given, shift, { isPeriod: true, today })).toEqual(expected);
  });

  it("is one day where a day is wanted", () => {
    expect(timeFrom("2026-02-28", { unit: "week", count: 1 }, { isPeriod: false, today })).toBe("2026-03-07");
  });
});
