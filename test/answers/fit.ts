/** Fits the weights of `tools/rag/answer/likelihood.ts` to questions whose answers are known. */
import { FEATURES } from "../../tools/rag/answer/likelihood.ts";
import type { Part } from "../../tools/rag/answer/parts.ts";

/** The parts of one question's passages, each with the share of the facts asked for that it holds. */
export interface Example {
  readonly rows: readonly (readonly number[])[];
  readonly shares: readonly number[];
}

const FOLDS = 5;
const STEPS = 600;
const RATE = 0.3;
const CALIBRATING = 2_000;
/** Of the weights' squares, beside the mean over the questions. */
const PENALTY = 2;

/** Features of a part in their order. */
export const rowOf = ({ features }: Part): readonly number[] => FEATURES.map((name) => features[name]);

/** The weights as they are written into the code, and how well each fifth is ranked by the weights of the others. */
export function fit(examples: readonly Example[]): readonly string[] {
  const usable = examples.filter(({ shares }) => shares.some((share) => share > 0));
  const scaled = scale(usable);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const weights = weigh(scaled.examples.filter((_one, at) => at % FOLDS !== fold));
    return scaled.examples.filter((_one, at) => at % FOLDS === fold).map((one) => rankOfFirst(one, weights));
  }).flat();
  const weights = weigh(scaled.examples);
  const { slope, bias } = calibrate(scaled.examples, weights);
  const raw = weights.map((weight, at) => (slope * weight) / (scaled.deviations[at] ?? 1));
  const shift = bias - raw.reduce((sum, weight, at) => sum + weight * (scaled.means[at] ?? 0), 0);
  return [
    `${usable.length} of ${examples.length} questions have a part that holds a fact`,
    `the first such part, by weights of other questions: mean reciprocal rank ${mean(folds.map((rank) => 1 / rank)).toFixed(3)}, ` +
      `first ${mean(folds.map((rank) => (rank === 1 ? 1 : 0))).toFixed(3)}`,
    ...FEATURES.map((name, at) => `  ${name}: ${(raw[at] ?? 0).toFixed(3)},`),
    `  bias: ${shift.toFixed(3)}`,
  ];
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

const dot = (row: readonly number[], weights: readonly number[]): number =>
  row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);

/** Each feature with a mean of 0 and a deviation of 1. */
function scale(examples: readonly Example[]) {
  const rows = examples.flatMap((one) => one.rows);
  const means = FEATURES.map((_name, at) => mean(rows.map((row) => row[at] ?? 0)));
  const deviations = FEATURES.map((_name, at) => {
    return Math.sqrt(mean(rows.map((row) => ((row[at] ?? 0) - (means[at] ?? 0)) ** 2))) + Number.EPSILON;
  });
  const scaledRow = (row: readonly number[]): readonly number[] =>
    row.map((value, at) => (value - (means[at] ?? 0)) / (deviations[at] ?? 1));
  return { means, deviations, examples: examples.map((one) => ({ ...one, rows: one.rows.map(scaledRow) })) };
}

/** Listwise: the parts of a question share the likelihood as they share its facts. */
function weigh(examples: readonly Example[]): readonly number[] {
  let weights = FEATURES.map(() => 0);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = weights.map((weight) => (-PENALTY * weight) / examples.length);
    for (const { rows, shares } of examples) {
      const scores = rows.map((row) => Math.exp(dot(row, weights)));
      const [all, wanted] = [scores, shares].map((list) => list.reduce((sum, one) => sum + one, 0));
      for (const [part, row] of rows.entries()) {
        const error = (shares[part] ?? 0) / (wanted ?? 1) - (scores[part] ?? 0) / (all ?? 1);
        for (const [at, value] of row.entries()) gradient[at] = (gradient[at] ?? 0) + (value * error) / examples.length;
      }
    }
    weights = weights.map((weight, at) => weight + RATE * (gradient[at] ?? 0));
  }
  return weights;
}

/** Makes a score the logarithm of the odds that a part holds a fact. */
function calibrate(examples: readonly Example[], weights: readonly number[]) {
  const parts = examples.flatMap(({ rows, shares }) =>
    rows.map((row, at) => ({ score: dot(row, weights), holds: (shares[at] ?? 0) > 0 ? 1 : 0 })),
  );
  let [slope, bias] = [1, 0];
  for (let step = 0; step < CALIBRATING; step += 1) {
    const errors = parts.map(({ score, holds }) => holds - 1 / (1 + Math.exp(-(slope * score + bias))));
    slope += 0.5 * mean(errors.map((error, at) => error * (parts[at]?.score ?? 0)));
    bias += 0.5 * mean(errors);
  }
  return { slope, bias };
}

/** From 1: of the first part that holds a fact. */
function rankOfFirst({ rows, shares }: Example, weights: readonly number[]): number {
  const order = rows.map((row, at) => ({ score: dot(row, weights), share: shares[at] ?? 0 }));
  return order.toSorted((one, other) => other.score - one.score).findIndex(({ share }) => share > 0) + 1;
}
