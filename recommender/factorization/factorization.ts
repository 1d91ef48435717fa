/**
 * Hybrid matrix factorization (Kula 2015, LightFM): users and items are the sums of the embeddings of their features, and
 * a score is their product and the item's bias. Trained in WebAssembly.
 */
import { requireCount, requireIndices } from "../checks.ts";
import type { Dataset } from "../dataset.ts";
import { defineModel, requireSubject } from "../define-model.ts";
import type { Model, ModelFamily, Subject, Training } from "../model.ts";
import type { Container } from "../serialize.ts";
import type { SparseMatrix } from "../sparse.ts";
import type { Ranking } from "../top-k.ts";
import { explainScore } from "./explain.ts";
import { learn } from "./learn.ts";
import { KIND, type Learned, readLearned, saveLearned } from "./learned.ts";
import { type FactorizationOptions, settingsOf } from "./options.ts";
import { createVectors, newItemVector, type Rows, vectorOf, type Vectors } from "./vectors.ts";

/** Vectors for an index outside: the inner product of a user's and an item's is the score. */
export interface Embeddings {
  /** Numbers of one vector: the components and two for the biases. */
  readonly length: number;
  /** One vector after another, by row. */
  readonly users: Float32Array;
  readonly items: Float32Array;
}

/** A factorization answers for many users at once, too, and gives its vectors away. */
export interface FactorizationModel extends Model {
  /** The best items that each of these trained users has not had, in one go. */
  readonly recommendMany: (users: ArrayLike<number>, count: number) => readonly Ranking[];
  /** Everything that a search by inner product needs. */
  readonly embeddings: () => Embeddings;
  /** The vector of whoever is asked for, also of someone who was not trained. */
  readonly embeddingOf: (subject: Subject) => Float32Array;
  readonly fitPartial: (dataset: Dataset, training?: Training) => Promise<FactorizationModel>;
}

/** The family, whose models can do more than others. */
export interface FactorizationFamily extends ModelFamily<FactorizationOptions> {
  readonly fit: (dataset: Dataset, options?: FactorizationOptions, training?: Training) => Promise<FactorizationModel>;
  readonly read: (container: Container) => FactorizationModel;
}

/** Train one, read one. */
export const factorization: FactorizationFamily = {
  kind: KIND,
  fit: async (dataset, options, training) =>
    createModel(await learn(dataset, settingsOf(options), { training, modelOf: createModel })),
  read: (container) => createModel(readLearned(container)),
};

function createModel(learned: Learned): FactorizationModel {
  const vectors = createVectors(learned);
  const { history, userFeatures, itemFeatures, settings } = learned;
  const { scorer, components, users } = vectors;
  const itemRow = (item: number): Float32Array => scorer.row(item);
  const userRow = (user: number): Float32Array => rowIn(users, user);
  const model = defineModel({
    kind: KIND,
    userCount: history.rowCount,
    itemCount: history.columnCount,
    userFeatureCount: userFeatures?.columnCount ?? 0,
    itemFeatureCount: itemFeatures?.columnCount ?? 0,
    scores: (subject, into) => void scorer.scores(vectorOf(learned, vectors, subject), into),
    best: (subject, count, excluded) => scorer.best(vectorOf(learned, vectors, subject), count, excluded),
    scoreNewItem: (subject, features) => {
      if (settings.identityShare === 1) return undefined;
      const row = newItemVector(learned, vectors, features);
      return vectorOf(learned, vectors, subject).reduce((sum, value, at) => sum + value * (row[at] ?? 0), 0);
    },
    itemSimilarities: (item) => cosines(itemRow, history.columnCount, item, components),
    userSimilarities: (user) => cosines(userRow, history.rowCount, user, components),
    explain: (subject, item) => explainScore(learned, vectors, subject, item),
    fitPartial: async (dataset, training): Promise<FactorizationModel> =>
      createModel(await learn(dataset, settings, { training, modelOf: createModel, before: learned })),
    save: () => saveLearned(learned),
  });
  const length = components + 2;
  return {
    ...model,
    recommendMany: (wanted, count) => {
      requireIndices(wanted, history.rowCount, "User");
      return recommendMany(vectors, history, wanted, requireCount(count, "The length of the list"));
    },
    embeddings: () => ({
      length,
      users: gathered(userRow, history.rowCount, length),
      items: gathered(itemRow, history.columnCount, length),
    }),
    embeddingOf: (subject) => {
      requireSubject(subject, model);
      return vectorOf(learned, vectors, subject).slice(0, length);
    },
  };
}

const rowIn = ({ rows, step, stride }: Rows, row: number): Float32Array =>
  rows.subarray(row * step, row * step + stride);

function gathered(rowOf: (row: number) => Float32Array, count: number, length: number): Float32Array {
  const all = new Float32Array(count * length);
  for (let row = 0; row < count; row++) all.set(rowOf(row).subarray(0, length), row * length);
  return all;
}

/** Of one row with each, by their components. */
function cosines(rowOf: (row: number) => Float32Array, count: number, self: number, components: number): Float32Array {
  const own = rowOf(self).slice(0, components);
  const length = lengthOf(own, components);
  return Float32Array.from({ length: count }, (_, other) => {
    const row = rowOf(other);
    let product = 0;
    for (let at = 0; at < components; at++) product += (own[at] ?? 0) * (row[at] ?? 0);
    return product / (length * lengthOf(row, components));
  });
}

/** Of the components; 1 for nothing, so that nothing is near it. */
function lengthOf(vector: Float32Array, components: number): number {
  let squares = 0;
  for (let at = 0; at < components; at++) squares += (vector[at] ?? 0) ** 2;
  return Math.sqrt(squares) || 1;
}

function recommendMany(
  { users, stride, scorer }: Vectors,
  history: SparseMatrix,
  wanted: ArrayLike<number>,
  count: number,
): readonly Ranking[] {
  const chosen = new Float32Array(wanted.length * stride);
  const offsets = new Int32Array(wanted.length + 1);
  for (let index = 0; index < wanted.length; index++) {
    const user = wanted[index] ?? 0;
    chosen.set(rowIn(users, user), index * stride);
    offsets[index + 1] = (offsets[index] ?? 0) + (history.offsets[user + 1] ?? 0) - (history.offsets[user] ?? 0);
  }
  const columns = new Int32Array(offsets[wanted.length] ?? 0);
  for (let index = 0; index < wanted.length; index++) {
    const user = wanted[index] ?? 0;
    columns.set(history.columns.subarray(history.offsets[user], history.offsets[user + 1]), offsets[index]);
  }
  const excluded = { rowCount: wanted.length, columnCount: history.columnCount, offsets, columns };
  return scorer.bestOfMany(chosen, count, { ...excluded, values: new Float32Array() });
}
