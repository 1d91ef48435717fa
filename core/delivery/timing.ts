/** Waiting and backing off, with time and chance handed in. */
import type { Random } from "../environment.ts";

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

export interface TimeLimit {
  readonly ms: number;
  readonly sleep: Sleep;
  /** Passed on to the work, besides the limit's own abort. */
  readonly signal?: AbortSignal;
}

const IN_TIME = new Error("The work was done in time.");

/** Gives what `work` gives, or undefined when it takes longer than the limit; then its signal is aborted. */
export async function within<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { ms, sleep, signal }: TimeLimit,
): Promise<{ readonly value: Result } | undefined> {
  const ofWork = new AbortController();
  const inTime = new AbortController();
  const passOn = (): void => ofWork.abort(signal?.reason);
  if (signal?.aborted === true) passOn();
  signal?.addEventListener("abort", passOn, { once: true });
  try {
    return await Promise.race([
      work(ofWork.signal).then((value) => ({ value })),
      sleep(ms, inTime.signal).then(() => {
        ofWork.abort();
        return undefined;
      }),
    ]);
  } finally {
    signal?.removeEventListener("abort", passOn);
    inTime.abort(IN_TIME);
  }
}
