/**
 * The inverse of a symmetric positive definite matrix by sweeping blocks of pivots (Gauss–Jordan on the lower half): as
 * many operations as a Cholesky factorization and its inverse together, n³/2, but in one kind of step, a rank-b update
 * of the lower half, whose loop is compiled.
 */
import { RecommenderError } from "../errors.ts";
import { createWorkspace, type Workspace } from "./kernel.ts";

/** Pivots that are swept together: a block of this many squared fits the first cache. */
const BLOCK = 48;

/** Row `r` starts at `r · stride`. Made by `symmetricMatrix`, whose memory the compiled loop can reach. */
export interface SymmetricMatrix {
  readonly size: number;
  readonly stride: number;
  readonly values: Float64Array;
  readonly workspace: Workspace;
  /** The columns of the pivots, and these times the inverse of their block: a row of BLOCK for each row. */
  readonly pivots: Float64Array;
  readonly scaled: Float64Array;
}

/** Zeros, to be filled at and below the diagonal. */
export function symmetricMatrix(size: number): SymmetricMatrix {
  const stride = Math.ceil(size / 4) * 4;
  const [matrix, factor] = [stride * stride, stride * BLOCK];
  const workspace = createWorkspace([matrix, factor, factor]);
  const { buffer } = workspace.memory;
  const [values = 0, pivots = 0, scaled = 0] = workspace.addresses;
  return {
    size,
    stride,
    workspace,
    values: new Float64Array(buffer, values, matrix),
    pivots: new Float64Array(buffer, pivots, factor),
    scaled: new Float64Array(buffer, scaled, factor),
  };
}

/**
 * Replaces the matrix by its inverse; only the lower half is read, both halves are written.
 * @throws RecommenderError `recommender/diverged` when the matrix is not positive definite
 */
export function invert(matrix: SymmetricMatrix, onBlock: (done: number) => void = () => {}): void {
  const { size, stride, values, workspace } = matrix;
  const [valuesAt = 0, pivotsAt = 0, scaledAt = 0] = workspace.addresses;
  for (let start = 0; start < size; start += BLOCK) {
    const count = Math.min(BLOCK, size - start);
    takePivotColumns(matrix, start, count);
    const inverse = invertBlock(matrix, start, count);
    scalePivots(matrix, inverse, count);
    workspace.kernel.subtractProduct(valuesAt, stride, stride, scaledAt, pivotsAt, BLOCK);
    putPivotColumns(matrix, start, count, inverse);
    onBlock(start + count);
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const value = -(values[row * stride + column] ?? 0);
      values[row * stride + column] = value;
      values[column * stride + row] = value;
    }
  }
}

/** Whole columns: what is above the diagonal comes from the rows below it. Rows of the pivots themselves are 0. */
function takePivotColumns({ size, stride, values, pivots }: SymmetricMatrix, start: number, count: number): void {
  pivots.fill(0);
  const end = start + count;
  for (let pivot = 0; pivot < count; pivot++) {
    const own = (start + pivot) * stride;
    for (let row = 0; row < start; row++) pivots[row * BLOCK + pivot] = values[own + row] ?? 0;
    for (let row = end; row < size; row++) pivots[row * BLOCK + pivot] = values[row * stride + start + pivot] ?? 0;
  }
}

/** The inverse of the pivots' own block: Gauss–Jordan without pivoting, which positive definite matrices do not need. */
function invertBlock({ size, stride, values }: SymmetricMatrix, start: number, count: number): Float64Array {
  const block = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      const value = values[(start + row) * stride + start + column] ?? 0;
      block[row * count + column] = value;
      block[column * count + row] = value;
    }
  }
  for (let pivot = 0; pivot < count; pivot++) {
    const diagonal = block[pivot * count + pivot] ?? 0;
    if (!(diagonal > 0)) {
      throw new RecommenderError(
        "recommender/diverged",
        `The matrix of ${size} rows is not positive definite (row ${start + pivot}); raise the regularization.`,
      );
    }
    sweep(block, count, pivot, 1 / diagonal);
  }
  return block;
}

function sweep(block: Float64Array, count: number, pivot: number, reciprocal: number): void {
  for (let row = 0; row < count; row++) {
    if (row === pivot) continue;
    const factor = (block[row * count + pivot] ?? 0) * reciprocal;
    for (let column = 0; column < count; column++) {
      if (column === pivot) continue;
      const place = row * count + column;
      block[place] = (block[place] ?? 0) - factor * (block[pivot * count + column] ?? 0);
    }
    block[row * count + pivot] = -factor;
  }
  for (let column = 0; column < count; column++) {
    const place = pivot * count + column;
    block[place] = column === pivot ? reciprocal : (block[place] ?? 0) * reciprocal;
  }
}

/** scaled = pivots · inverse */
function scalePivots({ size, pivots, scaled }: SymmetricMatrix, inverse: Float64Array, count: number): void {
  scaled.fill(0);
  for (let row = 0; row < size; row++) {
    const start = row * BLOCK;
    for (let column = 0; column < count; column++) {
      let sum = 0;
      for (let index = 0; index < count; index++) {
        sum += (pivots[start + index] ?? 0) * (inverse[column * count + index] ?? 0);
      }
      scaled[start + column] = sum;
    }
  }
}

function putPivotColumns(
  { size, stride, values, scaled }: SymmetricMatrix,
  start: number,
  count: number,
  inverse: Float64Array,
): void {
  const end = start + count;
  for (let pivot = 0; pivot < count; pivot++) {
    const own = (start + pivot) * stride;
    for (let row = 0; row < start; row++) values[own + row] = scaled[row * BLOCK + pivot] ?? 0;
    for (let column = 0; column <= pivot; column++) {
      values[own + start + column] = -(inverse[pivot * count + column] ?? 0);
    }
    for (let row = end; row < size; row++) values[row * stride + start + pivot] = scaled[row * BLOCK + pivot] ?? 0;
  }
}
