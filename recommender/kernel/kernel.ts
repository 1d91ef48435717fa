/**
 * The loops that take the time: training steps. They work on one block of memory, at byte addresses given by whoever
 * laid it out. The tests hold the compiled ones against the same in plain JavaScript.
 */

/** What a run of training steps left behind. */
export interface RunState {
  readonly userScale: number;
  readonly itemScale: number;
  /** Negatives tried. */
  readonly tries: number;
  /** Steps taken. */
  readonly updates: number;
  /** Sum of the losses. */
  readonly loss: number;
}

/** How a loss walks over samples from one place to another; returns where it stopped (the scales grew too large). */
export type Train = (from: number, to: number) => number;

/** The losses that can be trained. */
export type Loss = "warp" | "warp-kos" | "bpr" | "logistic";

export interface TrainingKernel {
  /** Reads the settings block; `scratch` is where this thread may keep vectors. */
  readonly configure: (scratch: number) => void;
  /** Starts a run with a random state: counters at 0, scales at 1. */
  readonly begin: (randomState: number) => void;
  readonly shuffle: (from: number, to: number) => void;
  readonly train: Readonly<Record<Loss, Train>>;
  /** Makes the representations of these items anew from their features. */
  readonly refreshItems: (from: number, to: number) => void;
  /** Multiplies a table's weights; `constantAt` is the byte place of a constant 1 in each row, −1 for none. */
  readonly rescale: (table: number, rows: number, factor: number, constantAt: number) => void;
  readonly state: () => RunState;
}
