import {
  fitClassifier,
  prepareExamples,
  scoreVector,
  type Example,
  type TrainingOptions,
} from "./linear-classifier.ts";

/** When to believe a score. */
export interface Calibration {
  /** Below this best score a text is out of scope. */
  readonly threshold: number;
  /** P(the best label is right) = 1 / (1 + exp(-(slope * score + offset))). */
  readonly slope: number;
  readonly offset: number;
}

/** What counts as right, and how the examples are divided, while calibrating. */
export interface CalibrationOptions<Label extends string> extends TrainingOptions {
  /** The label of the sentences that must be refused. */
  readonly refused: Label;
  /** Whether an answer under one label serves a sentence of the other, for instance because both have one route. */
  readonly agrees: (predicted: Label, actual: Label) => boolean;
  /** @default 4 */
  readonly folds?: number;
  /** The share of right answers that the threshold keeps. @default 0.95 */
  readonly keep?: number;
}

/** The best score that an example got from a classifier which had not seen it. */
export interface HeldOutScore {
  readonly score: number;
  readonly inScope: boolean;
  readonly right: boolean;
}

/**
 * Deals examples into folds. Refused sentences stand next to others of their topic, so whole runs of them go into one
 * fold: the score then tells how topics are refused that training never saw.
 */
function foldsOf<Label extends string>(
  examples: readonly Example<Label>[],
  refused: Label,
  folds: number,
): readonly number[] {
  const totals = new Map<Label, number>();
  for (const { label } of examples) totals.set(label, (totals.get(label) ?? 0) + 1);
  const seen = new Map<Label, number>();
  return examples.map(({ label }) => {
    const position = seen.get(label) ?? 0;
    seen.set(label, position + 1);
    return label === refused ? Math.floor((position * folds) / (totals.get(label) ?? 1)) : position % folds;
  });
}

function bestLabel(scores: Float64Array, refused: number): number {
  let best = refused === 0 ? 1 : 0;
  for (const [label, score] of scores.entries()) {
    if (label !== refused && score > (scores[best] ?? 0)) best = label;
  }
  return best;
}

/** Scores every example by a classifier trained on the other folds. */
export function crossValidate<Label extends string>(
  examples: readonly Example<Label>[],
  options: CalibrationOptions<Label>,
): readonly HeldOutScore[] {
  const prepared = prepareExamples(examples, options);
  const count = options.folds ?? 4;
  const folds = foldsOf(examples, options.refused, count);
  const refused = prepared.labels.indexOf(options.refused);
  const results: HeldOutScore[] = [];
  for (let fold = 0; fold < count; fold += 1) {
    const classifier = fitClassifier(prepared, options, (row) => folds[row] !== fold);
    for (const [row, example] of examples.entries()) {
      const vector = prepared.vectors[row];
      if (folds[row] !== fold || vector === undefined) continue;
      const scores = scoreVector(classifier, vector);
      const best = bestLabel(scores, refused);
      const predicted = prepared.labels[best];
      const inScope = example.label !== options.refused;
      const right = inScope && predicted !== undefined && options.agrees(predicted, example.label);
      results.push({ score: scores[best] ?? 0, inScope, right });
    }
  }
  return results;
}

/** Fits P(right | score) by Newton's method with a little ridge (Platt, 1999). */
function fitProbability(scores: readonly HeldOutScore[]): { readonly slope: number; readonly offset: number } {
  let slope = 1;
  let offset = 0;
  for (let step = 0; step < 25; step += 1) {
    let [gradientSlope, gradientOffset, slopeSlope, slopeOffset, offsetOffset] = [0, 0, 1e-3, 0, 1e-3];
    for (const { score, right } of scores) {
      const probability = 1 / (1 + Math.exp(-(slope * score + offset)));
      const error = probability - (right ? 1 : 0);
      const curvature = probability * (1 - probability);
      gradientSlope += error * score;
      gradientOffset += error;
      slopeSlope += curvature * score * score;
      slopeOffset += curvature * score;
      offsetOffset += curvature;
    }
    const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
    slope -= (offsetOffset * gradientSlope - slopeOffset * gradientOffset) / determinant;
    offset -= (slopeSlope * gradientOffset - slopeOffset * gradientSlope) / determinant;
  }
  return { slope, offset };
}

/** Finds by cross-validation from which score on an answer is believed, and how sure each score makes one. */
export function calibrate<Label extends string>(
  examples: readonly Example<Label>[],
  options: CalibrationOptions<Label>,
): Calibration {
  const scores = crossValidate(examples, options);
  const right = scores.filter((result) => result.right).map((result) => result.score);
  const ascending = Float64Array.from(right).toSorted();
  const threshold = ascending[Math.floor(ascending.length * (1 - (options.keep ?? 0.95)))] ?? 0;
  return { threshold, ...fitProbability(scores) };
}

/** How likely an answer with this score is right, from 0 to 1. */
export function probabilityOf(score: number, calibration: Calibration): number {
  return 1 / (1 + Math.exp(-(calibration.slope * score + calibration.offset)));
}
