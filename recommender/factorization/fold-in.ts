/**
 * A vector for a history that was not trained: least squares on the items of the history against all others, in closed
 * form (as implicit matrix factorization does it: Hu, Koren and Volinsky 2008), made as long as trained vectors are. The
 * vector is a sum over the history, so that each item's share of a score can be told.
 */
import type { SparseRow } from "../sparse.ts";

/** How much an item outside the history speaks against itself; and the ridge, against the mean length of items. */
const UNSEEN_WEIGHT = 0.1;
const RIDGE = 0.1;

export interface FoldIn {
  /** The vector of a history, `components` long. Weights are against the mean weight of the training. */
  readonly vector: (history: SparseRow) => Float64Array;
  /** What each item of the history adds to that vector: rows of `components` numbers, in the order of the history. */
  readonly parts: (history: SparseRow) => readonly Float64Array[];
}

/** Items' rows, `stride` numbers each. */
export interface ItemRows {
  readonly rows: Float32Array;
  readonly stride: number;
  readonly components: number;
  /** The mean length of a trained user's vector. */
  readonly meanLength: number;
}

/** Prepares for these items. */
export function createFoldIn({ rows, stride, components, meanLength }: ItemRows): FoldIn {
  const base = new Float64Array(components * components);
  for (let start = 0; start < rows.length; start += stride) addOuter(base, rows.subarray(start, start + components), 1);
  let trace = 0;
  for (let at = 0; at < components; at++) trace += base[at * components + at] ?? 0;
  const ridge = Math.max((RIDGE * trace * stride) / Math.max(1, rows.length), 1e-9);
  for (let at = 0; at < base.length; at++) base[at] = (base[at] ?? 0) * UNSEEN_WEIGHT;
  for (let at = 0; at < components; at++) base[at * components + at] = (base[at * components + at] ?? 0) + ridge;
  const itemRow = (item: number): Float32Array => rows.subarray(item * stride, item * stride + components);

  /** Solves for the sum, and tells by how much to stretch the solution. */
  const fit = ({ columns, values }: SparseRow) => {
    const matrix = base.slice();
    const right = new Float64Array(components);
    for (const [index, item] of columns.entries()) {
      const row = itemRow(item);
      const weight = values[index] ?? 0;
      addOuter(matrix, row, weight);
      for (let at = 0; at < components; at++) right[at] = (right[at] ?? 0) + weight * (row[at] ?? 0);
    }
    factorize(matrix, components);
    const solution = solve(matrix, right);
    const total = values.reduce((sum, value) => sum + value, 0);
    const length = Math.hypot(...solution);
    // One event says less than a hundred: the length grows towards that of a trained user.
    const scale = length > 0 ? (meanLength * total) / (total + 1) / length : 0;
    return { matrix, solution, scale };
  };

  return {
    vector: (history) => {
      const { solution, scale } = fit(history);
      return solution.map((value) => value * scale);
    },
    parts: (history) => {
      const { matrix, scale } = fit(history);
      return Array.from(history.columns, (item, index) => {
        const weight = (history.values[index] ?? 0) * scale;
        return solve(matrix, itemRow(item)).map((value) => value * weight);
      });
    },
  };
}

/** Adds a weighted outer product to the lower half. */
function addOuter(matrix: Float64Array, vector: Float32Array, weight: number): void {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    const factor = weight * (vector[row] ?? 0);
    const start = row * size;
    for (let column = 0; column <= row; column++) {
      matrix[start + column] = (matrix[start + column] ?? 0) + factor * (vector[column] ?? 0);
    }
  }
}

/** Cholesky: the lower half becomes L of L·Lᵀ. */
export function factorize(matrix: Float64Array, size: number): void {
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = matrix[row * size + column] ?? 0;
      for (let at = 0; at < column; at++) sum -= (matrix[row * size + at] ?? 0) * (matrix[column * size + at] ?? 0);
      const isDiagonal = row === column;
      matrix[row * size + column] = isDiagonal
        ? Math.sqrt(Math.max(sum, 1e-12))
        : sum / (matrix[column * size + column] ?? 1);
    }
  }
}

/** x of L·Lᵀ·x = right. */
export function solve(factor: Float64Array, right: ArrayLike<number>): Float64Array {
  const size = right.length;
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    let sum = x[row] ?? 0;
    for (let at = 0; at < row; at++) sum -= (factor[row * size + at] ?? 0) * (x[at] ?? 0);
    x[row] = sum / (factor[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row] ?? 0;
    for (let at = row + 1; at < size; at++) sum -= (factor[at * size + row] ?? 0) * (x[at] ?? 0);
    x[row] = sum / (factor[row * size + row] ?? 1);
  }
  return x;
}
