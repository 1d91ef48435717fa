/** Learning: the first time, and further on. */
import { type Dataset, interactionMatrix, type Interactions, limitInfluence } from "../dataset.ts";
import { RecommenderError } from "../errors.ts";
import type { Training } from "../model.ts";
import { scrambleSeed } from "../random.ts";
import { compressRows, rowOfEach, type SparseMatrix } from "../sparse.ts";
import { columnsOf, extendRows, takeOver, withShares } from "./features.ts";
import { rowLengthOf, strideOf } from "./layout.ts";
import type { Learned } from "./learned.ts";
import type { FactorizationSettings } from "./options.ts";
import { train } from "./train.ts";
import { createWorkspace, initialTable, type Tables } from "./workspace.ts";

/** From so many samples on, a further thread gains more than it costs (measured: docs/benchmarks.md). */
const SAMPLES_PER_THREAD = 80_000;

/**
 * Learns from a dataset, going on from what was learned before.
 * @throws RecommenderError `recommender/invalid-data`, `recommender/cancelled`, `recommender/diverged`,
 *   `recommender/thread-failed`
 */
export async function learn(
  dataset: Dataset,
  settings: FactorizationSettings,
  training: Training | undefined,
  before?: Learned,
): Promise<Learned> {
  const { userCount, itemCount } = dataset.interactions;
  checkGrowth(dataset.interactions, before);
  const samples = limitInfluence(dataset.interactions, settings.influence);
  const added = interactionMatrix(samples);
  const history = before === undefined ? added : addMatrices(before.history, added);
  const userFeatures = extendRows(dataset.userFeatures ?? before?.userFeatures, userCount, "users");
  const itemFeatures = extendRows(dataset.itemFeatures ?? before?.itemFeatures, itemCount, "items");
  const workspace = createWorkspace({
    settings,
    users: samples.users,
    items: samples.items,
    weights: relativeWeights(samples.weights),
    positives: history,
    userFeatures: withShares(userFeatures, settings.identityShare),
    itemFeatures: withShares(itemFeatures, settings.identityShare),
    tables: {
      users: tableOf({ settings, features: userFeatures, count: userCount, side: "users" }, before),
      items: tableOf({ settings, features: itemFeatures, count: itemCount, side: "items" }, before),
    },
    threads: threadsFor(settings, samples.users.length),
  });
  await train(workspace, settings, training);
  const { buffer, layout } = workspace;
  const tables = {
    users: new Float32Array(buffer, layout.userTable.at, layout.userTable.length).slice(),
    items: new Float32Array(buffer, layout.itemTable.at, layout.itemTable.length).slice(),
  };
  checkFinite(tables, settings);
  return { settings, history, userFeatures, itemFeatures, tables };
}

function checkGrowth({ users, userCount, itemCount }: Interactions, before: Learned | undefined): void {
  if (users.length === 0 && before === undefined) {
    throw new RecommenderError("recommender/invalid-data", "There is no interaction to learn from.");
  }
  const { rowCount, columnCount } = before?.history ?? { rowCount: 0, columnCount: 0 };
  if (userCount >= rowCount && itemCount >= columnCount) return;
  throw new RecommenderError(
    "recommender/invalid-data",
    `The model has ${rowCount} users and ${columnCount} items, the further data ${userCount} and ${itemCount}: rows may ` +
      "come behind those of before, and none may go.",
  );
}

/** Weights against their mean; undefined when all are the same. */
function relativeWeights(weights: Float32Array): Float32Array | undefined {
  const [first] = weights;
  if (weights.every((weight) => weight === first)) return undefined;
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

interface Side {
  readonly settings: FactorizationSettings;
  readonly features: SparseMatrix | undefined;
  readonly count: number;
  readonly side: keyof Tables;
}

/** New rows at random, known rows as they were. */
function tableOf({ settings, features, count, side }: Side, before: Learned | undefined): Float32Array {
  const columns = columnsOf(features, settings.identityShare, count);
  const isUsers = side === "users";
  const constant = isUsers ? settings.components : settings.components + 1;
  const plan = {
    rows: columns.features + columns.identities,
    rowLength: rowLengthOf(settings),
    stride: strideOf(settings.components),
    constantAt: columns.features === 0 ? constant : undefined,
  };
  const table = initialTable(plan, settings, scrambleSeed(settings.seed) + (isUsers ? 1 : 2));
  if (before !== undefined) {
    const { history, userFeatures, itemFeatures, tables } = before;
    const older = isUsers
      ? columnsOf(userFeatures, settings.identityShare, history.rowCount)
      : columnsOf(itemFeatures, settings.identityShare, history.columnCount);
    takeOver(table, columns, tables[side], older);
  }
  return table;
}

function threadsFor({ threads, kernel }: FactorizationSettings, samples: number): number {
  if (kernel === "javascript") return 1;
  return Math.max(1, Math.min(threads, Math.floor(samples / SAMPLES_PER_THREAD)));
}

/** Weights of both added up; the sizes are those of the larger. */
function addMatrices(left: SparseMatrix, right: SparseMatrix): SparseMatrix {
  const count = left.columns.length + right.columns.length;
  const rows = new Int32Array(count);
  const columns = new Int32Array(count);
  const values = new Float32Array(count);
  rows.set(rowOfEach(left));
  rows.set(rowOfEach(right), left.columns.length);
  columns.set(left.columns);
  columns.set(right.columns, left.columns.length);
  values.set(left.values);
  values.set(right.values, left.columns.length);
  return compressRows({
    rowCount: Math.max(left.rowCount, right.rowCount),
    columnCount: Math.max(left.columnCount, right.columnCount),
    rows,
    columns,
    values,
  });
}

function checkFinite({ users, items }: Tables, { learningRate }: FactorizationSettings): void {
  if (users.every((weight) => Number.isFinite(weight)) && items.every((weight) => Number.isFinite(weight))) return;
  throw new RecommenderError(
    "recommender/diverged",
    `The training went out of bounds. Try a lower learning rate than ${learningRate}.`,
  );
}
