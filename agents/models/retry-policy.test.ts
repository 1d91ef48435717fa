import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ModelOverloadedError, ModelRateLimitedError, ModelRefusedError } from "./model-errors.ts";
import { retryPause } from "./retry-policy.ts";

const policy = { attempts: 3, withinMs: 10_000, pauseMs: 500 };

test("pauses double and jitter takes off up to half", () => {
  const error = new ModelOverloadedError("overloaded");
  expect(retryPause(policy, { attempt: 1, error, elapsedMs: 0 }, () => 0)).toBe(500);
  expect(retryPause(policy, { attempt: 2, error, elapsedMs: 0 }, () => 0)).toBe(1000);
  expect(retryPause(policy, { attempt: 2, error, elapsedMs: 0 }, () => 1)).toBe(500);
});

test("a hopeless error is not repeated", () => {
  const error = new ModelRefusedError("declined");
  expect(retryPause(policy, { attempt: 1, error, elapsedMs: 0 }, () => 0)).toBeUndefined();
});

test("no attempt is ever planned beyond the number or the time", () => {
  const failed = fc.record({
    attempt: fc.integer({ min: 1, max: 5 }),
    elapsedMs: fc.integer({ min: 0, max: 20_000 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      failed,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      ({ attempt, elapsedMs, retryAfterMs }, random) => {
        const error = new ModelRateLimitedError("limited", { retryAfterMs });
        const pause = retryPause(policy, { attempt, error, elapsedMs }, () => random);
        if (pause === undefined) return;
        expect(attempt).toBeLessThan(3);
        expect(elapsedMs + pause).toBeLessThanOrEqual(10_000);
        expect(pause).toBeGreaterThanOrEqual(retryAfterMs ?? 250);
      },
    ),
  );
});
