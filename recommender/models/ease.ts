/**
 * EASE^R (Steck 2019): each item is predicted from all others by ridge regression without its own weight, in closed form
 * from the inverse of the regularized Gram matrix. The Gram matrix is kept, so that further data costs an update of it and
 * one inverse, and gives what training anew would give.
 */
import { z } from "zod";
import { parseOptions, requireNumbers } from "../checks.ts";
import type { Dataset } from "../dataset.ts";
import { invert, symmetricMatrix } from "../linear-algebra/inverse.ts";
import type { Model, ModelFamily, Term, Training } from "../model.ts";
import { parametersOf, sectionOf } from "../serialize.ts";
import { checkCancelled, checkVersion, createModel } from "./create-model.ts";
import { type Gram, gramOf, readGram, updateGram } from "./gram.ts";
import { favourites, type Memory, pairsOf, readMemory, remember } from "./memory.ts";
import type { SparseRow } from "../sparse.ts";

export interface EaseOptions {
  /** Added to the diagonal of the Gram matrix; more for larger and noisier data. @default 300 */
  readonly regularization?: number | undefined;
}

const KIND = "ease";
const VERSION = 1;

const Parameters = z.strictObject({ regularization: z.number().positive().max(1e12).default(300) });
type Parameters = z.infer<typeof Parameters>;

export const ease: ModelFamily<EaseOptions> = {
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
    const gram = readGram(container, size);
    const parts = { memory, gram, weights: sectionOf(container, "weights", Float32Array, size * size) };
    return create(parts, parametersOf(container, Parameters));
  },
};

function train(memory: Memory, gram: Gram, parameters: Parameters, training: Training): Model {
  return create({ memory, gram, weights: itemWeights(gram, parameters.regularization, training) }, parameters);
}

/** Row `i` says what having item `i` adds to the score of each item. */
export function itemWeights({ size, values }: Gram, regularization: number, training: Training): Float32Array {
  const matrix = symmetricMatrix(size);
  const { stride, values: inverse } = matrix;
  for (let row = 0, place = 0; row < size; row++) {
    for (let column = 0; column <= row; column++, place++) inverse[row * stride + column] = values[place] ?? 0;
    inverse[row * stride + row] = (inverse[row * stride + row] ?? 0) + regularization;
  }
  invert(matrix, (done) => {
    checkCancelled(training);
    training.onProgress?.({ done, total: size });
  });
  const scale = Float64Array.from({ length: size }, (_, item) => -1 / (inverse[item * stride + item] ?? 1));
  const weights = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      weights[row * size + column] = row === column ? 0 : (inverse[row * stride + column] ?? 0) * (scale[column] ?? 0);
    }
  }
  requireNumbers(weights, "The weights of the closed form");
  return weights;
}

/** Adds what a history says about each item. */
export function addHistoryScores(weights: Float32Array, history: SparseRow, into: Float32Array): void {
  const size = into.length;
  for (const [item, value] of pairsOf(history)) {
    const start = item * size;
    for (let other = 0; other < size; other++) {
      into[other] = (into[other] ?? 0) + value * (weights[start + other] ?? 0);
    }
  }
}

/** What each item of a history adds to the score of one item. */
export const historyTerms = (weights: Float32Array, history: SparseRow, item: number, size: number): readonly Term[] =>
  [...pairsOf(history)].map(([owned, value]) => ({
    source: "history",
    index: owned,
    contribution: value * (weights[owned * size + item] ?? 0),
  }));

/** Both directions together: the weights of an item for the others and of the others for it. */
export function weightSimilarities(weights: Float32Array, item: number, size: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, other) => (weights[item * size + other] ?? 0) + (weights[other * size + item] ?? 0),
  );
}

interface Parts {
  readonly memory: Memory;
  readonly gram: Gram;
  readonly weights: Float32Array;
}

function create({ memory, gram, weights }: Parts, parameters: Parameters): Model {
  const size = memory.history.columnCount;
  const popular = favourites(memory);
  return createModel({
    kind: KIND,
    version: VERSION,
    memory,
    parameters,
    addScores: ({ history }, into) => {
      into.set(popular);
      addHistoryScores(weights, history, into);
    },
    terms: ({ history }, item) => [
      { source: "popularity", index: item, contribution: popular[item] ?? 0 },
      ...historyTerms(weights, history, item, size),
    ],
    similarities: (item) => weightSimilarities(weights, item, size),
    learn: async (extended: Memory, added: Dataset, training) =>
      train(extended, updateGram(gram, memory.history, extended.history, added.interactions), parameters, training),
    sections: () => ({ weights, gram: gram.values }),
  });
}
