/** Users and items as vectors: the sums of the embeddings of their features. */
import type { SparseMatrix, SparseRow } from "../sparse.ts";

/** Rows of weights, with accumulators behind them that do not matter here. */
export interface WeightRows {
  readonly table: Float32Array;
  readonly rowLength: number;
  readonly stride: number;
  /** Place that is 1 in every representation. */
  readonly constantAt: number;
}

/** Adds the embeddings of these columns to a vector. */
export function addEmbeddings(
  { table, rowLength, stride }: WeightRows,
  { columns, values }: SparseRow,
  into: Float32Array,
): void {
  for (let index = 0; index < columns.length; index++) {
    const start = (columns[index] ?? 0) * rowLength;
    const value = values[index] ?? 0;
    for (let at = 0; at < stride; at++) into[at] = (into[at] ?? 0) + value * (table[start + at] ?? 0);
  }
}

/** All rows as representations, `stride` numbers each. `features` is undefined where each row is one of the table. */
export function representationsOf(rows: WeightRows, features: SparseMatrix | undefined, count: number): Float32Array {
  const { table, rowLength, stride, constantAt } = rows;
  const all = new Float32Array(count * stride);
  for (let row = 0; row < count; row++) {
    const into = all.subarray(row * stride, (row + 1) * stride);
    if (features === undefined) into.set(table.subarray(row * rowLength, row * rowLength + stride));
    else {
      const [start, end] = [features.offsets[row], features.offsets[row + 1]];
      const entries = { columns: features.columns.subarray(start, end), values: features.values.subarray(start, end) };
      addEmbeddings(rows, entries, into);
    }
    into[constantAt] = 1;
  }
  return all;
}
