/** What was compared, what came out and why: for people, for the HTML report and for the log of a training. */
import type { Dataset } from "../dataset.ts";
import type { Evaluation, MetricName } from "../evaluation/evaluate.ts";
import type { Model, Training } from "../model.ts";
import type { ValidationStrategy } from "./validation.ts";

/** A model to try, with the options it is tried with. */
export interface Candidate {
  /** Such as `ease, regularization 300`. */
  readonly name: string;
  readonly fit: (dataset: Dataset, training?: Training) => Promise<Model>;
}

export type Verdict =
  /** Served, alone or as part of a blend. */
  | "chosen"
  /** Fine, and another is better. */
  | "outdone"
  /** Worse than popularity in at least one measure of the gate: never served. */
  | "below-popularity"
  /** Could not be trained on this data. */
  | "failed";

export interface CandidateResult {
  readonly name: string;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  /** Training time, in seconds. */
  readonly seconds: number;
  /** Mean of the objective's metrics for known users; NaN when it failed. */
  readonly objective: number;
  /** On users the model was trained on. */
  readonly known: Evaluation | undefined;
  /** On users it was not trained on; undefined without features. */
  readonly unseen: Evaluation | undefined;
  /** The mean loss after each epoch, where the model has one. */
  readonly losses: readonly number[];
}

export interface SelectionReport {
  readonly strategy: ValidationStrategy;
  readonly objective: readonly MetricName[];
  readonly data: {
    readonly users: number;
    readonly items: number;
    readonly interactions: number;
    readonly userFeatures: number;
    readonly itemFeatures: number;
  };
  /** All that were tried, best first, the blend among them where there is one. */
  readonly candidates: readonly CandidateResult[];
  /** Name of what is served, and of the models it is made of. */
  readonly chosen: { readonly name: string; readonly members: readonly { name: string; weight: number }[] };
  /** Why this one: sentences, in order. */
  readonly why: readonly string[];
  /** What whoever runs this should know. */
  readonly warnings: readonly string[];
}

export interface Selection {
  /** Trained on all data. */
  readonly model: Model;
  /** Trains what was chosen on other data, such as what was held back from the choice. */
  readonly fit: (dataset: Dataset, training?: Training) => Promise<Model>;
  readonly report: SelectionReport;
}
