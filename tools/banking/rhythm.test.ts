import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayAfter, RHYTHMS } from "./rhythm.ts";

describe("the days of a payment that comes back", () => {
  it.each([
    ["once", "2026-12-01", "2026-11-21", "2026-12-01"],
    ["once", "2026-12-01", "2026-12-01", undefined],
    ["weekly", "2026-11-20", "2026-11-20", "2026-11-27"],
    ["monthly", "2026-01-31", "2026-01-31", "2026-02-28"],
    ["monthly", "2026-01-31", "2026-02-28", "2026-03-31"],
    ["monthly", "2024-01-30", "2024-02-01", "2024-02-29"],
    ["quarterly", "2026-11-30", "2026-11-30", "2027-02-28"],
    ["half-yearly", "2026-08-31", "2026-08-31", "2027-02-28"],
    ["yearly", "2024-02-29", "2024-02-29", "2025-02-28"],
    ["yearly", "2024-02-29", "2027-12-31", "2028-02-29"],
  ] as const)("%s from %s comes, behind %s, on %s", (rhythm, firstDay, after, next) => {
    expect(dayAfter(after, firstDay, rhythm)).toBe(next);
  });

  it("follow each other without an end, whatever they began with", () => {
    const day = fc
      .date({ min: new Date("2000-01-01"), max: new Date("2090-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, day, fc.constantFrom(...RHYTHMS.filter((one) => one !== "once")), (first, after, rhythm) => {
        const next = dayAfter(after, first, rhythm);
        expect(next !== undefined && next > after && next >= first).toBe(true);
        const again = dayAfter(next ?? "", first, rhythm);
        expect(again !== undefined && again > (next ?? "")).toBe(true);
      }),
    );
  });
});
