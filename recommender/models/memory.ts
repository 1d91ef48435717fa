/** What a model keeps of its training data: who had what, and the features of both. */
import { type Dataset, interactionMatrix } from "../dataset.ts";
import type { Subject } from "../model.ts";
import { type Container, type Section, sectionOf } from "../serialize.ts";
import { compressRows, rowOf, rowOfEach, type SparseMatrix, type SparseRow, sparseRow } from "../sparse.ts";

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

/** The memory of a first training. */
export const remember = ({ interactions, userFeatures, itemFeatures }: Dataset): Memory => ({
  history: interactionMatrix(interactions),
  userFeatures,
  itemFeatures,
});

/** The memory after further data; new rows come behind, feature matrices are the new ones where there are any. */
export function extend(memory: Memory, dataset: Dataset): Memory {
  return {
    history: addMatrices(memory.history, interactionMatrix(dataset.interactions)),
    userFeatures: dataset.userFeatures ?? memory.userFeatures,
    itemFeatures: dataset.itemFeatures ?? memory.itemFeatures,
  };
}

function addMatrices(left: SparseMatrix, right: SparseMatrix): SparseMatrix {
  return compressRows({
    rowCount: Math.max(left.rowCount, right.rowCount),
    columnCount: Math.max(left.columnCount, right.columnCount),
    rows: concat(Int32Array, rowOfEach(left), rowOfEach(right)),
    columns: concat(Int32Array, left.columns, right.columns),
    values: concat(Float32Array, left.values, right.values),
  });
}

function concat<Type extends Int32Array | Float32Array>(
  Kind: { new (length: number): Type },
  first: Type,
  second: Type,
): Type {
  const all = new Kind(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
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
  const known =
    user === undefined || memory.userFeatures === undefined || user >= memory.userFeatures.rowCount
      ? NOTHING
      : rowOf(memory.userFeatures, user);
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
export const readMemory = (container: Container): Memory => ({
  history: readMatrix(container, "history"),
  userFeatures: hasMatrix(container, "user-features") ? readMatrix(container, "user-features") : undefined,
  itemFeatures: hasMatrix(container, "item-features") ? readMatrix(container, "item-features") : undefined,
});

const hasMatrix = ({ sections }: Container, name: string): boolean => sections[`${name}/shape`] !== undefined;

/** A sparse matrix as four sections of a model's file. */
export const matrixSections = (name: string, matrix: SparseMatrix): Readonly<Record<string, Section>> => ({
  [`${name}/shape`]: Int32Array.of(matrix.rowCount, matrix.columnCount),
  [`${name}/offsets`]: matrix.offsets,
  [`${name}/columns`]: matrix.columns,
  [`${name}/values`]: matrix.values,
});

/** @throws RecommenderError `recommender/corrupt-file` */
export function readMatrix(container: Container, name: string): SparseMatrix {
  const [rowCount = 0, columnCount = 0] = sectionOf(container, `${name}/shape`, Int32Array);
  return {
    rowCount,
    columnCount,
    offsets: sectionOf(container, `${name}/offsets`, Int32Array),
    columns: sectionOf(container, `${name}/columns`, Int32Array),
    values: sectionOf(container, `${name}/values`, Float32Array),
  };
}
