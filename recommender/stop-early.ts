/** Ends a training when held-out data says that it gets no better, and keeps the best model that there was. */
import { refuse, requireCount, requireObject, shown } from "./checks.ts";
import { evaluate, type MetricName, requireSplit, type Split } from "./evaluation/evaluate.ts";
import type { Checkpoint, EpochAnswer, Model } from "./model.ts";

export interface StopEarlyOptions {
  /** What is to rise. @default "ndcg@10" */
  readonly metric?: MetricName | undefined;
  /** So many measurements without a better one end the training. @default 3 */
  readonly patience?: number | undefined;
  /** Measured after every so many epochs. @default 1 */
  readonly every?: number | undefined;
}

/** One measurement. */
export interface Measured {
  readonly epoch: number;
  readonly value: number;
}

export interface EarlyStopping {
  /** Hand it to a training. */
  readonly onEpoch: (checkpoint: Checkpoint) => EpochAnswer;
  /** The best of all that were measured; undefined before the first. */
  readonly best: () => (Measured & { readonly model: Model }) | undefined;
  /** All measurements, in order. */
  readonly history: () => readonly Measured[];
}

/**
 * Measures the model on `split` while it is trained. For one training.
 * @throws RecommenderError `recommender/invalid-data` for options that make no sense
 */
export function stopEarly(split: Split, options: StopEarlyOptions = {}): EarlyStopping {
  requireSplit(split);
  requireObject(options, "Options of stopEarly");
  const { metric = "ndcg@10", patience = 3, every = 1 } = options;
  if (requireCount(patience, "The patience") === 0 || requireCount(every, "The epochs between measurements") === 0) {
    refuse("The patience and the epochs between measurements are at least 1.");
  }
  const cutoff = cutoffOf(metric);
  const history: Measured[] = [];
  let best: (Measured & { readonly model: Model }) | undefined;
  return {
    onEpoch: ({ done, model: snapshot }) => {
      if (done % every !== 0) return "go on";
      const model = snapshot();
      const { metrics } = evaluate(model, split, { cutoffs: [cutoff], resamples: 0 });
      const value = metrics.get(metric)?.mean ?? Number.NaN;
      history.push({ epoch: done, value });
      if (best === undefined || value > best.value) best = { epoch: done, value, model };
      return history.length - history.findIndex(({ epoch }) => epoch === best?.epoch) > patience ? "stop" : "go on";
    },
    best: () => best,
    history: () => history,
  };
}

const METRIC = /^(?:auc|mrr|(?:precision|recall|ndcg|map|hit-rate)@(?<cutoff>[1-9]\d*))$/u;

function cutoffOf(metric: string): number {
  const found = typeof metric === "string" ? METRIC.exec(metric) : null;
  if (found === null) refuse(`There is no metric ${shown(metric)}; take auc, mrr, or one such as ndcg@10.`);
  return Number(found?.groups?.["cutoff"] ?? 10);
}
