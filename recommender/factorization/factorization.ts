/**
 * Hybrid matrix factorization (Kula 2015, LightFM): users and items are the sums of the embeddings of their features, and
 * a score is their product and the item's bias. Trained in WebAssembly.
 */
import type { Dataset } from "../dataset.ts";
import type { Model, ModelFamily, Subject, Training } from "../model.ts";
import type { SparseMatrix } from "../sparse.ts";
import { type Ranking, topItems } from "../top-k.ts";
import { explainScore } from "./explain.ts";
import { learn } from "./learn.ts";
import { KIND, type Learned, readLearned, saveLearned } from "./learned.ts";
import { type FactorizationOptions, settingsOf } from "./options.ts";
import { checkIndex, createVectors, newItemVector, vectorOf, type Vectors } from "./vectors.ts";

/** A factorization answers for many users at once, too. */
export interface FactorizationModel extends Model {
  /** The best items for a subject but for the excluded, which rise: quicker than choosing among all scores. */
  readonly recommend: (subject: Subject, count: number, excluded?: Int32Array) => Ranking;
  /** The best items that each of these trained users has not had, in one go. */
  readonly recommendMany: (users: ArrayLike<number>, count: number) => readonly Ranking[];
}

/** The family, whose models can do more than others. */
export interface FactorizationFamily extends ModelFamily<FactorizationOptions> {
  readonly fit: (dataset: Dataset, options?: FactorizationOptions, training?: Training) => Promise<FactorizationModel>;
}

/** Train one, read one. */
export const factorization: FactorizationFamily = {
  kind: KIND,
  fit: async (dataset, options, training) => createModel(await learn(dataset, settingsOf(options), training)),
  read: (container) => createModel(readLearned(container)),
};

function createModel(learned: Learned): FactorizationModel {
  const vectors = createVectors(learned);
  const { history, itemFeatures, settings } = learned;
  const { rowCount: userCount, columnCount: itemCount } = history;
  return {
    kind: KIND,
    userCount,
    itemCount,
    scores: (subject, into) => vectors.scorer.scores(vectorOf(learned, vectors, subject), into),
    scoreNewItem: (subject, features) => {
      if (itemFeatures === undefined || settings.identityShare === 1) return undefined;
      const row = newItemVector(learned, vectors, features);
      return vectorOf(learned, vectors, subject).reduce((sum, value, at) => sum + value * (row[at] ?? 0), 0);
    },
    similarItems: (item, count) => {
      checkIndex(item, itemCount, "Item");
      return similar(vectors, item, count);
    },
    explain: (subject, item) => {
      checkIndex(item, itemCount, "Item");
      return explainScore(learned, vectors, subject, item);
    },
    fitPartial: async (dataset, training) => createModel(await learn(dataset, settings, training, learned)),
    save: () => saveLearned(learned),
    recommend: (subject, count, excluded) => vectors.scorer.best(vectorOf(learned, vectors, subject), count, excluded),
    recommendMany: (users, count) => recommendMany(vectors, history, users, count),
  };
}

/** By the cosine of their vectors. */
function similar({ scorer, components, stride }: Vectors, item: number, count: number): Ranking {
  const vector = new Float32Array(stride);
  vector.set(scorer.row(item).subarray(0, components));
  const cosines = scorer.scores(vector);
  const length = lengthOf(vector, components);
  for (let other = 0; other < cosines.length; other++) {
    cosines[other] = (cosines[other] ?? 0) / (length * lengthOf(scorer.row(other), components));
  }
  return topItems(cosines, count, [item]);
}

/** Of the components; 1 for nothing, so that nothing is near it. */
function lengthOf(vector: Float32Array, components: number): number {
  let squares = 0;
  for (let at = 0; at < components; at++) squares += (vector[at] ?? 0) ** 2;
  return Math.sqrt(squares) || 1;
}

function recommendMany(
  { users: rows, stride, scorer }: Vectors,
  history: SparseMatrix,
  users: ArrayLike<number>,
  count: number,
): readonly Ranking[] {
  const wanted = Array.from(users);
  const chosen = new Float32Array(wanted.length * stride);
  const offsets = new Int32Array(wanted.length + 1);
  for (const [index, user] of wanted.entries()) {
    checkIndex(user, history.rowCount, "User");
    chosen.set(rows.subarray(user * stride, (user + 1) * stride), index * stride);
    offsets[index + 1] = (offsets[index] ?? 0) + (history.offsets[user + 1] ?? 0) - (history.offsets[user] ?? 0);
  }
  const columns = new Int32Array(offsets[wanted.length] ?? 0);
  for (const [index, user] of wanted.entries()) {
    columns.set(history.columns.subarray(history.offsets[user], history.offsets[user + 1]), offsets[index]);
  }
  const excluded = { rowCount: wanted.length, columnCount: history.columnCount, offsets, columns };
  return scorer.bestOfMany(chosen, count, { ...excluded, values: new Float32Array() });
}
