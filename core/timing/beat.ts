/**
 * Moments that everything in a process shares which comes back again and again and need not be punctual (leases, signs
 * of life, looks for what got lost): an idle process wakes up once for all of it.
 */

/** The distance of two beats. */
export const BEAT_MS = 2_000;

interface Work {
  readonly run: () => void;
  readonly every: number;
}

const works = new Set<Work>();
let timer: NodeJS.Timeout | undefined;
let beats = 0;

/**
 * Calls `run`, which must not throw, every `everyMs` until the returned function is called, the first time after
 * `everyMs` at the latest. At shared moments where the time is a multiple of the beat.
 */
export function repeat(run: () => void, everyMs: number = BEAT_MS): () => void {
  if (everyMs % BEAT_MS !== 0) {
    const own = setInterval(run, Math.max(1, everyMs));
    return () => clearInterval(own);
  }
  const work: Work = { run, every: everyMs / BEAT_MS };
  works.add(work);
  timer ??= setInterval(beat, BEAT_MS);
  return () => {
    works.delete(work);
    if (works.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function beat(): void {
  beats += 1;
  for (const { run, every } of works) if (beats % every === 0) run();
}

/** Resolves with the next beat, or when the signal is aborted. */
export async function nextBeat(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      leave();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const leave = repeat(end);
    signal.addEventListener("abort", end, { once: true });
  });
}
