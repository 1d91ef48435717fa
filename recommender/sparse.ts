/** Sparse matrices in compressed rows (CSR), the one form that data and features take. */
import { isUsable, refuse, requireCount, requireIterable, requireList, requireMatrix, shown } from "./checks.ts";
import { RecommenderError } from "./errors.ts";
import type { SparseMatrix, SparseRow } from "./sparse-matrix.ts";

export type { SparseMatrix, SparseRow } from "./sparse-matrix.ts";

/** Entries in any order; equal places are added up. */
export interface Entries {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
  /** @default 1 each */
  readonly values?: ArrayLike<number> | undefined;
}

/**
 * A row from pairs in any order, equal columns added up.
 * @throws RecommenderError `recommender/invalid-data` for a column or value that can be none
 */
export function sparseRow(entries: Iterable<readonly [column: number, value: number]>): SparseRow {
  const sums = new Map<number, number>();
  requireIterable(entries, "The entries of a row");
  for (const entry of entries) {
    requireList(entry, "An entry of a row");
    const [column, value] = entry;
    requireCount(column, "A column");
    if (!isUsable(value)) refuse(`Column ${column} has the value ${shown(value)}; it must be finite and at most 1e12.`);
    sums.set(column, (sums.get(column) ?? 0) + value);
  }
  const sorted = [...sums].toSorted(([left], [right]) => left - right);
  return {
    columns: Int32Array.from(sorted, ([column]) => column),
    values: Float32Array.from(sorted, ([, value]) => value),
  };
}

/**
 * Compresses entries into rows, in one block of the size of the result: about linear in the number of entries and rows.
 * @throws RecommenderError `recommender/invalid-data` for a place outside the matrix or a value that is no finite number
 */
export function compressRows(entries: Entries): SparseMatrix {
  checkEntries(entries);
  const matrix = bucketByRow(entries);
  for (let row = 0; row < matrix.rowCount; row++)
    sortRow(matrix, matrix.offsets[row] ?? 0, matrix.offsets[row + 1] ?? 0);
  return mergeEqual(matrix);
}

/** Counting sort of entries by row; in a row they keep their order. */
function bucketByRow({ rowCount, columnCount, rows, columns, values }: Entries): SparseMatrix {
  const offsets = offsetsOf(rows, rowCount);
  const next = offsets.slice();
  const target = new Int32Array(columns.length);
  const moved = new Float32Array(columns.length);
  for (let index = 0; index < target.length; index++) {
    const row = rows[index] ?? 0;
    const place = next[row] ?? 0;
    next[row] = place + 1;
    target[place] = columns[index] ?? 0;
    moved[place] = values === undefined ? 1 : (values[index] ?? 1);
  }
  return { rowCount, columnCount, offsets, columns: target, values: moved };
}

function offsetsOf(keys: ArrayLike<number>, count: number): Int32Array {
  const offsets = new Int32Array(count + 1);
  for (let index = 0; index < keys.length; index++) {
    const after = (keys[index] ?? 0) + 1;
    offsets[after] = (offsets[after] ?? 0) + 1;
  }
  for (let key = 0; key < count; key++) offsets[key + 1] = (offsets[key + 1] ?? 0) + (offsets[key] ?? 0);
  return offsets;
}

/** Up to here a row is sorted by insertion, which needs nothing beside it. */
const SHORT_ROW = 24;

/** By column; equal columns keep their order. */
function sortRow(matrix: SparseMatrix, start: number, end: number): void {
  const { columns, values } = matrix;
  if (end - start > SHORT_ROW) return sortLongRow(matrix, start, end);
  for (let index = start + 1; index < end; index++) {
    const column = columns[index] ?? 0;
    if (column >= (columns[index - 1] ?? 0)) continue;
    const value = values[index] ?? 0;
    let place = index;
    for (; place > start && (columns[place - 1] ?? 0) > column; place--) {
      columns[place] = columns[place - 1] ?? 0;
      values[place] = values[place - 1] ?? 0;
    }
    columns[place] = column;
    values[place] = value;
  }
}

/** Column and place as one number, which the typed array sorts by itself. */
function sortLongRow({ columnCount, columns, values }: SparseMatrix, start: number, end: number): void {
  const own = columns.subarray(start, end);
  if (own.every((column, index) => index === 0 || column >= (own[index - 1] ?? 0))) return;
  const length = end - start;
  if (columnCount * length > Number.MAX_SAFE_INTEGER) refuse(`A row has ${length} entries, more than can be sorted.`);
  const keys = Float64Array.from(own, (column, index) => column * length + index).toSorted();
  const before = values.slice(start, end);
  for (const [index, key] of keys.entries()) {
    own[index] = Math.floor(key / length);
    values[start + index] = before[key % length] ?? 0;
  }
}

/** Adds up equal columns, in place. */
function mergeEqual({ rowCount, columnCount, offsets, columns, values }: SparseMatrix): SparseMatrix {
  let count = 0;
  let begin = 0;
  for (let row = 0; row < rowCount; row++) {
    const start = count;
    const end = offsets[row + 1] ?? 0;
    for (let index = begin; index < end; index++) {
      const column = columns[index] ?? 0;
      const value = values[index] ?? 0;
      if (count > start && columns[count - 1] === column) values[count - 1] = (values[count - 1] ?? 0) + value;
      else {
        columns[count] = column;
        values[count] = value;
        count += 1;
      }
    }
    begin = end;
    offsets[row + 1] = count;
  }
  if (count === columns.length) return { rowCount, columnCount, offsets, columns, values };
  return { rowCount, columnCount, offsets, columns: shortened(columns, count), values: shortened(values, count) };
}

/** Copied only where much would lie idle behind. */
function shortened<Type extends Int32Array | Float32Array>(array: Type, length: number): Type;
function shortened(array: Int32Array | Float32Array, length: number): Int32Array | Float32Array {
  return length > array.length * 0.75 ? array.subarray(0, length) : array.slice(0, length);
}

/** Rows become columns; rows of the result have rising columns. */
export function transpose(matrix: SparseMatrix): SparseMatrix {
  requireMatrix(matrix, "The matrix to transpose");
  const { rowCount, columnCount, offsets, columns, values } = matrix;
  const transposed = offsetsOf(columns, columnCount);
  const next = transposed.slice();
  const rows = new Int32Array(columns.length);
  const moved = new Float32Array(columns.length);
  for (let row = 0; row < rowCount; row++) {
    const end = offsets[row + 1] ?? 0;
    for (let index = offsets[row] ?? 0; index < end; index++) {
      const column = columns[index] ?? 0;
      const place = next[column] ?? 0;
      next[column] = place + 1;
      rows[place] = row;
      moved[place] = values[index] ?? 0;
    }
  }
  return { rowCount: columnCount, columnCount: rowCount, offsets: transposed, columns: rows, values: moved };
}

/** Both added up, place by place; the sizes are those of the larger. */
export function addMatrices(left: SparseMatrix, right: SparseMatrix): SparseMatrix {
  const rowCount = Math.max(left.rowCount, right.rowCount);
  const offsets = new Int32Array(rowCount + 1);
  const columns = new Int32Array(left.columns.length + right.columns.length);
  const values = new Float32Array(columns.length);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    for (const { offsets: starts, columns: from, values: amounts, rowCount: rows } of [left, right]) {
      if (row >= rows) continue;
      const [start = 0, end = 0] = [starts[row], starts[row + 1]];
      columns.set(from.subarray(start, end), count);
      values.set(amounts.subarray(start, end), count);
      count += end - start;
    }
    offsets[row + 1] = count;
  }
  const columnCount = Math.max(left.columnCount, right.columnCount);
  const sum = { rowCount, columnCount, offsets, columns, values };
  for (let row = 0; row < rowCount; row++) sortRow(sum, offsets[row] ?? 0, offsets[row + 1] ?? 0);
  return mergeEqual(sum);
}

/** The same matrix with empty rows behind, where rows have come. */
export function withRows(matrix: SparseMatrix | undefined, rowCount: number): SparseMatrix | undefined {
  if (matrix === undefined || matrix.rowCount >= rowCount) return matrix;
  const offsets = new Int32Array(rowCount + 1).fill(matrix.columns.length);
  offsets.set(matrix.offsets);
  return { ...matrix, rowCount, offsets };
}

/** A view of the rows at the beginning, nothing copied but their offsets. */
export function firstRows(matrix: SparseMatrix | undefined, rowCount: number): SparseMatrix | undefined {
  if (matrix === undefined || matrix.rowCount === rowCount) return matrix;
  const offsets = matrix.offsets.slice(0, rowCount + 1);
  const end = offsets[rowCount] ?? 0;
  const [columns, values] = [matrix.columns.subarray(0, end), matrix.values.subarray(0, end)];
  return { rowCount, columnCount: matrix.columnCount, offsets, columns, values };
}

/** The row of each stored entry. */
export function rowOfEach({ rowCount, offsets }: SparseMatrix): Int32Array {
  const rows = new Int32Array(offsets[rowCount] ?? 0);
  for (let row = 0; row < rowCount; row++) rows.fill(row, offsets[row] ?? 0, offsets[row + 1] ?? 0);
  return rows;
}

/** A view of one row, nothing copied. */
export function rowOf(matrix: SparseMatrix, row: number): SparseRow {
  const { offsets, columns, values } = matrix ?? {};
  const isTyped = offsets instanceof Int32Array && columns instanceof Int32Array && values instanceof Float32Array;
  if (!isTyped) requireMatrix(matrix, "The matrix");
  if (!(Number.isInteger(row) && row >= 0 && row < matrix.rowCount)) {
    throw new RecommenderError(
      "recommender/out-of-range",
      `Row ${shown(row)} was asked for; the matrix has ${matrix.rowCount} rows.`,
    );
  }
  const start = matrix.offsets[row] ?? 0;
  const end = matrix.offsets[row + 1] ?? 0;
  return { columns: matrix.columns.subarray(start, end), values: matrix.values.subarray(start, end) };
}

function checkEntries(entries: Entries): void {
  if (typeof entries !== "object" || entries === null) refuse(`${shown(entries)} was given where entries are needed.`);
  const { rowCount, columnCount, rows, columns, values } = entries;
  requireCount(rowCount, "The number of rows");
  requireCount(columnCount, "The number of columns");
  requireList(rows, "Rows of entries");
  requireList(columns, "Columns of entries");
  if (values !== undefined) requireList(values, "Values of entries");
  if (rows.length !== columns.length || (values !== undefined && values.length !== rows.length)) {
    refuse(
      `Entries need as many rows (${rows.length}) as columns (${columns.length}) and values (${values?.length ?? "none"}).`,
    );
  }
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? -1;
    const column = columns[index] ?? -1;
    const value = values === undefined ? 1 : (values[index] ?? Number.NaN);
    if (isPlace(row, rowCount) && isPlace(column, columnCount) && typeof value === "number" && isUsable(value))
      continue;
    refuse(
      `Entry ${index} is at row ${shown(row)}, column ${shown(column)}, value ${shown(value)}: it must be a finite number ` +
        `inside ${rowCount} × ${columnCount}.`,
    );
  }
}

const isPlace = (index: number, count: number): boolean => Number.isInteger(index) && index >= 0 && index < count;
