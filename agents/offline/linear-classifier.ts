import { createBinaryTrainer, packRows, type SparseRows } from "./dual-coordinate-descent.ts";
import { fitFeatures, vectorize, type FeatureOptions, type FeatureSpace, type SparseVector } from "./features.ts";
import { seededRandom } from "./random.ts";

/** One sentence and what it means. */
export interface Example<Label extends string> {
  readonly text: string;
  readonly label: Label;
}

/** Options of `trainClassifier`; the defaults are those that were measured. */
export interface TrainingOptions extends FeatureOptions {
  /** How much an error costs against a large margin. @default 1 */
  readonly cost?: number;
  /** @default 40 */
  readonly maximumEpochs?: number;
  /** @default 0.1 */
  readonly tolerance?: number;
  /** Seed of the order in which examples are visited. @default 1 */
  readonly seed?: number;
}

/** A one-vs-rest linear machine: one weight vector and one bias per label. */
export interface LinearClassifier<Label extends string> {
  readonly labels: readonly Label[];
  readonly space: FeatureSpace;
  /** Weight of feature `f` for label number `l` at `f * labels.length + l`; the biases come last. */
  readonly weights: Float32Array;
}

/** How far on the label's side of its separating plane a text lies: above 0 means "yes", around 1 means "surely". */
export interface LabelScore<Label extends string> {
  readonly label: Label;
  readonly score: number;
}

/** A training set turned into numbers, so that several machines can be fitted on parts of it. */
export interface PreparedExamples<Label extends string> {
  readonly labels: readonly Label[];
  readonly space: FeatureSpace;
  readonly vectors: readonly SparseVector[];
  readonly rows: SparseRows;
  /** Number of the label of each row. */
  readonly labelOfRow: Uint16Array;
}

/** Extracts the features of a training set once. */
export function prepareExamples<Label extends string>(
  examples: readonly Example<Label>[],
  options: FeatureOptions = {},
): PreparedExamples<Label> {
  const labels = [...new Set(examples.map((example) => example.label))];
  const numberOf = new Map(labels.map((label, index) => [label, index] as const));
  const space = fitFeatures(
    examples.map((example) => example.text),
    options,
  );
  const vectors = examples.map((example) => vectorize(space, example.text));
  const labelOfRow = Uint16Array.from(examples, (example) => numberOf.get(example.label) ?? 0);
  return { labels, space, vectors, rows: packRows(vectors), labelOfRow };
}

/** Fits one machine per label on the rows for which `include` says yes. */
export function fitClassifier<Label extends string>(
  prepared: PreparedExamples<Label>,
  options: TrainingOptions = {},
  include: (row: number) => boolean = () => true,
): LinearClassifier<Label> {
  const { labels, space, rows, labelOfRow } = prepared;
  const train = createBinaryTrainer(rows, space.size, {
    cost: options.cost ?? 1,
    maximumEpochs: options.maximumEpochs ?? 40,
    tolerance: options.tolerance ?? 0.1,
    random: seededRandom(options.seed ?? 1),
  });
  const weights = new Float32Array((space.size + 1) * labels.length);
  const signs = new Int8Array(rows.count);
  for (const label of labels.keys()) {
    for (let row = 0; row < rows.count; row += 1) signs[row] = include(row) ? (labelOfRow[row] === label ? 1 : -1) : 0;
    for (const [feature, weight] of train(signs).entries()) weights[feature * labels.length + label] = weight;
  }
  return { labels, space, weights };
}

/** Trains a classifier on labelled sentences. The same examples, options and seed give the same classifier. */
export function trainClassifier<Label extends string>(
  examples: readonly Example<Label>[],
  options: TrainingOptions = {},
): LinearClassifier<Label> {
  return fitClassifier(prepareExamples(examples, options), options);
}

/** Scores of an already extracted row, in the order of `labels`. */
export function scoreVector<Label extends string>(
  classifier: LinearClassifier<Label>,
  vector: SparseVector,
): Float64Array {
  const width = classifier.labels.length;
  const { weights } = classifier;
  const bias = classifier.space.size * width;
  const scores = Float64Array.from({ length: width }, (_, label) => weights[bias + label] ?? 0);
  for (const [at, index] of vector.indices.entries()) {
    const value = vector.values[at] ?? 0;
    for (let label = 0; label < width; label += 1) {
      scores[label] = (scores[label] ?? 0) + value * (weights[index * width + label] ?? 0);
    }
  }
  return scores;
}

/** Scores of a text for every label, best first. */
export function classify<Label extends string>(
  classifier: LinearClassifier<Label>,
  text: string,
): readonly LabelScore<Label>[] {
  const scores = scoreVector(classifier, vectorize(classifier.space, text));
  return classifier.labels
    .map((label, index) => ({ label, score: scores[index] ?? 0 }))
    .toSorted((left, right) => right.score - left.score);
}
