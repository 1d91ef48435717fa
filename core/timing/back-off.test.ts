import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffMs } from "./back-off.ts";

const backOffs = fc.record({
  baseDelayMs: fc.integer({ min: 1, max: 10_000 }),
  maxDelayMs: fc.integer({ min: 1, max: 600_000 }),
});
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("backing off", () => {
  it("keeps every delay between half the exponential delay and the maximum", () => {
    fc.assert(
      fc.property(backOffs, fc.integer({ min: 1, max: 2_000 }), chances, (backOff, failures, chance) => {
        const nominal = Math.min(backOff.baseDelayMs * 2 ** (failures - 1), backOff.maxDelayMs);
        const delay = backOffMs(failures, backOff, chance);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(nominal * 0.5));
        expect(delay).toBeLessThanOrEqual(backOff.maxDelayMs);
      }),
    );
  });

  it("never waits less after one more failure, given the same chance", () => {
    fc.assert(
      fc.property(backOffs, fc.integer({ min: 1, max: 100 }), chances, (backOff, failures, chance) => {
        expect(backOffMs(failures + 1, backOff, chance)).toBeGreaterThanOrEqual(backOffMs(failures, backOff, chance));
      }),
    );
  });

  it("doubles the delay, moved by chance as far as it may", () => {
    const backOff = { baseDelayMs: 500, maxDelayMs: 30_000 };
    expect([1, 2, 3, 4].map((failures) => backOffMs(failures, backOff, 0.5))).toEqual([500, 1000, 2000, 4000]);
    expect(backOffMs(1, { ...backOff, jitter: [1, 0.5] }, 1)).toBe(250);
  });
});
