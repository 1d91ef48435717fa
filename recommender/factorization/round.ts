/** A stretch of an epoch, as one thread does it. */
import type { Loss, RunState, TrainingKernel } from "../kernel/kernel.ts";

/** What a thread is to do. */
export interface Round {
  readonly loss: Loss;
  /** Where the samples of this round begin and, at the latest, end. */
  readonly from: number;
  readonly to: number;
  /** Starts counters and scales anew, with this random state. */
  readonly randomState: number | undefined;
  /** Samples to shuffle before. */
  readonly shuffled: readonly [from: number, to: number] | undefined;
  /** Items whose cached representations to make anew afterwards. */
  readonly refreshed: readonly [from: number, to: number] | undefined;
}

/** How a round went. */
export interface RoundResult {
  /** The sample to go on from: before `to` when the lazy L2 has to be settled first. */
  readonly stopped: number;
  /** Since the last start of the counters. */
  readonly state: RunState;
}

/** Does a round. */
export function runRound(kernel: TrainingKernel, round: Round): RoundResult {
  if (round.randomState !== undefined) kernel.begin(round.randomState);
  if (round.shuffled !== undefined) kernel.shuffle(...round.shuffled);
  const stopped = kernel.train[round.loss](round.from, round.to);
  if (round.refreshed !== undefined) kernel.refreshItems(...round.refreshed);
  return { stopped, state: kernel.state() };
}
