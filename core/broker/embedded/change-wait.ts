/** Waiting for changes of the file, for those who read and found nothing. */
import type { ChangeWatch } from "./change-watch.ts";

export interface ChangeWait {
  /** True once something changed since the last call; false when the time is over or the signal aborted. */
  readonly next: () => Promise<boolean>;
  readonly stop: () => void;
}

/** Begins to watch, for `waitMs` at most. */
export function waitForChanges(watch: ChangeWatch, waitMs: number, signal: AbortSignal): ChangeWait {
  let over = waitMs <= 0 || signal.aborted;
  let changed = false;
  let wake: (() => void) | undefined;
  const end = (): void => {
    over = true;
    wake?.();
  };
  const stopWatching = watch.onChange(() => {
    changed = true;
    wake?.();
  });
  const timer = setTimeout(end, waitMs);
  signal.addEventListener("abort", end, { once: true });
  return {
    next: async () => {
      if (!changed && !over) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const more = changed && !over;
      changed = false;
      return more;
    },
    stop: () => {
      stopWatching();
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    },
  };
}
