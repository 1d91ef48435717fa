/** How soon a process looks again whether others changed the file: often while somebody is at work, at the bell while nobody is. */
import { performance } from "node:perf_hooks";
import { BEAT_MS } from "../../timing/beat.ts";
import { createBell } from "./bell.ts";

/** Between looks: while others write, a message must not wait for them; while this process does, it asks less often. */
const OTHERS_AT_WORK_MS = 5;
const AT_WORK_MS = 25;
/** More changes than this between two beats are work: to look in turns costs less then than to hear of each. */
const CHANGES_AT_REST = 20;
/** So long after the last work the file counts as at rest. */
const AT_REST_AFTER_MS = 2_000;

export interface Pace {
  /** This process changed the file; true when it was at rest. */
  readonly ours: () => boolean;
  /** Another process did. */
  readonly theirs: () => void;
  /** To be called with each beat. */
  readonly beat: () => void;
  /** How long to wait for the next look, where something is due in `dueMs`; undefined leaves it to the bell and the beat. */
  readonly nextMs: (dueMs: number) => number | undefined;
  readonly close: () => void;
}

/** Makes the pace of one file; `rung` is called at rest, when a process changed the file. */
export function createPace(path: string, rung: () => void): Pace {
  const [ours, theirs] = [createWork(), createWork()];
  const bell = createBell(path, rung);
  return {
    ours: () => {
      bell.ring();
      const wasAtRest = !ours.isBusy();
      ours.count();
      return wasAtRest;
    },
    theirs: theirs.count,
    beat: () => {
      ours.beginAnew();
      theirs.beginAnew();
    },
    nextMs: (dueMs) => {
      if (ours.isBusy() || theirs.isBusy()) {
        bell.stopHearing();
        return theirs.isBusy() ? OTHERS_AT_WORK_MS : AT_WORK_MS;
      }
      // What happened before the bell is heard is looked for once more.
      if (bell.hear() || !bell.isHeard()) return AT_WORK_MS;
      // What is overdue could not be done, and is tried again after a moment.
      return dueMs < BEAT_MS ? Math.max(AT_WORK_MS, dueMs) : undefined;
    },
    close: bell.stopHearing,
  };
}

/** Counts changes between two beats. */
function createWork() {
  let changes = 0;
  let busyAt = Number.NEGATIVE_INFINITY;
  return {
    count: (): void => {
      changes += 1;
      if (changes > CHANGES_AT_REST) busyAt = performance.now();
    },
    beginAnew: (): void => {
      changes = 0;
    },
    isBusy: (): boolean => performance.now() - busyAt < AT_REST_AFTER_MS,
  };
}
