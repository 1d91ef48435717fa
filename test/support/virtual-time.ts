import type { Environment } from "../../core/environment.ts";

export interface VirtualTime {
  readonly environment: Environment;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly now: () => number;
}

/**
 * Time that passes only while everything else waits: whenever the process is idle it jumps to the next sleeper.
 * Hours of back-off take milliseconds, in the same order as they would in real time.
 */
export function createVirtualTime(random: () => number = () => 0.5): VirtualTime {
  let now = Date.parse("2026-01-05T09:00:00.000Z");
  let ids = 0;
  let scheduled = false;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  function schedule(): void {
    if (scheduled || sleepers.size === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      const [next] = [...sleepers].toSorted((left, right) => left.at - right.at);
      if (next !== undefined) {
        now = Math.max(now, next.at);
        sleepers.delete(next);
        next.wake();
      }
      schedule();
    });
  }

  return {
    environment: { clock: () => now, newId: () => `id-${(ids += 1)}`, random },
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        };
        const sleeper = { at: now + Math.max(0, ms), wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", onAbort, { once: true });
        schedule();
      });
    },
  };
}
