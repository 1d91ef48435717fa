import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { messageEvent } from "../../test/support/events.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import { openLiveSignals } from "./live-signals.ts";

describe("the signals of a turn", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A turn, and when its first signal came, in ms. */
  function begin() {
    const begun = performance.now();
    const signals: number[] = [];
    const publish = async (): Promise<void> => void signals.push(performance.now() - begun);
    return { live: openLiveSignals(messageEvent(), { publish }, silentTelemetry.log), signals };
  }

  it("begin after a moment, so that typing is shown while the answer is thought about", () => {
    const { live, signals } = begin();
    vi.advanceTimersByTime(1_000);
    expect(signals).toEqual([40]);
    live.finish(1);
    expect(signals).toEqual([40, 1_000]);
  });

  it("do not begin where the answer is there already", () => {
    const { live, signals } = begin();
    vi.advanceTimersByTime(20);
    live.finish(1);
    vi.advanceTimersByTime(1_000);
    expect(signals).toEqual([]);
  });

  it("begin later where many turns run, which wait for one another rather than think", () => {
    const turns = Array.from({ length: 8 }, begin);
    vi.advanceTimersByTime(1_000);
    expect(turns.map(({ signals }) => signals[0])).toEqual([...Array.from({ length: 7 }, () => 40), 300]);
    for (const { live } of turns) live.finish(1);
    const { live, signals } = begin();
    vi.advanceTimersByTime(1_000);
    expect(signals).toEqual([40]);
    live.finish(1);
  });
});
