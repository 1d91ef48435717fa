import { setTimeout as sleep } from "node:timers/promises";

/** Waits `ms`; an abort ends the wait early, without a throw. */
export async function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (thrown) {
    if (!(signal?.aborted ?? false)) throw thrown;
  }
}
