/** Learning: the first time, and further on. */
import { refuse } from "../checks.ts";
import { type Dataset, interactionMatrix, limitRows, requireDataset } from "../dataset.ts";
import { RecommenderError } from "../errors.ts";
import type { Model, Progress, Training } from "../model.ts";
import { scrambleSeed } from "../random.ts";
import { addMatrices, firstRows, type SparseMatrix, withRows } from "../sparse.ts";
import { columnsOf, takeOver, withShares } from "./features.ts";
import { rowLengthOf, strideOf } from "./layout.ts";
import type { Learned } from "./learned.ts";
import type { FactorizationSettings } from "./options.ts";
import { train } from "./train.ts";
import { createWorkspace, initializeTable, type Tables, tablesIn, type Workspace } from "./workspace.ts";

/** From so many samples on, a further thread gains more than it costs (measured: docs/benchmarks.md). */
const SAMPLES_PER_THREAD = 80_000;

export interface Learning {
  readonly training: Training | undefined;
  /** What is shown of a training that goes on. */
  readonly modelOf: (learned: Learned) => Model;
  /** What is gone on from. */
  readonly before?: Learned;
}

/** A training that can begin. */
export interface PreparedTraining {
  readonly workspace: Workspace;
  /** What is learned by now. */
  readonly learned: () => Learned;
}

/**
 * Learns from a dataset, going on from what was learned before.
 * @throws RecommenderError `recommender/invalid-data`, `recommender/cancelled`, `recommender/diverged`,
 *   `recommender/thread-failed`
 */
export async function learn(
  dataset: Dataset,
  settings: FactorizationSettings,
  { training = {}, modelOf, before }: Learning,
): Promise<Learned> {
  const { workspace, learned } = prepareTraining(dataset, settings, before);
  const { onProgress, onEpoch, signal } = training;
  const model = (): Model => modelOf(learned());
  const afterEpoch = async (progress: Progress) => await onEpoch?.({ ...progress, model });
  await train(workspace, settings, { onProgress, signal, ...(onEpoch !== undefined && { afterEpoch }) });
  checkFinite(tablesIn(workspace), settings);
  return learned();
}

/**
 * Checks the data and lays them out. What is large lies in one block of memory: pairs, tables and histories are written
 * where the kernel works on them, and only what was learned is taken out again.
 * @throws RecommenderError `recommender/invalid-data`
 */
export function prepareTraining(dataset: Dataset, settings: FactorizationSettings, before?: Learned): PreparedTraining {
  requireDataset(dataset);
  const { userCount, itemCount } = dataset.interactions;
  const saysSomething = dataset.interactions.weights.some((weight) => weight > 0);
  if (!saysSomething && before === undefined) refuse("There is no interaction to learn from: none weighs more than 0.");
  const samples = interactionMatrix(dataset.interactions);
  limitRows(samples, settings.influence);
  const history = before === undefined ? samples : addMatrices(before.history, samples);
  const userFeatures = firstRows(dataset.userFeatures, userCount) ?? withRows(before?.userFeatures, userCount);
  const itemFeatures = firstRows(dataset.itemFeatures, itemCount) ?? withRows(before?.itemFeatures, itemCount);
  const workspace = createWorkspace({
    settings,
    samples,
    positives: history,
    userFeatures: withShares(userFeatures, settings.identityShare),
    itemFeatures: withShares(itemFeatures, settings.identityShare),
    fill: (tables) => {
      fillTable(tables.users, { settings, features: userFeatures, count: userCount, side: "users" }, before);
      fillTable(tables.items, { settings, features: itemFeatures, count: itemCount, side: "items" }, before);
    },
    threads: threadsFor(settings, samples.columns.length),
  });
  const learned = (): Learned => {
    const { users, items } = tablesIn(workspace);
    return { settings, history, userFeatures, itemFeatures, tables: { users: users.slice(), items: items.slice() } };
  };
  return { workspace, learned };
}

interface Side {
  readonly settings: FactorizationSettings;
  readonly features: SparseMatrix | undefined;
  readonly count: number;
  readonly side: keyof Tables;
}

/** New rows at random, known rows as they were. */
function fillTable(table: Float32Array, { settings, features, count, side }: Side, before: Learned | undefined): void {
  const columns = columnsOf(features, settings.identityShare, count);
  const isUsers = side === "users";
  const constant = isUsers ? settings.components : settings.components + 1;
  const plan = {
    rowLength: rowLengthOf(settings),
    stride: strideOf(settings.components),
    constantAt: columns.features === 0 ? constant : undefined,
  };
  initializeTable(table, plan, settings, scrambleSeed(settings.seed) + (isUsers ? 1 : 2));
  if (before !== undefined) {
    const { history, userFeatures, itemFeatures, tables } = before;
    const older = isUsers
      ? columnsOf(userFeatures, settings.identityShare, history.rowCount)
      : columnsOf(itemFeatures, settings.identityShare, history.columnCount);
    takeOver(table, columns, tables[side], older);
  }
}

function threadsFor({ threads }: FactorizationSettings, samples: number): number {
  return Math.max(1, Math.min(threads, Math.floor(samples / SAMPLES_PER_THREAD)));
}

function checkFinite({ users, items }: Tables, { learningRate }: FactorizationSettings): void {
  if (users.every((weight) => Number.isFinite(weight)) && items.every((weight) => Number.isFinite(weight))) return;
  throw new RecommenderError(
    "recommender/diverged",
    `The training went out of bounds. Try a lower learning rate than ${learningRate}.`,
  );
}
