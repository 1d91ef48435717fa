import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BEAT_MS, nextBeat, repeat } from "./beat.ts";

describe("the beat of a process", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("does at one moment what may be done at any", () => {
    const moments: string[] = [];
    const first = repeat(() => moments.push(`a ${performance.now()}`));
    vi.advanceTimersByTime(300);
    const second = repeat(() => moments.push(`b ${performance.now()}`));
    vi.advanceTimersByTime(BEAT_MS);
    expect(vi.getTimerCount()).toBe(1);
    const [one = "", other = ""] = moments;
    expect([moments.length, one.slice(2)]).toEqual([2, other.slice(2)]);
    first();
    second();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("counts multiples of itself, and leaves other times their own timer", () => {
    let [thirds, own] = [0, 0];
    const stops = [repeat(() => (thirds += 1), 3 * BEAT_MS), repeat(() => (own += 1), 100)];
    vi.advanceTimersByTime(6 * BEAT_MS);
    for (const stop of stops) stop();
    vi.advanceTimersByTime(6 * BEAT_MS);
    expect([thirds, own]).toEqual([2, (6 * BEAT_MS) / 100]);
  });

  it("can be waited for, until a signal ends that", async () => {
    const closing = new AbortController();
    const over = nextBeat(closing.signal);
    vi.advanceTimersByTime(BEAT_MS);
    await over;
    const never = nextBeat(closing.signal);
    closing.abort();
    await never;
    await nextBeat(closing.signal);
    expect(vi.getTimerCount()).toBe(0);
  });
});
