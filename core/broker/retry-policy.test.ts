import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crashedTooOften, DEFAULT_RETRY, failedTooOften, retryDelay } from "./retry-policy.ts";

const policies = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 20 }),
  maxCrashes: fc.integer({ min: 1, max: 20 }),
  baseDelayMs: fc.integer({ min: 1, max: 10_000 }),
  maxDelayMs: fc.integer({ min: 1, max: 600_000 }),
});
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("the retry policy", () => {
  it("keeps every delay between half the exponential delay and the maximum", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 2_000 }), randoms, (policy, failures, random) => {
        const nominal = Math.min(policy.baseDelayMs * 2 ** (failures - 1), policy.maxDelayMs);
        const delay = retryDelay(failures, policy, random);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(nominal * 0.5));
        expect(delay).toBeLessThanOrEqual(policy.maxDelayMs);
      }),
    );
  });

  it("never waits less after one more failure, given the same randomness", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 100 }), randoms, (policy, failures, random) => {
        expect(retryDelay(failures + 1, policy, random)).toBeGreaterThanOrEqual(retryDelay(failures, policy, random));
      }),
    );
  });

  it("doubles the delay from half a second with the default policy", () => {
    expect([1, 2, 3, 4].map((failures) => retryDelay(failures, DEFAULT_RETRY, 0.5))).toEqual([500, 1000, 2000, 4000]);
  });

  it("counts as crashes only the starts that reported no failure", () => {
    fc.assert(
      fc.property(policies, fc.nat(50), fc.nat(50), (policy, failures, crashes) => {
        const attempt = 1 + failures + crashes;
        expect(crashedTooOften({ attempt, failures }, policy)).toBe(crashes >= policy.maxCrashes);
      }),
    );
  });

  it("gives up after exactly the allowed number of failures", () => {
    expect([3, 4, 5].map((failures) => failedTooOften(failures, DEFAULT_RETRY))).toEqual([false, true, true]);
  });
});
