/** One rate limit: at most so many grants in any window of its length. */
import type { Clock } from "../environment.ts";

export interface Window {
  /** How long until the next grant is allowed; 0: now. */
  readonly waitMs: () => number;
  /** Notes a grant. Call it only when `waitMs` is 0. */
  readonly take: () => void;
  /** Nothing is granted for so long. A shorter pause never shortens a longer one. */
  readonly pause: (ms: number) => void;
  /** True when forgetting it changes nothing. */
  readonly idle: () => boolean;
}

/** How many grants fit in which window: whole numbers per second, or one per 1/rate seconds below that. */
export function windowOf(perSecond: number): { readonly limit: number; readonly windowMs: number } {
  const limit = Math.max(1, Math.floor(perSecond));
  return { limit, windowMs: perSecond > 0 ? Math.ceil((limit / perSecond) * 1000) : 1000 };
}

/** A window for so many grants per second (a fraction below 1 spaces them out). `Infinity` limits nothing. */
export function createWindow(perSecond: number, clock: Clock): Window {
  const { limit, windowMs } = windowOf(Number.isFinite(perSecond) ? perSecond : Number.MAX_SAFE_INTEGER);
  const limited = Number.isFinite(perSecond);
  /** Grant times, oldest first, at most `limit` of them. */
  const grants: number[] = [];
  let pausedAt = 0;
  let pausedMs = 0;

  /** A clock that was set back must not turn a short wait into a long one. */
  function settle(now: number): void {
    for (let index = grants.length - 1; index >= 0 && (grants[index] ?? 0) > now; index--) grants[index] = now;
    if (pausedAt > now) pausedAt = now;
    while (grants.length > 0 && (grants[0] ?? 0) + windowMs <= now) grants.shift();
  }

  function waitMs(): number {
    const now = clock();
    settle(now);
    const pause = pausedAt + pausedMs - now;
    const oldest = grants[0];
    const full = limited && grants.length >= limit && oldest !== undefined ? oldest + windowMs - now : 0;
    return Math.max(0, pause, full);
  }

  return {
    waitMs,
    take: () => {
      if (limited) grants.push(clock());
    },
    pause: (ms) => {
      const now = clock();
      settle(now);
      const left = pausedAt + pausedMs - now;
      if (ms > left) {
        pausedAt = now;
        pausedMs = ms;
      }
    },
    idle: () => {
      const wait = waitMs();
      return wait === 0 && grants.length === 0;
    },
  };
}
