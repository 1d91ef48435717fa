/** Time, ids and chance for tests: the same in every run, on every machine. */
import type { Environment, NewId, RandomBelow } from "../environment.ts";

/** Time that stands still until a test moves it: `clock.now += 60_000`. */
export interface TestClock {
  now: number;
}

/** Monday morning. */
const STARTS_AT = "2026-01-05T09:00:00Z";

/** A clock that shows a moment. Throws where that is none. */
export function testClock(at: string = STARTS_AT): TestClock {
  const now = Date.parse(at);
  if (Number.isNaN(now)) throw new RangeError(`"${at}" is no time. Write one such as "${STARTS_AT}".`);
  return { now };
}

/** Ids in the order in which they are made, also when they are sorted. */
export function testIds(prefix = "id"): NewId {
  let made = 0;
  return () => `${prefix}-${String((made += 1)).padStart(6, "0")}`;
}

/** What code reads from outside, without any outside. */
export function testEnvironment(clock: TestClock = testClock(), newId: NewId = testIds()): Environment {
  return { clock: () => clock.now, newId, random: () => 0.5, randomBelow: testDice() };
}

/** Numbers that differ, and are the same in each run. */
function testDice(): RandomBelow {
  let thrown = 1;
  return (limit) => {
    thrown = (thrown * 48_271) % 2_147_483_647;
    return thrown % limit;
  };
}
