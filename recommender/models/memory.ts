/** What a model keeps of its training data: who had what, and the features of both. */
import { type Dataset, interactionMatrix, type Interactions, requireDataset, selectInteractions } from "../dataset.ts";
import type { Subject } from "../model.ts";
import { matrixSections, readFeatures, readMatrix } from "../matrix-sections.ts";
import type { Container, Section } from "../serialize.ts";
import { addMatrices, rowOf, withRows, type SparseMatrix, type SparseRow, sparseRow } from "../sparse.ts";

export interface Memory {
  /** Users by items, weights added up. */
  readonly history: SparseMatrix;
  readonly userFeatures?: SparseMatrix | undefined;
  readonly itemFeatures?: SparseMatrix | undefined;
}

/** What is known of one subject. */
export interface Knowledge {
  readonly history: SparseRow;
  readonly features: SparseRow;
}

const NOTHING: SparseRow = { columns: new Int32Array(), values: new Float32Array() };

/**
 * The memory of a first training.
 * @throws RecommenderError `recommender/invalid-data`
 */
export function remember(dataset: Dataset): Memory {
  requireDataset(dataset);
  const { interactions, userFeatures, itemFeatures } = dataset;
  return { history: evidenceOf(interactions), userFeatures, itemFeatures };
}

/** A weight of 0, such as a dismissal's, is no evidence: nobody had the item by it. */
function evidenceOf(interactions: Interactions): SparseMatrix {
  if (!interactions.weights.includes(0)) return interactionMatrix(interactions);
  const places = interactions.users.map((_, place) => place).filter((place) => interactions.weights[place] !== 0);
  return interactionMatrix(selectInteractions(interactions, places));
}

/** The memory after further data; new rows come behind, feature matrices are the new ones where there are any. */
export function extend(memory: Memory, dataset: Dataset): Memory {
  return {
    history: addMatrices(memory.history, evidenceOf(dataset.interactions)),
    userFeatures: dataset.userFeatures ?? withRows(memory.userFeatures, dataset.interactions.userCount),
    itemFeatures: dataset.itemFeatures ?? withRows(memory.itemFeatures, dataset.interactions.itemCount),
  };
}

/**
 * A thousandth of the share of users who have each item: too little to move what a model knows, enough to order what it
 * does not, so that someone without history gets everyone's favourites.
 */
export function favourites({ history }: Memory): Float32Array {
  const shares = new Float32Array(history.columnCount);
  const step = 1e-3 / Math.max(1, history.rowCount);
  for (const item of history.columns) shares[item] = (shares[item] ?? 0) + step;
  return shares;
}

/** Everything known of a subject: what the model remembers of its row, and what the question adds. */
export function knowledgeOf(memory: Memory, { user, history, features }: Subject): Knowledge {
  const past = user === undefined ? NOTHING : rowOf(memory.history, user);
  const known = user === undefined || memory.userFeatures === undefined ? NOTHING : rowOf(memory.userFeatures, user);
  return { history: history === undefined ? past : addRows(past, history), features: features ?? known };
}

function addRows(left: SparseRow, right: SparseRow): SparseRow {
  if (left.columns.length === 0) return right;
  if (right.columns.length === 0) return left;
  return sparseRow([...pairsOf(left), ...pairsOf(right)]);
}

/** @yields the entries of a row, one by one */
export function* pairsOf({ columns, values }: SparseRow): Generator<readonly [column: number, value: number]> {
  for (let index = 0; index < columns.length; index++) yield [columns[index] ?? 0, values[index] ?? 0];
}

/** Sections for `readMemory`. */
export const memorySections = (memory: Memory): Readonly<Record<string, Section>> => ({
  ...matrixSections("history", memory.history),
  ...(memory.userFeatures === undefined ? {} : matrixSections("user-features", memory.userFeatures)),
  ...(memory.itemFeatures === undefined ? {} : matrixSections("item-features", memory.itemFeatures)),
});

/** @throws RecommenderError `recommender/corrupt-file` */
export function readMemory(container: Container): Memory {
  const history = readMatrix(container, "history");
  return {
    history,
    userFeatures: readFeatures(container, "user-features", history.rowCount),
    itemFeatures: readFeatures(container, "item-features", history.columnCount),
  };
}

/** How much of the same two people had. */
export function historyCosines(history: SparseMatrix, user: number): Float32Array {
  const own = new Float64Array(history.columnCount);
  const { columns, values } = rowOf(history, user);
  for (const [index, column] of columns.entries()) own[column] = values[index] ?? 0;
  const length = lengthOf(values);
  return Float32Array.from({ length: history.rowCount }, (_, other) => {
    const row = rowOf(history, other);
    let product = 0;
    for (let index = 0; index < row.columns.length; index++) {
      product += (own[row.columns[index] ?? 0] ?? 0) * (row.values[index] ?? 0);
    }
    return product === 0 ? 0 : product / (length * lengthOf(row.values));
  });
}

function lengthOf(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}
