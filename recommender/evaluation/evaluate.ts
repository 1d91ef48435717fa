/**
 * Measures a model on interactions that it has not seen. Items of a user's training data are no candidates; users without
 * test data are left out (as LightFM does by default); each user counts the same.
 */
import { refuse, requireCount, requireIterable, requireMatrix, requireObject, shown as inWords } from "../checks.ts";
import type { Model } from "../model.ts";
import { rowOf, type SparseMatrix } from "../sparse.ts";
import { topItems } from "../top-k.ts";
import { bootstrapMeans, type BootstrapOptions, type Estimate } from "./bootstrap.ts";
import { type CatalogueUse, catalogueUse, type ListCounts } from "./catalogue.ts";
import {
  areaUnderCurve,
  averagePrecisionAt,
  hitRateAt,
  ndcgAt,
  precisionAt,
  recallAt,
  reciprocalRank,
} from "./metrics.ts";
import { maskTrained, ranksOf } from "./ranks.ts";

type ListMetric = "precision" | "recall" | "ndcg" | "map" | "hit-rate";

/** `ndcg@10`: of the list of 10. */
export type MetricName = "auc" | "mrr" | `${ListMetric}@${number}`;

/** Users by items; a user's item is in one of the two only. */
export interface Split {
  readonly train: SparseMatrix;
  readonly test: SparseMatrix;
}

/** Gives the scores of all items for a user: into the array, or in one of its own, which may be changed. */
export type ScoreUser = (user: number, into: Float32Array) => Float32Array;

export interface EvaluationOptions extends BootstrapOptions {
  /** Lengths of the lists. @default [10] */
  readonly cutoffs?: readonly number[] | undefined;
  /** A segment per user, from 0; evaluates each by itself as well. */
  readonly segments?: Int32Array | undefined;
}

/** The metrics of each measured user, before they are averaged. */
export interface UserMetrics {
  /** Rows of the users. */
  readonly users: Int32Array;
  readonly names: readonly MetricName[];
  /** One value per user, by metric as in `names`. */
  readonly columns: readonly Float64Array[];
}

/** A mean and its interval, by metric. */
export type Estimates = ReadonlyMap<MetricName, Estimate>;

export interface Evaluation {
  readonly metrics: Estimates;
  readonly userCount: number;
  /** Of the lists of the first cutoff. */
  readonly catalogue: CatalogueUse;
  readonly segments: readonly SegmentEvaluation[];
  readonly perUser: UserMetrics;
}

export interface SegmentEvaluation {
  readonly segment: number;
  readonly userCount: number;
  readonly metrics: Estimates;
}

const NOTHING: Estimate = { mean: Number.NaN, low: Number.NaN, high: Number.NaN };

type Measure<Name> = readonly [name: Name, measure: (ranks: Int32Array, cutoffOrCandidates: number) => number];

const listMeasures: readonly Measure<ListMetric>[] = [
  ["precision", precisionAt],
  ["recall", recallAt],
  ["ndcg", ndcgAt],
  ["map", averagePrecisionAt],
  ["hit-rate", hitRateAt],
];

/** What is measured, in the order of the columns. */
function measuresOf(cutoffs: readonly number[]): readonly Measure<MetricName>[] {
  const lists = cutoffs.flatMap((cutoff) =>
    listMeasures.map(([name, measure]): Measure<MetricName> => [
      `${name}@${cutoff}`,
      (ranks) => measure(ranks, cutoff),
    ]),
  );
  return [["auc", areaUnderCurve], ["mrr", reciprocalRank], ...lists];
}

/**
 * Scores, ranks and measures every user that has test data.
 * @param scored a model, which is asked for its trained users; or a function that gives the scores of a user
 * @throws RecommenderError `recommender/invalid-data` when a user has an item in both parts, or the parts, the model and
 *   the options do not fit each other
 */
export function evaluate(
  scored: ScoreUser | Pick<Model, "scores" | "userCount" | "itemCount">,
  split: Split,
  options: EvaluationOptions = {},
): Evaluation {
  requireObject(options, "Options of evaluate");
  const { cutoffs = [10], segments } = options;
  requireSplit(split);
  requireMeasures(cutoffs, segments, split);
  const score = scorerOf(scored, split);
  const measures = measuresOf([...cutoffs]);
  const { perUser, counts } = measureUsers(score, split, measures, cutoffs[0] ?? 10);
  return {
    metrics: estimate(perUser, options),
    userCount: perUser.users.length,
    catalogue: catalogueUse(counts),
    segments: segments === undefined ? [] : evaluateSegments(perUser, segments, options),
    perUser,
  };
}

/** @throws RecommenderError `recommender/invalid-data` when it is none, or its parts do not fit each other */
export function requireSplit(split: Split): void {
  if (typeof split !== "object" || split === null) refuse(`A split has train and test; ${inWords(split)} was given.`);
  requireMatrix(split.train, "The training part");
  requireMatrix(split.test, "The test part");
  if (split.train.rowCount === split.test.rowCount && split.train.columnCount === split.test.columnCount) return;
  refuse(
    `The training part has ${split.train.rowCount} users and ${split.train.columnCount} items, the test part ` +
      `${split.test.rowCount} and ${split.test.columnCount}: both need the same.`,
  );
}

function requireMeasures(cutoffs: readonly number[], segments: Int32Array | undefined, { train }: Split): void {
  requireIterable(cutoffs, "The lengths of lists");
  for (const cutoff of cutoffs)
    if (requireCount(cutoff, "The length of a list") === 0) refuse("A list has at least one place.");
  if (segments === undefined || (segments instanceof Int32Array && segments.length >= train.rowCount)) return;
  refuse(`Segments are an Int32Array with a place for each of ${train.rowCount} users.`);
}

function scorerOf(scored: ScoreUser | Pick<Model, "scores" | "userCount" | "itemCount">, { train }: Split): ScoreUser {
  const { rowCount, columnCount } = train;
  if (typeof scored === "function") return scored;
  requireObject(scored, "The model", ["scores"]);
  if (scored.itemCount !== columnCount || scored.userCount < rowCount) {
    refuse(
      `The model has ${scored.userCount} users and ${scored.itemCount} items, the split ${rowCount} and ${columnCount}: ` +
        "measure it on data of the same users and items.",
    );
  }
  return (user, into) => scored.scores({ user }, into);
}

function requireScores(scores: Float32Array, itemCount: number): Float32Array {
  if (scores instanceof Float32Array && scores.length === itemCount) return scores;
  return refuse(`A scoring function gives a Float32Array with a score for each of ${itemCount} items.`);
}

function measureUsers(
  score: ScoreUser,
  { train, test }: Split,
  measures: readonly Measure<MetricName>[],
  length: number,
): { readonly perUser: UserMetrics; readonly counts: ListCounts } {
  const itemCount = train.columnCount;
  const users = usersWith(test).filter((user) => evidenceIn(test, user).length > 0);
  const columns = measures.map(() => new Float64Array(users.length));
  const shown = new Float64Array(itemCount);
  const taken = new Float64Array(itemCount);
  const buffer = new Float32Array(itemCount);
  for (const [place, user] of users.entries()) {
    const trained = rowOf(train, user).columns;
    const heldOut = evidenceIn(test, user);
    const scores = requireScores(score(user, buffer), itemCount);
    maskTrained(scores, { user, trained, heldOut });
    const ranks = ranksOf(scores, heldOut);
    for (const [index, [, measure]] of measures.entries()) {
      const column = columns[index];
      if (column !== undefined) column[place] = measure(ranks, index === 0 ? itemCount - trained.length : length);
    }
    countItems(topItems(scores, length).items, shown);
    countItems(trained, taken);
  }
  const popularity = new Float64Array(itemCount);
  countItems(train.columns, popularity);
  return {
    perUser: { users, names: measures.map(([name]) => name), columns },
    counts: { shown, taken, popularity, userCount: usersWith(train).length },
  };
}

/** What a user really took: a weight of 0, such as a dismissal's, is nothing to be found again. */
function evidenceIn(test: SparseMatrix, user: number): Int32Array {
  const { columns, values } = rowOf(test, user);
  return columns.filter((_, place) => (values[place] ?? 0) > 0);
}

function usersWith({ rowCount, offsets }: SparseMatrix): Int32Array {
  return Int32Array.from({ length: rowCount }, (_, user) => user).filter(
    (user) => (offsets[user + 1] ?? 0) > (offsets[user] ?? 0),
  );
}

function countItems(items: Int32Array, into: Float64Array): void {
  for (const item of items) into[item] = (into[item] ?? 0) + 1;
}

function evaluateSegments(
  perUser: UserMetrics,
  segments: Int32Array,
  options: EvaluationOptions,
): readonly SegmentEvaluation[] {
  const segmentOf = perUser.users.map((user) => segments[user] ?? -1);
  const present = [...new Set(segmentOf)].toSorted((left, right) => left - right);
  return present.map((segment) => {
    const columns = perUser.columns.map((column) => column.filter((_, place) => segmentOf[place] === segment));
    return { segment, userCount: columns[0]?.length ?? 0, metrics: estimate({ ...perUser, columns }, options) };
  });
}

function estimate({ names, columns }: Pick<UserMetrics, "names" | "columns">, options: BootstrapOptions): Estimates {
  const estimates = bootstrapMeans(columns, options);
  return new Map(names.map((name, index) => [name, estimates[index] ?? NOTHING]));
}
