import { ParleyError } from "../errors.ts";
import { pauseFor } from "./pause-for.ts";

const AGAIN_AFTER_MS = 100;

/** Repeats a storage call whose outcome is unknown until it is answered or the signal aborts. It must be repeatable. */
export async function untilAnswered<Result>(signal: AbortSignal, call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      const unknown = thrown instanceof ParleyError && thrown.retryable;
      if (!unknown || signal.aborted) throw thrown;
      await pauseFor(AGAIN_AFTER_MS, signal);
    }
  }
}
