/** Waiting. Where time is handed in, a `Sleep` is; tests have one that does not wait. */
import { performance } from "node:perf_hooks";
import type { Clock } from "../environment.ts";

/** Local time that only moves forward, in ms. A wall clock that jumps must not end a lease. */
export const monotonicClock: Clock = () => performance.now();

/** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Longest wait of one timer; Node fires longer ones at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Waits by the process's timers. */
export const realSleep: Sleep = async (ms, signal) => {
  signal?.throwIfAborted();
  // By hand, as the timers of node:timers/promises make an error with a stack trace for each abort.
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const onTime = (): void => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    };
    const timer = setTimeout(onTime, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
};

/** Waits `ms`; an abort ends the wait early, without a throw. */
export async function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  await realSleep(ms, signal).catch(() => undefined);
}
