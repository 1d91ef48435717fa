/** What other work on the machine does to the times that experiments are judged by. */
import { percentile } from "./experiment.ts";

/** What a process takes to start where nothing else runs, in ms. */
const QUIET_START_MS = 1_200;

/**
 * How many times slower than a quiet machine this one was, told by the starts of processes (in ms), which do the same work
 * each time; never below 1. What is a matter of CPU may take so many times longer.
 */
export function slownessOf(startedIn: readonly number[]): number {
  return Math.max(1, percentile(startedIn, 0.5) / QUIET_START_MS);
}

/** For the figures of an experiment. */
export const describeSlowness = (slowness: number): string => `× ${slowness.toFixed(1)}`;
