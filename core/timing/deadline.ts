/** Work that may take only so long. */
import { realSleep, type Sleep } from "./sleep.ts";

export interface TimeLimit {
  readonly ms: number;
  /** Passed on to the work, besides the limit's own abort. */
  readonly signal?: AbortSignal;
  readonly sleep?: Sleep;
}

/** Gives what `work` gives, or undefined when it takes longer than the limit; then its signal is aborted. */
export async function within<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { ms, signal, sleep = realSleep }: TimeLimit,
): Promise<{ readonly value: Result } | undefined> {
  const ofWork = new AbortController();
  const passOn = (): void => ofWork.abort(signal?.reason);
  if (signal?.aborted === true) passOn();
  signal?.addEventListener("abort", passOn, { once: true });
  let limit: Limit | undefined;
  try {
    const working = work(ofWork.signal).then((value) => ({ value }));
    limit = sleep === realSleep ? timer(ms) : sleeping(ms, sleep);
    return await Promise.race([
      working,
      limit.over.then(() => {
        ofWork.abort();
        return undefined;
      }),
    ]);
  } finally {
    signal?.removeEventListener("abort", passOn);
    limit?.clear();
  }
}

interface Limit {
  readonly over: Promise<void>;
  readonly clear: () => void;
}

/** The process's own timer, as nearly all work has: without a signal to end it, which costs more than the rest. */
function timer(ms: number): Limit {
  let clear = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    const running = setTimeout(resolve, ms);
    clear = () => clearTimeout(running);
  });
  return { over, clear };
}

function sleeping(ms: number, sleep: Sleep): Limit {
  const done = new AbortController();
  return { over: sleep(ms, done.signal), clear: () => done.abort(IN_TIME) };
}

const IN_TIME = new Error("The work was done in time.");

/** Gives what `work` gives; throws when it takes longer, and aborts its signal. */
export async function inTime<Result>(ms: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const done = await within(work, { ms });
  if (done === undefined) throw new Error(`no answer within ${ms} ms`);
  return done.value;
}
