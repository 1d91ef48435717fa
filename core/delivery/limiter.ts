/**
 * Keeps sends under the platform's rates before the platform has to complain.
 *
 * Each rate is a window with a log of grant times, so no window of its length ever holds more than its limit, whatever
 * the pattern of arrivals (a refilled bucket would let nearly twice the limit through). Chats that wait get their
 * turns round robin; a chat that is paused holds nobody else up; a chat that is idle is forgotten.
 */
import type { Capabilities } from "../adapter.ts";
import type { Clock } from "../environment.ts";
import { type Sleep, realSleep } from "../timing/sleep.ts";
import { type Lane, type Waiter, createLanes, grantReady } from "./lanes.ts";
import { createWindow } from "./rate-window.ts";

export interface Limiter {
  /** Resolves when a call in this chat is allowed; it counts from then on. Rejects with the signal's reason. */
  readonly acquire: (chat: string, signal: AbortSignal) => Promise<void>;
  /** Allows a call at once or says no; for calls that may be skipped (streaming edits). */
  readonly tryAcquire: (chat: string) => boolean;
  /** The platform asked for a pause: nothing is granted in this chat for so long. */
  readonly pause: (chat: string, ms: number) => void;
  /** Chats that are remembered. */
  readonly size: () => number;
}

export interface LimiterOptions {
  readonly rate: Capabilities["rate"];
  readonly clock: Clock;
  /** @default the process's timers */
  readonly sleep?: Sleep;
}

/** One limiter serves one account: its sends and edits share the platform's rates. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { rate, clock, sleep = realSleep } = options;
  const account = createWindow(rate.perAccountPerSecond, clock);
  const lanes = createLanes(() => createWindow(rate.perChatPerSecond, clock));
  /** Lanes with waiters, in the order in which they get their turns. */
  const queue = new Set<Lane>();
  let wake: AbortController | undefined;

  function pump(): void {
    wake?.abort();
    wake = undefined;
    const waitMs = grantReady(queue, account);
    if (waitMs === undefined) return;
    const timer = new AbortController();
    wake = timer;
    sleep(waitMs, timer.signal).then(pump, () => undefined);
  }

  function leave(lane: Lane, waiter: Waiter): void {
    const index = lane.waiting.indexOf(waiter);
    if (index >= 0) lane.waiting.splice(index, 1);
    if (lane.waiting.length === 0) queue.delete(lane);
    pump();
  }

  function tryAcquire(chat: string): boolean {
    const lane = lanes.of(chat);
    if (lane.waiting.length > 0 || lane.window.waitMs() > 0 || account.waitMs() > 0) return false;
    account.take();
    lane.window.take();
    return true;
  }

  return {
    acquire: async (chat, signal) => {
      signal.throwIfAborted();
      // Nobody else waits: nobody is overtaken.
      if (queue.size === 0 && tryAcquire(chat)) return;
      const lane = lanes.of(chat);
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          leave(lane, waiter);
          reject(signal.reason);
        };
        const grant = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
        const waiter: Waiter = { grant };
        signal.addEventListener("abort", onAbort, { once: true });
        lane.waiting.push(waiter);
        queue.add(lane);
        pump();
      });
    },
    tryAcquire,
    pause: (chat, ms) => {
      lanes.of(chat).window.pause(ms);
      pump();
    },
    size: lanes.size,
  };
}
