import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepLease } from "./lease.ts";

describe("a kept lease", () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      now += 100;
      await vi.advanceTimersByTimeAsync(100);
    }
  };
  const keep = (renew: () => Promise<boolean>) => {
    const lost: string[] = [];
    const troubles: unknown[] = [];
    const lease = keepLease({
      leaseMs: 3_000,
      renew,
      onLost: (how) => void lost.push(how),
      onTrouble: (thrown) => void troubles.push(thrown),
      monotonic: () => now,
    });
    return { lost, troubles, stop: lease.stop };
  };

  it("is renewed three times per lease and outlives it", async () => {
    let renewals = 0;
    const { lost, stop } = keep(async () => {
      renewals += 1;
      return true;
    });
    await pass(9_000);
    stop();
    await pass(3_000);
    expect([renewals, lost]).toEqual([9, []]);
  });

  it("is lost once, at once, when another holder has it", async () => {
    const { lost } = keep(async () => false);
    await pass(9_000);
    expect(lost).toEqual(["taken"]);
  });

  it("outlives renewals that throw for less than a lease", async () => {
    let calls = 0;
    const { lost, stop, troubles } = keep(async () => {
      calls += 1;
      if (calls % 3 !== 0) throw new Error("no answer");
      return true;
    });
    await pass(12_000);
    stop();
    expect(lost).toEqual([]);
    expect(troubles.length).toBeGreaterThan(4);
  });

  it("counts as lost when renewals throw for a whole lease", async () => {
    const { lost } = keep(async () => {
      throw new Error("no answer");
    });
    await pass(2_900);
    expect(lost).toEqual([]);
    await pass(200);
    expect(lost).toEqual(["expired"]);
  });

  it("counts as lost when a renewal hangs for a whole lease", async () => {
    const { lost } = keep(() => new Promise(() => undefined));
    await pass(3_100);
    expect(lost).toEqual(["expired"]);
  });
});
