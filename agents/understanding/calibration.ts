/** When to believe a score: measured while training, on sentences that the machine had not seen. */
import type { Example, Trained } from "./linear-classifier.ts";

export interface Calibration {
  /** Below this best score a text is nothing that was taught. */
  readonly threshold: number;
  /** P(the best label is right) = 1 / (1 + exp(-(slope * score + offset))). */
  readonly slope: number;
  readonly offset: number;
}

/** What counts as right while calibrating. */
export interface CalibrationOptions {
  /** The label of the sentences that must be refused. */
  readonly refused: string;
  /** Whether an answer under one label serves a sentence of the other, for instance because both are answered alike. */
  readonly agrees: (predicted: string, actual: string) => boolean;
  /** The share of right answers that the threshold keeps. @default 0.95 */
  readonly keep?: number;
}

interface HeldOutScore {
  readonly score: number;
  readonly right: boolean;
}

/**
 * Chooses a fifth of the examples. Refused sentences stand next to others of their topic, so one whole run of them is
 * chosen: its scores then tell how topics are refused that training never saw.
 */
export function chooseHeldOut(examples: readonly Example[], refused: string): (row: number) => boolean {
  const totals = new Map<string, number>();
  for (const { label } of examples) totals.set(label, (totals.get(label) ?? 0) + 1);
  const seen = new Map<string, number>();
  const chosen = examples.map(({ label }) => {
    const position = seen.get(label) ?? 0;
    seen.set(label, position + 1);
    return label === refused ? position >= (totals.get(label) ?? 0) * 0.8 : position % 5 === 4;
  });
  return (row) => chosen[row] === true;
}

/** From which score on an answer is believed, and how sure each score makes one. */
export function calibrate(
  examples: readonly Example[],
  { classifier, heldOut }: Trained,
  options: CalibrationOptions,
): Calibration {
  const { labels } = classifier;
  const refused = labels.indexOf(options.refused);
  const results = [...heldOut].map(([row, scores]): HeldOutScore => {
    const best = bestOf(scores, refused);
    const [predicted, actual] = [labels[best], examples[row]?.label];
    const inScope = actual !== undefined && actual !== options.refused;
    const right = inScope && predicted !== undefined && options.agrees(predicted, actual);
    return { score: scores[best] ?? 0, right };
  });
  const right = Float64Array.from(
    results.filter((result) => result.right),
    ({ score }) => score,
  ).toSorted();
  const threshold = right[Math.floor(right.length * (1 - (options.keep ?? 0.95)))] ?? 0;
  return { threshold, ...fitProbability(results) };
}

function bestOf(scores: Float64Array, refused: number): number {
  let best = refused === 0 ? 1 : 0;
  for (const [label, score] of scores.entries()) {
    if (label !== refused && score > (scores[best] ?? 0)) best = label;
  }
  return best;
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

/** How likely an answer with this score is right, from 0 to 1. */
export function probabilityOf(score: number, { slope, offset }: Calibration): number {
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}
