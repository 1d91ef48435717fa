import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ParleyError } from "../errors.ts";
import { BrokerUnavailableError } from "./errors.ts";
import { crashedTooOften, DEFAULT_RETRY, failedTooOften, isOutage, redeliveryDelayMs } from "./retry-policy.ts";

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

  it("blames no message for a broker or a database that is away", () => {
    const database = new ParleyError("store/database", "The server cannot be reached.", { retryable: true });
    expect([new BrokerUnavailableError("emit"), database, new Error("its own fault")].map(isOutage)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("delivers soon after an outage, however long it was, and seldom to what refuses again and again", () => {
    const outage = new ParleyError("store/database", "The server cannot be reached.", { retryable: true });
    expect(redeliveryDelayMs(outage, 20, 1)).toBeLessThanOrEqual(4_000);
    expect(redeliveryDelayMs(new Error("refused"), 20, 1)).toBe(30_000);
    const asked = new ParleyError("adapter/rate-limited", "Slow down.", { retryable: true, retryAfterMs: 60_000 });
    expect(redeliveryDelayMs(asked, 1, 0)).toBe(60_000);
  });
});
