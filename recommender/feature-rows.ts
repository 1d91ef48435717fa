/** Rows of features: normalized, and with an identity of their own. */
import { requireCount, requireMatrix, requireRow } from "./checks.ts";
import { rowOf, type SparseMatrix, type SparseRow } from "./sparse.ts";

/** Each row divided by the sum of its absolute values, so that many features weigh no more than few. */
export function normalizeRows(matrix: SparseMatrix): SparseMatrix {
  requireMatrix(matrix, "The matrix to normalize");
  const values = new Float32Array(matrix.values.length);
  for (let row = 0; row < matrix.rowCount; row++) {
    values.set(scaledToOne(rowOf(matrix, row)).values, matrix.offsets[row]);
  }
  return { ...matrix, values };
}

/** One row divided by the sum of its absolute values. */
export function normalizeRow(row: SparseRow): SparseRow {
  requireRow(row, 2 ** 31, "A column");
  return scaledToOne(row);
}

function scaledToOne({ columns, values }: SparseRow): SparseRow {
  const sum = values.reduce((total, value) => total + Math.abs(value), 0);
  return { columns, values: sum > 0 ? values.map((value) => value / sum) : values.slice() };
}

/** Puts one column of its own in front of each row: row `r` gets a 1 in column `r`, the others move up. */
export function withIdentity(matrix: SparseMatrix): SparseMatrix {
  requireMatrix(matrix, "The matrix to extend");
  const { rowCount } = matrix;
  const count = matrix.columns.length + rowCount;
  const columns = new Int32Array(count);
  const values = new Float32Array(count);
  const offsets = matrix.offsets.map((offset, row) => offset + row);
  for (let row = 0; row < rowCount; row++) {
    const place = offsets[row] ?? 0;
    const source = rowOf(matrix, row);
    columns[place] = row;
    values[place] = 1;
    columns.set(
      source.columns.map((column) => column + rowCount),
      place + 1,
    );
    values.set(source.values, place + 1);
  }
  return { rowCount, columnCount: matrix.columnCount + rowCount, offsets, columns, values };
}

/** A square matrix of ones on the diagonal. */
export function identity(rowCount: number): SparseMatrix {
  requireCount(rowCount, "The number of rows");
  return {
    rowCount,
    columnCount: rowCount,
    offsets: Int32Array.from({ length: rowCount + 1 }, (_, row) => row),
    columns: Int32Array.from({ length: rowCount }, (_, row) => row),
    values: new Float32Array(rowCount).fill(1),
  };
}
