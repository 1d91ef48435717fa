/**
 * Ridge regression in closed form: what people with these features take, plus what people with this history take. The
 * two parts are fitted by themselves, because what a customer does not have yet says little about what they will take,
 * and a joint fit would learn it as a refusal. Of someone never seen, the features alone speak.
 */
import { z } from "zod";
import { parseOptions, requireNumbers } from "../checks.ts";
import { invert, type SymmetricMatrix, symmetricMatrix } from "../linear-algebra/inverse.ts";
import type { Model, ModelFamily, Term, Training } from "../model.ts";
import { parametersOf, sectionOf } from "../serialize.ts";
import { rowOf, type SparseRow } from "../sparse.ts";
import { checkVersion, createModel } from "./create-model.ts";
import { addHistoryScores, historyTerms, itemWeights, weightSimilarities } from "./ease.ts";
import { checkCatalogue, type Gram, gramOf, readGram, updateGram } from "./gram.ts";
import { type Memory, pairsOf, readMemory, remember } from "./memory.ts";

export interface RidgeOptions {
  /** Of the weights of features. @default 30 */
  readonly featureRegularization?: number | undefined;
  /** Of the weights of the history, as in EASE. @default 100 */
  readonly historyRegularization?: number | undefined;
}

const KIND = "ridge";
const VERSION = 1;

const Parameters = z.strictObject({
  featureRegularization: z.number().positive().max(1e12).default(30),
  historyRegularization: z.number().positive().max(1e12).default(100),
});
type Parameters = z.infer<typeof Parameters>;

interface Parts {
  readonly memory: Memory;
  readonly gram: Gram;
  readonly historyWeights: Float32Array;
  /** One row per feature; the last is of everyone. */
  readonly featureWeights: Float32Array;
}

export const ridge: ModelFamily<RidgeOptions> = {
  kind: KIND,
  fit: async (dataset, options = {}, training = {}) => {
    const parameters = parseOptions(Parameters, options, KIND);
    const memory = remember(dataset);
    return train(memory, gramOf(memory.history), parameters, training);
  },
  read: (container) => {
    checkVersion(container, VERSION);
    const memory = readMemory(container);
    const size = memory.history.columnCount;
    const features = (memory.userFeatures?.columnCount ?? 0) + 1;
    return create(
      {
        memory,
        gram: readGram(container, size),
        historyWeights: sectionOf(container, "history-weights", Float32Array, size * size),
        featureWeights: sectionOf(container, "feature-weights", Float32Array, features * size),
      },
      parametersOf(container, Parameters),
    );
  },
};

function train(memory: Memory, gram: Gram, parameters: Parameters, training: Training): Model {
  const historyWeights = itemWeights(gram, parameters.historyRegularization, training);
  const featureWeights = regressOnFeatures(memory, parameters.featureRegularization);
  requireNumbers(featureWeights, "The weights of the features");
  return create({ memory, gram, historyWeights, featureWeights }, parameters);
}

/** The feature of everyone is regularized this little. */
const EVERYONE_REGULARIZATION = 1e-3;

function regressOnFeatures(memory: Memory, regularization: number): Float32Array {
  const { history, userFeatures } = memory;
  const everyone = userFeatures?.columnCount ?? 0;
  const size = everyone + 1;
  checkCatalogue(size, "features");
  const itemCount = history.columnCount;
  const matrix = symmetricMatrix(size);
  const { stride, values: products } = matrix;
  const targets = new Float64Array(size * itemCount);
  for (let user = 0; user < history.rowCount; user++) {
    const taken = rowOf(history, user);
    if (taken.columns.length === 0) continue;
    for (const [feature, value] of featurePairs(memory, user)) {
      for (const [other, second] of featurePairs(memory, user)) add(products, feature * stride + other, value * second);
      for (const [item, weight] of pairsOf(taken)) add(targets, feature * itemCount + item, value * weight);
    }
  }
  for (let feature = 0; feature < everyone; feature++) add(products, feature * stride + feature, regularization);
  add(products, everyone * stride + everyone, EVERYONE_REGULARIZATION);
  invert(matrix);
  return multiply(matrix, targets, itemCount);
}

function add(values: Float64Array, place: number, amount: number): void {
  values[place] = (values[place] ?? 0) + amount;
}

const featurePairs = ({ userFeatures }: Memory, user: number): readonly (readonly [feature: number, value: number])[] =>
  userFeatures === undefined ? [[0, 1]] : [...presence(rowOf(userFeatures, user)), [userFeatures.columnCount, 1]];

/** Features as they are felt here: the strongest is 1, however many there are. */
function presence(features: SparseRow): readonly (readonly [feature: number, value: number])[] {
  const strongest = features.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return [...pairsOf(features)].map(([feature, value]) => [feature, value / strongest]);
}

function multiply({ size, stride, values }: SymmetricMatrix, right: Float64Array, columnCount: number): Float32Array {
  const product = new Float64Array(size * columnCount);
  for (let row = 0; row < size; row++) {
    for (let index = 0; index < size; index++) {
      const factor = values[row * stride + index] ?? 0;
      for (let column = 0; column < columnCount; column++) {
        add(product, row * columnCount + column, factor * (right[index * columnCount + column] ?? 0));
      }
    }
  }
  return Float32Array.from(product);
}

function create({ memory, gram, historyWeights, featureWeights }: Parts, parameters: Parameters): Model {
  const size = memory.history.columnCount;
  const featureCount = featureWeights.length / Math.max(1, size) - 1;
  const everyone = featureWeights.subarray(featureCount * size);
  const known = (features: SparseRow): readonly (readonly [feature: number, value: number])[] =>
    presence(features).filter(([feature]) => feature < featureCount);
  return createModel({
    kind: KIND,
    version: VERSION,
    memory,
    parameters,
    addScores: ({ history, features }, into) => {
      into.set(everyone);
      for (const [feature, value] of known(features)) {
        const start = feature * size;
        for (let item = 0; item < size; item++) {
          into[item] = (into[item] ?? 0) + value * (featureWeights[start + item] ?? 0);
        }
      }
      addHistoryScores(historyWeights, history, into);
    },
    terms: ({ history, features }, item) => [
      { source: "popularity", index: item, contribution: everyone[item] ?? 0 },
      ...known(features).map(([feature, value]): Term => ({
        source: "user-feature",
        index: feature,
        contribution: value * (featureWeights[feature * size + item] ?? 0),
      })),
      ...historyTerms(historyWeights, history, item, size),
    ],
    similarities: (item) => weightSimilarities(historyWeights, item, size),
    learn: async (extended, added, training) =>
      train(extended, updateGram(gram, memory.history, extended.history, added.interactions), parameters, training),
    sections: () => ({
      gram: gram.values,
      "history-weights": historyWeights,
      "feature-weights": featureWeights,
    }),
  });
}
