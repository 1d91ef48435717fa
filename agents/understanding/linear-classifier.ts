import { createBinaryTrainer, packRows, type SparseRows } from "./dual-coordinate-descent.ts";
import {
  fitFeatures,
  vectorize,
  widerSpace,
  type FeatureOptions,
  type FeatureSpace,
  type SparseVector,
} from "./features.ts";
import { seededRandom } from "./random.ts";

/** One sentence and what it means. */
export interface Example {
  readonly text: string;
  readonly label: string;
}

/** The settings that were measured (`npm run bench -- intents`), each of which may be left out. */
const MEASURED = { cost: 1, balance: 0.3, maximumEpochs: 40, tolerance: 0.6 };

/** Options of `trainClassifier`. */
export interface TrainingOptions extends FeatureOptions {
  /** How much an error costs against a large margin. @default 1 */
  readonly cost?: number;
  /** How much more it costs on the rarer side. @default 0.3 */
  readonly balance?: number;
  /** @default 40 */
  readonly maximumEpochs?: number;
  /** @default 0.6 */
  readonly tolerance?: number;
  /** Seed of the order in which examples are visited. @default 1 */
  readonly seed?: number;
}

/** A one-vs-rest linear machine: one weight vector and one bias per label. */
export interface LinearClassifier {
  readonly labels: readonly string[];
  readonly space: FeatureSpace;
  /** Weight of feature `f` for label number `l` at `f * labels.length + l`, in steps of the feature's scale. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly biases: Float32Array;
}

/** How far on the label's side of its separating plane a text lies: above 0 means "yes", around 1 means "surely". */
export interface LabelScore {
  readonly label: string;
  readonly score: number;
}

/** A classifier, and how it scored sentences that it had not seen then. */
export interface Trained {
  readonly classifier: LinearClassifier;
  /** By the number of the row: its score for each label. */
  readonly heldOut: ReadonlyMap<number, Float64Array>;
  /** Rows that looked like those of a label that claims them. */
  readonly leftOut: ReadonlySet<number>;
}

/** Sentences as rows of features. */
interface PreparedExamples {
  readonly labels: readonly string[];
  readonly space: FeatureSpace;
  readonly vectors: readonly SparseVector[];
  readonly rows: SparseRows;
  /** Number of the label of each row. */
  readonly labelOfRow: Uint16Array;
}

/** The rows of the examples in a space. */
function prepareExamples(examples: readonly Example[], space: FeatureSpace): PreparedExamples {
  const labels = [...new Set(examples.map((example) => example.label))];
  const numberOf = new Map(labels.map((label, index) => [label, index] as const));
  const vectors = examples.map((example) => vectorize(space, example.text));
  const labelOfRow = Uint16Array.from(examples, (example) => numberOf.get(example.label) ?? 0);
  return { labels, space, vectors, rows: packRows(vectors), labelOfRow };
}

/** What is done with some of the rows. */
export interface RowRules {
  /** These are scored before they are learned: their scores tell what the classifier's scores are worth. */
  readonly holdsOut: (row: number) => boolean;
  /** Sentences of these labels are left out where they look like one of a label that claims them. */
  readonly yields: (label: string) => boolean;
  readonly claims: (label: string) => boolean;
}

const none = (): boolean => false;
const LIKE_ALL: RowRules = { holdsOut: none, yields: none, claims: none };

/** Trains a classifier on labelled sentences. The same examples, options and seed give the same classifier. */
export function trainClassifier(
  examples: readonly Example[],
  options: TrainingOptions = {},
  given: Partial<RowRules> = {},
): Trained {
  const rules = { ...LIKE_ALL, ...given };
  const prepared = prepareExamples(
    examples,
    fitFeatures(
      examples.map((example) => example.text),
      options,
    ),
  );
  const { labels, space, labelOfRow } = prepared;
  const train = trainerOf(prepared, options);
  const leftOut = claimedRows(prepared, train, rules);
  const kept = [...examples.keys()].filter((row) => rules.holdsOut(row) && !leftOut.has(row));
  const heldOut = new Map(kept.map((row) => [row, new Float64Array(labels.length)] as const));
  const weights = new Float32Array(space.size * labels.length);
  const biases = new Float32Array(labels.length);
  for (const label of labels.keys()) {
    const signs = signsOf(labelOfRow, label, leftOut);
    const known = heldOut.size === 0 ? undefined : train(signs.map((sign, row) => (heldOut.has(row) ? 0 : sign)));
    for (const [row, scores] of heldOut) scores[label] = known ? scoreOf(prepared.vectors[row], known.weights) : 0;
    const machine = train(signs, known);
    for (let feature = 0; feature < space.size; feature += 1)
      weights[feature * labels.length + label] = machine.weights[feature] ?? 0;
    biases[label] = machine.weights[space.size] ?? 0;
  }
  return { classifier: { labels, space, biases, ...inSteps(weights, space.size, labels.length) }, heldOut, leftOut };
}

type BinaryTrainer = ReturnType<typeof createBinaryTrainer>;

function trainerOf({ rows, space }: PreparedExamples, options: TrainingOptions = {}): BinaryTrainer {
  const random = seededRandom(options.seed ?? 1);
  return createBinaryTrainer(rows, space.size, { ...MEASURED, ...options, random });
}

/** What of a classifier stands for a new set of examples. */
export interface Extension {
  /** The labels whose machines stay as they are. */
  readonly kept: ReadonlySet<string>;
  /** Rows that were left out when it was trained. */
  readonly leftOut: ReadonlySet<number>;
  readonly rules: Pick<RowRules, "yields" | "claims">;
}

/**
 * The classifier for these examples, of which it knows the kept labels: as each label has a machine of its own, only the
 * others are trained. A machine that is kept has not seen the new examples; they are told apart by the new ones.
 */
export function extendClassifier(
  base: LinearClassifier,
  examples: readonly Example[],
  { kept, leftOut, rules }: Extension,
): Trained {
  const added = examples.filter(({ label }) => !kept.has(label)).map(({ text }) => text);
  const prepared = prepareExamples(examples, widerSpace(base.space, added, examples.length));
  const { labels, space, labelOfRow } = prepared;
  const train = trainerOf(prepared);
  const claims = (label: string): boolean => !kept.has(label) && rules.claims(label);
  const without = new Set([...leftOut, ...claimedRows(prepared, train, { ...rules, claims })]);
  const weights = new Float32Array(space.size * labels.length);
  const biases = new Float32Array(labels.length);
  for (const [number, label] of labels.entries()) {
    const known = kept.has(label) ? machineOf(base, label) : undefined;
    const machine = known ?? train(signsOf(labelOfRow, number, without)).weights;
    for (let feature = 0; feature < (known === undefined ? space.size : base.space.size); feature += 1)
      weights[feature * labels.length + number] = machine[feature] ?? 0;
    biases[number] = machine.at(-1) ?? 0;
  }
  const classifier = { labels, space, biases, ...inSteps(weights, space.size, labels.length) };
  return { classifier, heldOut: new Map(), leftOut: without };
}

/** One weight per feature, then the bias. */
function machineOf({ labels, space, weights, scales, biases }: LinearClassifier, label: string): Float64Array {
  const number = labels.indexOf(label);
  const machine = new Float64Array(space.size + 1);
  for (let feature = 0; feature < space.size; feature += 1)
    machine[feature] = (scales[feature] ?? 0) * (weights[feature * labels.length + number] ?? 0);
  machine[space.size] = biases[number] ?? 0;
  return machine;
}

/** A row is surely none of a label's below this score, where nothing like it was said to be another's. */
const SURELY_NOT = -0.4;

/** The rows that look like a label's which claims them, to a machine that was not told what they are. */
function claimedRows(
  { labels, vectors, labelOfRow }: PreparedExamples,
  train: BinaryTrainer,
  { yields, claims }: Pick<RowRules, "yields" | "claims">,
): ReadonlySet<number> {
  const claiming = [...labels.keys()].filter((label) => claims(labels[label] ?? ""));
  const yielding = new Set([...labels.keys()].filter((label) => yields(labels[label] ?? "")));
  const open = [...labelOfRow.keys()].filter((row) => yielding.has(labelOfRow[row] ?? 0));
  return new Set(
    claiming.flatMap((label) => {
      const signs = Int8Array.from(labelOfRow, (own) => (own === label ? 1 : yielding.has(own) ? 0 : -1));
      const { weights } = train(signs);
      return open.filter((row) => scoreOf(vectors[row], weights) > SURELY_NOT);
    }),
  );
}

function signsOf(labelOfRow: Uint16Array, label: number, leftOut: ReadonlySet<number>): Int8Array {
  const signs = Int8Array.from(labelOfRow, (own) => (own === label ? 1 : -1));
  for (const row of leftOut) signs[row] = 0;
  return signs;
}

function scoreOf(vector: SparseVector | undefined, weights: Float64Array): number {
  let score = weights[weights.length - 1] ?? 0;
  for (const [at, index] of vector?.indices.entries() ?? []) score += (vector?.values[at] ?? 0) * (weights[index] ?? 0);
  return score;
}

const MOST_STEPS = 127;

/** Weights of one byte each: a quarter of the memory, and no answer changes. */
function inSteps(
  weights: Float32Array,
  size: number,
  width: number,
): { readonly weights: Int8Array; readonly scales: Float32Array } {
  const steps = new Int8Array(weights.length);
  const scales = new Float32Array(size);
  for (let feature = 0; feature < size; feature += 1) {
    let largest = 0;
    for (let label = 0; label < width; label += 1)
      largest = Math.max(largest, Math.abs(weights[feature * width + label] ?? 0));
    const scale = largest / MOST_STEPS;
    scales[feature] = scale;
    if (scale === 0) continue;
    for (let label = 0; label < width; label += 1) {
      const at = feature * width + label;
      steps[at] = Math.round((weights[at] ?? 0) / scale);
    }
  }
  return { weights: steps, scales };
}

/** Scores of a text, in the order of `labels`. */
export function scoresOf({ labels, space, weights, scales, biases }: LinearClassifier, text: string): Float64Array {
  const width = labels.length;
  const { indices, values } = vectorize(space, text);
  const scores = Float64Array.from(biases);
  for (let at = 0; at < indices.length; at += 1) {
    const index = indices[at] ?? 0;
    const value = (values[at] ?? 0) * (scales[index] ?? 0);
    const row = index * width;
    for (let label = 0; label < width; label += 1)
      scores[label] = (scores[label] ?? 0) + value * (weights[row + label] ?? 0);
  }
  return scores;
}

/** Scores of a text for every label, best first. */
export function classify(classifier: LinearClassifier, text: string): readonly LabelScore[] {
  const scores = scoresOf(classifier, text);
  return classifier.labels
    .map((label, index) => ({ label, score: scores[index] ?? 0 }))
    .toSorted((left, right) => right.score - left.score);
}
