/** Sparse matrices in compressed rows (CSR), the one form that data and features take. */
import { RecommenderError } from "./errors.ts";

/** Row `r` holds `columns[i]` with `values[i]` for `i` from `offsets[r]` to `offsets[r + 1]`; columns rise in a row. */
export interface SparseMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** One row of a sparse matrix: columns rise. */
export interface SparseRow {
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** Entries in any order; equal places are added up. */
export interface Entries {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
  /** @default 1 each */
  readonly values?: ArrayLike<number> | undefined;
}

/** A row from pairs in any order, equal columns added up. */
export function sparseRow(entries: Iterable<readonly [column: number, value: number]>): SparseRow {
  const sums = new Map<number, number>();
  for (const [column, value] of entries) sums.set(column, (sums.get(column) ?? 0) + value);
  const sorted = [...sums].toSorted(([left], [right]) => left - right);
  return {
    columns: Int32Array.from(sorted, ([column]) => column),
    values: Float32Array.from(sorted, ([, value]) => value),
  };
}

/**
 * Compresses entries into rows; linear in the number of entries and of rows and columns.
 * @throws RecommenderError `recommender/invalid-data` for a place outside the matrix or a value that is no finite number
 */
export function compressRows(entries: Entries): SparseMatrix {
  checkEntries(entries);
  // Sorting by counting, by column and then by row, leaves each row with rising columns.
  return mergeEqual(transpose(bucketByColumn(entries)));
}

/** Counting sort of entries by column, stable: the result has a row per column. */
function bucketByColumn({ rowCount, columnCount, rows, columns, values }: Entries): SparseMatrix {
  const count = columns.length;
  const offsets = new Int32Array(columnCount + 1);
  for (let index = 0; index < count; index++) {
    const column = columns[index] ?? 0;
    offsets[column + 1] = (offsets[column + 1] ?? 0) + 1;
  }
  for (let column = 0; column < columnCount; column++) {
    offsets[column + 1] = (offsets[column + 1] ?? 0) + (offsets[column] ?? 0);
  }
  const next = offsets.slice();
  const target = new Int32Array(count);
  const moved = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    const column = columns[index] ?? 0;
    const place = next[column] ?? 0;
    next[column] = place + 1;
    target[place] = rows[index] ?? 0;
    moved[place] = values?.[index] ?? 1;
  }
  return { rowCount: columnCount, columnCount: rowCount, offsets, columns: target, values: moved };
}

function mergeEqual(matrix: SparseMatrix): SparseMatrix {
  const { rowCount, columnCount } = matrix;
  const offsets = new Int32Array(rowCount + 1);
  const columns = new Int32Array(matrix.columns.length);
  const values = new Float32Array(matrix.columns.length);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    const start = count;
    const end = matrix.offsets[row + 1] ?? 0;
    for (let index = matrix.offsets[row] ?? 0; index < end; index++) {
      const column = matrix.columns[index] ?? 0;
      const value = matrix.values[index] ?? 0;
      if (count > start && columns[count - 1] === column) values[count - 1] = (values[count - 1] ?? 0) + value;
      else {
        columns[count] = column;
        values[count] = value;
        count += 1;
      }
    }
    offsets[row + 1] = count;
  }
  if (count === columns.length) return { rowCount, columnCount, offsets, columns, values };
  return { rowCount, columnCount, offsets, columns: columns.slice(0, count), values: values.slice(0, count) };
}

/** Rows become columns; rows of the result have rising columns. */
export function transpose(matrix: SparseMatrix): SparseMatrix {
  return bucketByColumn({ ...matrix, rows: rowOfEach(matrix) });
}

/** The row of each stored entry. */
export function rowOfEach({ rowCount, offsets }: SparseMatrix): Int32Array {
  const rows = new Int32Array(offsets[rowCount] ?? 0);
  for (let row = 0; row < rowCount; row++) rows.fill(row, offsets[row] ?? 0, offsets[row + 1] ?? 0);
  return rows;
}

/** A view of one row, nothing copied. */
export function rowOf(matrix: SparseMatrix, row: number): SparseRow {
  if (!(row >= 0 && row < matrix.rowCount)) {
    throw new RecommenderError(
      "recommender/out-of-range",
      `Row ${row} was asked for; the matrix has ${matrix.rowCount} rows.`,
    );
  }
  const start = matrix.offsets[row] ?? 0;
  const end = matrix.offsets[row + 1] ?? 0;
  return { columns: matrix.columns.subarray(start, end), values: matrix.values.subarray(start, end) };
}

/** Each row divided by the sum of its absolute values, so that many features weigh no more than few. */
export function normalizeRows(matrix: SparseMatrix): SparseMatrix {
  const values = new Float32Array(matrix.values.length);
  for (let row = 0; row < matrix.rowCount; row++) {
    values.set(normalizeRow(rowOf(matrix, row)).values, matrix.offsets[row]);
  }
  return { ...matrix, values };
}

/** One row divided by the sum of its absolute values. */
export function normalizeRow({ columns, values }: SparseRow): SparseRow {
  const sum = values.reduce((total, value) => total + Math.abs(value), 0);
  return { columns, values: sum > 0 ? values.map((value) => value / sum) : values.slice() };
}

/** Puts one column of its own in front of each row: row `r` gets a 1 in column `r`, the others move up. */
export function withIdentity(matrix: SparseMatrix): SparseMatrix {
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
  return {
    rowCount,
    columnCount: rowCount,
    offsets: Int32Array.from({ length: rowCount + 1 }, (_, row) => row),
    columns: Int32Array.from({ length: rowCount }, (_, row) => row),
    values: new Float32Array(rowCount).fill(1),
  };
}

function checkEntries({ rowCount, columnCount, rows, columns, values }: Entries): void {
  if (rows.length !== columns.length || (values !== undefined && values.length !== rows.length)) {
    throw new RecommenderError(
      "recommender/invalid-data",
      `Entries need as many rows (${rows.length}) as columns (${columns.length}) and values (${values?.length ?? "none"}).`,
    );
  }
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? -1;
    const column = columns[index] ?? -1;
    if (!isPlace(row, rowCount) || !isPlace(column, columnCount) || !Number.isFinite(values?.[index] ?? 1)) {
      throw new RecommenderError(
        "recommender/invalid-data",
        `Entry ${index} is at row ${row}, column ${column}, value ${values?.[index] ?? 1}: it must be a finite number ` +
          `inside ${rowCount} × ${columnCount}.`,
      );
    }
  }
}

const isPlace = (index: number, count: number): boolean => Number.isInteger(index) && index >= 0 && index < count;
