/** All experiments, in the order in which they run. */
import type { Experiment } from "../experiment.ts";
import { killedWorker } from "./f01-killed-worker.ts";

export const experiments: readonly Experiment[] = [killedWorker];
