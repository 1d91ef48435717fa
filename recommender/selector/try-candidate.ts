/** Trains one candidate on the validation's training part and measures it. */
import { RecommenderError } from "../errors.ts";
import { evaluate, type Evaluation, type EvaluationOptions, type MetricName } from "../evaluation/evaluate.ts";
import type { Model, Training } from "../model.ts";
import { rowOf } from "../sparse.ts";
import type { Candidate } from "./selection.ts";
import type { Validation } from "./validation.ts";

/** A candidate that was trained. */
export interface Tried {
  readonly candidate: Candidate;
  readonly model: Model;
  readonly seconds: number;
  readonly losses: readonly number[];
  readonly known: Evaluation;
  readonly unseen: Evaluation | undefined;
}

/** A candidate that could not be. */
export interface Failed {
  readonly candidate: Candidate;
  readonly seconds: number;
  readonly error: RecommenderError;
}

export interface Trial {
  readonly validation: Validation;
  readonly measures: EvaluationOptions;
  readonly training: Training;
  /** In seconds. */
  readonly clock: () => number;
}

/** Only what a model says it cannot do is a failure; being called off, and bugs, are thrown. */
export async function tryCandidate(candidate: Candidate, trial: Trial): Promise<Tried | Failed> {
  const started = trial.clock();
  const losses: number[] = [];
  const training: Training = {
    ...trial.training,
    onProgress: (progress) => {
      if (progress.loss !== undefined) losses.push(progress.loss);
      trial.training.onProgress?.(progress);
    },
  };
  try {
    const model = await candidate.fit(trial.validation.train, training);
    const seconds = trial.clock() - started;
    return { candidate, model, seconds, losses, ...measure(model, trial) };
  } catch (error) {
    if (!(error instanceof RecommenderError) || error.code === "recommender/cancelled") throw error;
    return { candidate, seconds: trial.clock() - started, error };
  }
}

/** Known users by their row, unseen ones by their features. */
export function measure(model: Model, { validation, measures }: Trial): Pick<Tried, "known" | "unseen"> {
  const features = validation.train.userFeatures;
  return {
    known: evaluate(model, validation.known, measures),
    unseen:
      validation.unseen === undefined || features === undefined
        ? undefined
        : evaluate(
            (user, into) => model.scores({ features: rowOf(features, user) }, into),
            validation.unseen,
            measures,
          ),
  };
}

/** Mean of these metrics. */
export const objectiveOf = ({ metrics }: Evaluation, names: readonly MetricName[]): number =>
  names.reduce((sum, name) => sum + (metrics.get(name)?.mean ?? Number.NaN), 0) / names.length;

/** The same for each user, for paired comparisons. */
export function objectivePerUser({ perUser }: Evaluation, names: readonly MetricName[]): Float64Array {
  const columns = perUser.columns.filter((_, index) => names.includes(perUser.names[index] ?? "auc"));
  return perUser.columns[0]?.map((_, user) => meanAt(columns, user)) ?? new Float64Array();
}

const meanAt = (columns: readonly Float64Array[], user: number): number =>
  columns.reduce((sum, column) => sum + (column[user] ?? 0), 0) / columns.length;
