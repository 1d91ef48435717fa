import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AttemptState, countAttempt, refundAttempt } from "./attempt-rule.ts";

const MINUTE = 60_000;
const rule = { limit: 5, windowMs: 15 * MINUTE, lockMs: MINUTE, longestLockMs: 60 * MINUTE };

/** Plays attempts at these times; gives when those that were let through came, and the state after. */
function play(times: readonly number[]): { readonly passed: readonly number[]; readonly state?: AttemptState } {
  const passed: number[] = [];
  let state: AttemptState | undefined;
  for (const now of times) {
    const counted = countAttempt(state, now, rule);
    if (counted.retryAt === undefined) passed.push(now);
    state = counted.state;
  }
  return { passed, ...(state !== undefined && { state }) };
}

describe("counting attempts", () => {
  it("locks with the last one that is let through, each time twice as long", () => {
    const pauses: number[] = [];
    let now = 1_000_000;
    let state: AttemptState | undefined;
    for (let attempts = 0; attempts < 50; attempts += 1) {
      const counted = countAttempt(state, now, rule);
      state = counted.state;
      if (!counted.isLocking) continue;
      pauses.push((state.lockedUntil - now) / MINUTE);
      now = state.lockedUntil;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  it("lets nobody through while it is locked, and says until when", () => {
    const { state } = play([0, 0, 0, 0, 0]);
    expect(countAttempt(state, MINUTE - 1, rule)).toEqual({ state, isLocking: false, retryAt: MINUTE });
    expect(countAttempt(state, MINUTE, rule).retryAt).toBeUndefined();
  });

  it("begins anew for who kept away long enough", () => {
    const { state } = play([0, 0, 0, 0, 0]);
    const later = MINUTE + rule.longestLockMs;
    expect(countAttempt(state, later, rule).state).toMatchObject({ failures: 1, locks: 0 });
  });

  it("lets fewer than two limits through in the time of the shortest lock, whatever the times", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, (between) => {
        let now = 0;
        const { passed } = play(between.map((gap) => (now += gap)));
        // Where one window ends and the next begins, the attempts of both meet; a full one is followed by a lock.
        for (const [index, first] of passed.entries()) {
          const next = passed[index + 2 * rule.limit - 1];
          if (next !== undefined) expect(next - first).toBeGreaterThanOrEqual(rule.lockMs);
        }
      }),
    );
  });

  it("takes back exactly the attempt that was rightful", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), (before) => {
        const { state } = play(Array.from({ length: before }, () => 0));
        const counted = countAttempt(state, 0, rule);
        const refunded = refundAttempt(counted.state, rule, counted.isLocking);
        expect(refunded).toMatchObject({ failures: before, locks: 0, lockedUntil: 0 });
      }),
    );
  });
});
