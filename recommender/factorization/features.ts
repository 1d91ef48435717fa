/** Features and identities as columns of one matrix, and the rows of weights that belong to them. */
import { rowOf, type SparseMatrix } from "../sparse.ts";

/**
 * Features first, then a column for each row's own identity, which weighs `share` of the whole; a row without features
 * is its identity alone. Undefined where there is nothing but identities: each row is then a row of the table.
 */
export function withShares(features: SparseMatrix | undefined, share: number): SparseMatrix | undefined {
  if (features === undefined || features.columnCount === 0 || share === 1) return undefined;
  const { rowCount, columnCount } = features;
  if (share === 0) return features;
  const columns = new Int32Array(features.columns.length + rowCount);
  const values = new Float32Array(columns.length);
  const offsets = features.offsets.map((offset, row) => offset + row);
  for (let row = 0; row < rowCount; row++) {
    const source = rowOf(features, row);
    const place = offsets[row] ?? 0;
    columns.set(source.columns, place);
    values.set(
      source.values.map((value) => value * (1 - share)),
      place,
    );
    const own = place + source.columns.length;
    columns[own] = columnCount + row;
    values[own] = source.columns.length === 0 ? 1 : share;
  }
  return { rowCount, columnCount: columnCount + rowCount, offsets, columns, values };
}

/** How many columns are features, and how many are identities, in a table's rows. */
export interface Columns {
  readonly features: number;
  readonly identities: number;
}

/** The columns of a side. */
export function columnsOf(features: SparseMatrix | undefined, share: number, count: number): Columns {
  if (withoutFeatures(features, share)) return { features: 0, identities: count };
  return { features: features?.columnCount ?? 0, identities: share === 0 ? 0 : count };
}

const withoutFeatures = (features: SparseMatrix | undefined, share: number): boolean =>
  features === undefined || features.columnCount === 0 || share === 1;

/** Puts the rows of an older table where they belong in a newer one, whose further rows stay as they start. */
export function takeOver(table: Float32Array, columns: Columns, older: Float32Array, olderColumns: Columns): void {
  const rowLength = table.length / (columns.features + columns.identities);
  const featureRows = Math.min(columns.features, olderColumns.features);
  const identityRows = Math.min(columns.identities, olderColumns.identities);
  table.set(older.subarray(0, featureRows * rowLength));
  const start = olderColumns.features * rowLength;
  table.set(older.subarray(start, start + identityRows * rowLength), columns.features * rowLength);
}
