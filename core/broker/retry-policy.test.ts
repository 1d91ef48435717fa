import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crashedTooOften, DEFAULT_RETRY, failedTooOften } from "./retry-policy.ts";

const policies = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 20 }),
  maxCrashes: fc.integer({ min: 1, max: 20 }),
  baseDelayMs: fc.constant(500),
  maxDelayMs: fc.constant(30_000),
});

describe("the retry policy", () => {
  it("blames a message for deaths at which it alone was in flight, however many others there were", () => {
    fc.assert(
      fc.property(policies, fc.nat(50), fc.nat(50), (policy, deaths, others) => {
        expect(crashedTooOften({ crashes: deaths + others, deaths }, policy)).toBe(deaths >= policy.maxCrashes);
      }),
    );
  });

  it("gives up after exactly the allowed number of failures", () => {
    expect([3, 4, 5].map((failures) => failedTooOften(failures, DEFAULT_RETRY))).toEqual([false, true, true]);
  });
});
