/** A sparse matrix as four sections of a model's file, and back. */
import { RecommenderError } from "./errors.ts";
import { requireMatrix } from "./checks.ts";
import { type Container, damaged, type Section, sectionOf } from "./serialize.ts";
import type { SparseMatrix } from "./sparse.ts";

/** The four sections of a matrix, under its name. */
export function matrixSections(name: string, matrix: SparseMatrix): Readonly<Record<string, Section>> {
  requireMatrix(matrix, `The matrix "${name}"`);
  return {
    [`${name}/shape`]: Int32Array.of(matrix.rowCount, matrix.columnCount),
    [`${name}/offsets`]: matrix.offsets,
    [`${name}/columns`]: matrix.columns,
    [`${name}/values`]: matrix.values,
  };
}

/** @throws RecommenderError `recommender/corrupt-file` when it is missing or no matrix */
export function readMatrix(container: Container, name: string): SparseMatrix {
  const [rowCount = 0, columnCount = 0] = sectionOf(container, `${name}/shape`, Int32Array, 2);
  const matrix = {
    rowCount,
    columnCount,
    offsets: sectionOf(container, `${name}/offsets`, Int32Array),
    columns: sectionOf(container, `${name}/columns`, Int32Array),
    values: sectionOf(container, `${name}/values`, Float32Array),
  };
  try {
    requireMatrix(matrix, `The matrix "${name}"`);
  } catch (thrown) {
    throw thrown instanceof RecommenderError ? damaged(thrown.message, { cause: thrown }) : thrown;
  }
  return matrix;
}

/** Features of at least so many rows; undefined where the file has none. */
export function readFeatures(container: Container, name: string, rowCount: number): SparseMatrix | undefined {
  if (container.sections[`${name}/shape`] === undefined) return undefined;
  const features = readMatrix(container, name);
  if (features.rowCount >= rowCount) return features;
  throw damaged(`"${name}" has ${features.rowCount} rows and needs ${rowCount}`);
}
