import { realSleep } from "../../core/timing/sleep.ts";

/** Time as the model layer needs it; replaced in tests. */
export interface Timing {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Rejects with the signal's reason when it aborts first. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Calls `action` once after a while, unless the returned function is called first. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
}

/** The machine's own clock. */
export const systemTiming: Timing = {
  now: () => performance.now(),
  sleep: realSleep,
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
