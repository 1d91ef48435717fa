import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakerOpenError, createBreaker } from "./breaker.ts";

const fails = async (): Promise<never> => await Promise.reject(new Error("down"));
const works = async (): Promise<string> => "ok";

function breakerAt(start = 0) {
  const time = { now: start };
  const states: string[] = [];
  const breaker = createBreaker({ service: "model", clock: () => time.now, onState: (state) => states.push(state) });
  const failTimes = async (count: number) => {
    for (let index = 0; index < count; index += 1) await expect(breaker.run(fails)).rejects.toThrow();
  };
  return { breaker, time, states, failTimes };
}

describe("circuit breaker", () => {
  it("opens after five failures in a row and does not call the service", async () => {
    const { breaker, failTimes } = breakerAt();
    await failTimes(5);
    let called = false;
    await expect(
      breaker.run(async () => {
        called = true;
        return await works();
      }),
    ).rejects.toBeInstanceOf(BreakerOpenError);
    expect(called).toBe(false);
  });

  it("forgets failures after a success", async () => {
    const { breaker, failTimes } = breakerAt();
    await failTimes(4);
    await breaker.run(works);
    await failTimes(4);
    expect(breaker.state()).toBe("closed");
  });

  it("lets one probe through after a minute and closes when it succeeds", async () => {
    const { breaker, time, failTimes, states } = breakerAt();
    await failTimes(5);
    time.now = 60_000;
    const probe = breaker.run(works);
    await expect(breaker.run(works)).rejects.toBeInstanceOf(BreakerOpenError);
    await expect(probe).resolves.toBe("ok");
    expect(states).toEqual(["open", "half-open", "closed"]);
  });

  it("stays open for another minute when the probe fails", async () => {
    const { breaker, time, failTimes } = breakerAt();
    await failTimes(5);
    time.now = 60_000;
    await failTimes(1);
    time.now = 119_999;
    expect(breaker.state()).toBe("open");
    time.now = 120_000;
    expect(breaker.state()).toBe("half-open");
  });

  it("platforms L: is tried again after a minute also where the clock was set back by an hour", async () => {
    const { breaker, time, failTimes } = breakerAt(7_200_000);
    await failTimes(5);
    time.now -= 3_600_000;
    expect(breaker.state()).toBe("open");
    time.now += 60_000;
    expect(breaker.state()).toBe("half-open");
  });

  it("does not count failures that do not speak against the service", async () => {
    const breaker = createBreaker({ service: "bank", clock: () => 0, counts: () => false });
    for (let index = 0; index < 20; index += 1) await expect(breaker.run(fails)).rejects.toThrow("down");
    expect(breaker.state()).toBe("closed");
  });

  it("equals its model for any sequence of results and waits", async () => {
    const step = fc.oneof(
      fc.constant("ok" as const),
      fc.constant("fail" as const),
      fc.integer({ min: 1, max: 70_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { breaker, time } = breakerAt();
        let failures = 0;
        let openedAt: number | undefined;
        for (const current of steps) {
          if (typeof current === "number") {
            time.now += current;
            continue;
          }
          const refused = openedAt !== undefined && time.now - openedAt < 60_000;
          const outcome = await breaker.run(current === "ok" ? works : fails).catch((error: unknown) => error);
          expect(outcome instanceof BreakerOpenError).toBe(refused);
          if (refused) continue;
          if (current === "ok") {
            failures = 0;
            openedAt = undefined;
          } else {
            failures += 1;
            if (failures >= 5) openedAt = time.now;
          }
        }
      }),
    );
  });
});
