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
