/** One abort signal for several causes, and work against a signal. */
import { setMaxListeners } from "node:events";

export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Lets go of the sources. Call it when the work is over; without it a source holds the link until one of them aborts. */
  readonly release: () => void;
}

/**
 * Aborts with the first of its sources, or after a time, with their reason. Instead of `AbortSignal.any`, which on
 * Node 20 never aborts once its timeout was collected as garbage, and stays with a source that lives long.
 */
export function linkSignals(sources: readonly (AbortSignal | undefined)[], timeoutMs?: number): LinkedSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const present = sources.filter((source) => source !== undefined);
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => end(new DOMException("The operation was aborted due to timeout", "TimeoutError")), timeoutMs);
  timer?.unref();

  function release(): void {
    clearTimeout(timer);
    for (const source of present) source.removeEventListener("abort", onAbort);
  }
  function end(reason: unknown): void {
    release();
    controller.abort(reason);
  }
  function onAbort(this: AbortSignal): void {
    end(this.reason);
  }

  // Node 20 warns of the eleventh listener. A signal that ends a whole process has one for each work in flight.
  for (const source of present) setMaxListeners(0, source);
  const aborted = present.find((source) => source.aborted);
  if (aborted === undefined) for (const source of present) source.addEventListener("abort", onAbort);
  else end(aborted.reason);
  return { signal, release };
}

/** What the work gives; rejects with the signal's reason once it is aborted, whether the work heeds it or not. */
export async function untilAborted<Result>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(signal), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Resolves once the signal is aborted. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
