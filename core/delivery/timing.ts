/** Waiting and backing off, with time and chance handed in. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../environment.ts";

/** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Longest wait of one timer; Node fires longer ones at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Waits by the process's timers. */
export const realSleep: Sleep = async (ms, signal) => {
  signal?.throwIfAborted();
  try {
    await delay(Math.min(Math.max(0, ms), LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw thrown;
  }
};

/** How long to wait between failed tries. */
export interface Backoff {
  /** After the first failure, in ms; doubles each time. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/** The wait after the given number of failures (from 1), with ± 25 % jitter so that chats do not retry in step. */
export function backoffMs(failures: number, backoff: Backoff, random: Random): number {
  const exponential = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.max(0, failures - 1));
  return Math.round(exponential * (0.75 + random() * 0.5));
}

/** Gives what `work` gives, or undefined when it takes longer than `ms`; then its signal is aborted. */
export async function within<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  ms: number,
  sleep: Sleep,
): Promise<{ readonly value: Result } | undefined> {
  const late = new AbortController();
  const inTime = new AbortController();
  try {
    return await Promise.race([
      work(late.signal).then((value) => ({ value })),
      sleep(ms, inTime.signal).then(() => undefined),
    ]);
  } finally {
    inTime.abort();
    late.abort();
  }
}
