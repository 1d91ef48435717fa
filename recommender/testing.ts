/**
 * `parleyjs-recommender/testing`: the parts of the factorization that another implementation of its loops is held against,
 * and measured with. Models are trained with `parleyjs-recommender`.
 */
export { rowLengthOf } from "./factorization/layout.ts";
export { type PreparedTraining, prepareTraining } from "./factorization/learn.ts";
export { settingsOf } from "./factorization/options.ts";
export { type Following, train } from "./factorization/train.ts";
export type { Workspace } from "./factorization/workspace.ts";
export type { Loss, RunState, TrainingKernel } from "./kernel/kernel.ts";
export type { Scorer } from "./kernel/scorer.ts";
export { webAssemblyScorer } from "./kernel/web-assembly-scorer.ts";
