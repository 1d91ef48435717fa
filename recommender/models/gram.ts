/** The Gram matrix of the items: how often, and how strongly, two items are in one history. */
import type { Interactions } from "../dataset.ts";
import { RecommenderError } from "../errors.ts";
import { type Container, sectionOf } from "../serialize.ts";
import { rowOf, type SparseMatrix, type SparseRow } from "../sparse.ts";

/** The lower half, row by row with the diagonal: item `i` with `j ≤ i` is at `i (i + 1) / 2 + j`. */
export interface Gram {
  readonly size: number;
  readonly values: Float64Array;
}

/** A Gram matrix and its inverse of more items or features than this would not fit into a worker's memory. */
const MAX_SIZE = 12_000;

/**
 * From nothing.
 * @throws RecommenderError `recommender/invalid-data` for a catalogue too large for a closed form
 */
export function gramOf(history: SparseMatrix): Gram {
  const gram = emptyGram(history.columnCount);
  for (let user = 0; user < history.rowCount; user++) addOuterProduct(gram.values, rowOf(history, user), 1);
  return gram;
}

/** The matrix after further interactions: only the users who had any are taken out and put in again. */
export function updateGram(before: Gram, old: SparseMatrix, history: SparseMatrix, added: Interactions): Gram {
  const gram = emptyGram(history.columnCount);
  gram.values.set(before.values);
  for (const user of new Set(added.users)) {
    if (user < old.rowCount) addOuterProduct(gram.values, rowOf(old, user), -1);
    addOuterProduct(gram.values, rowOf(history, user), 1);
  }
  return gram;
}

/** @throws RecommenderError `recommender/invalid-data` when there are too many for a closed form */
export function checkCatalogue(size: number, what: "items" | "features"): void {
  if (size <= MAX_SIZE) return;
  throw new RecommenderError(
    "recommender/invalid-data",
    `A closed form over ${size} ${what} needs a matrix of ${Math.round((size * size * 8) / 1e6)} MB; the most is ` +
      `${MAX_SIZE} ${what}. Use item-neighbours or factorization for so many.`,
  );
}

function emptyGram(size: number): Gram {
  checkCatalogue(size, "items");
  return { size, values: new Float64Array((size * (size + 1)) / 2) };
}

function addOuterProduct(values: Float64Array, { columns, values: row }: SparseRow, sign: 1 | -1): void {
  for (let left = 0; left < columns.length; left++) {
    const item = columns[left] ?? 0;
    const start = (item * (item + 1)) / 2;
    const factor = sign * (row[left] ?? 0);
    for (let right = 0; right <= left; right++) {
      const place = start + (columns[right] ?? 0);
      values[place] = (values[place] ?? 0) + factor * (row[right] ?? 0);
    }
  }
}

/** @throws RecommenderError `recommender/corrupt-file` */
export const readGram = (container: Container, size: number): Gram => ({
  size,
  values: sectionOf(container, "gram", Float64Array, (size * (size + 1)) / 2),
});
