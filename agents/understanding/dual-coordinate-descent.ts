import type { SparseVector } from "./features.ts";
import { shuffle } from "./random.ts";

/** Rows of features side by side: row `i` is `indices`/`values` from `offsets[i]` to `offsets[i + 1]`. */
export interface SparseRows {
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** How a binary machine is fitted. */
export interface DescentOptions {
  /** How much an error costs against a large margin (the usual `C`). */
  readonly cost: number;
  /** How much more it costs on the rarer side: its share to this power. @default 0 */
  readonly balance?: number;
  readonly maximumEpochs: number;
  /** Stops when no example violates its optimality condition by more than this. */
  readonly tolerance: number;
  readonly random: () => number;
}

interface Bounds {
  /** Gradients above this are hopeless at zero weight and leave the active set. */
  shrinkAbove: number;
  highest: number;
  lowest: number;
}

interface Descent {
  readonly rows: SparseRows;
  readonly signs: Int8Array;
  /** One weight per feature, then the bias. */
  readonly weights: Float64Array;
  readonly alphas: Float64Array;
  readonly squares: Float64Array;
  /** By side: what an error costs adds to the square of a row. */
  readonly diagonals: Diagonals;
}

interface Diagonals {
  readonly positive: number;
  readonly negative: number;
}

/** A machine with what its training goes on from when rows are added. */
export interface BinaryMachine {
  /** One weight per feature, then the bias. */
  readonly weights: Float64Array;
  /** How much each row counts. */
  readonly alphas: Float64Array;
}

/** Packs rows into one block of memory. */
export function packRows(vectors: readonly SparseVector[]): SparseRows {
  const offsets = new Uint32Array(vectors.length + 1);
  for (const [row, vector] of vectors.entries()) offsets[row + 1] = (offsets[row] ?? 0) + vector.indices.length;
  const total = offsets[vectors.length] ?? 0;
  const indices = new Uint32Array(total);
  const values = new Float32Array(total);
  for (const [row, vector] of vectors.entries()) {
    indices.set(vector.indices, offsets[row] ?? 0);
    values.set(vector.values, offsets[row] ?? 0);
  }
  return { count: vectors.length, offsets, indices, values };
}

function dot(rows: SparseRows, row: number, weights: Float64Array): number {
  const end = rows.offsets[row + 1] ?? 0;
  let sum = weights[weights.length - 1] ?? 0;
  for (let at = rows.offsets[row] ?? 0; at < end; at += 1) {
    sum += (rows.values[at] ?? 0) * (weights[rows.indices[at] ?? 0] ?? 0);
  }
  return sum;
}

function addRow(descent: Descent, row: number, step: number): void {
  const { rows, weights } = descent;
  const end = rows.offsets[row + 1] ?? 0;
  for (let at = rows.offsets[row] ?? 0; at < end; at += 1) {
    const index = rows.indices[at] ?? 0;
    weights[index] = (weights[index] ?? 0) + step * (rows.values[at] ?? 0);
  }
  const bias = weights.length - 1;
  weights[bias] = (weights[bias] ?? 0) + step;
}

/** Moves the weight of one example to its optimum. Returns whether the example stays in the active set. */
function improve(descent: Descent, row: number, bounds: Bounds): boolean {
  const sign = descent.signs[row] ?? 0;
  const alpha = descent.alphas[row] ?? 0;
  const diagonal = sign > 0 ? descent.diagonals.positive : descent.diagonals.negative;
  const gradient = sign * dot(descent.rows, row, descent.weights) - 1 + diagonal * alpha;
  if (alpha === 0 && gradient > bounds.shrinkAbove) return false;
  const projected = alpha === 0 ? Math.min(gradient, 0) : gradient;
  bounds.highest = Math.max(bounds.highest, projected);
  bounds.lowest = Math.min(bounds.lowest, projected);
  if (Math.abs(projected) < 1e-12) return true;
  const moved = Math.max(alpha - gradient / ((descent.squares[row] ?? 1) + diagonal), 0);
  descent.alphas[row] = moved;
  addRow(descent, row, sign * (moved - alpha));
  return true;
}

function squaredLengths(rows: SparseRows): Float64Array {
  const squares = new Float64Array(rows.count);
  for (let row = 0; row < rows.count; row += 1) {
    let sum = 1;
    for (let at = rows.offsets[row] ?? 0; at < (rows.offsets[row + 1] ?? 0); at += 1)
      sum += (rows.values[at] ?? 0) ** 2;
    squares[row] = sum;
  }
  return squares;
}

/**
 * Builds a trainer of binary linear SVMs (squared hinge loss) over fixed rows and `size` features, by dual coordinate
 * descent with shrinking (Hsieh et al., ICML 2008). The trainer takes +1, -1 or 0 (left out) for each row and gives
 * one weight per feature followed by the bias; from a machine that was fitted on some of the rows it goes on.
 */
export function createBinaryTrainer(
  rows: SparseRows,
  size: number,
  options: DescentOptions,
): (signs: Int8Array, from?: BinaryMachine) => BinaryMachine {
  const squares = squaredLengths(rows);
  const order = new Uint32Array(rows.count);
  return (signs, from) => {
    const weights = Float64Array.from(from?.weights ?? new Float64Array(size + 1));
    const alphas = Float64Array.from(from?.alphas ?? new Float64Array(rows.count));
    const descent: Descent = { rows, signs, weights, alphas, squares, diagonals: diagonalsOf(signs, options) };
    descend(descent, order, options);
    return { weights, alphas };
  };
}

/** Every row that counts, in `order`; gives how many. */
function activate({ signs }: Descent, order: Uint32Array): number {
  let active = 0;
  for (const [row, sign] of signs.entries()) if (sign !== 0) order[active++] = row;
  return active;
}

function descend(descent: Descent, order: Uint32Array, options: DescentOptions): void {
  const all = activate(descent, order);
  let active = all;
  let shrinkAbove = Number.POSITIVE_INFINITY;
  for (let epoch = 0; epoch < options.maximumEpochs; epoch += 1) {
    shuffle(order, active, options.random);
    const bounds: Bounds = { shrinkAbove, highest: Number.NEGATIVE_INFINITY, lowest: Number.POSITIVE_INFINITY };
    let kept = 0;
    for (let at = 0; at < active; at += 1) {
      const row = order[at] ?? 0;
      if (improve(descent, row, bounds)) order[kept++] = row;
    }
    const converged = kept === 0 || bounds.highest - bounds.lowest <= options.tolerance;
    if (converged && active === all) break;
    // What was shrunk may have become wrong meanwhile: only a pass over everything may end the descent.
    active = converged ? activate(descent, order) : kept;
    shrinkAbove = converged || bounds.highest <= 0 ? Number.POSITIVE_INFINITY : bounds.highest;
  }
}

function diagonalsOf(signs: Int8Array, { cost, balance = 0 }: DescentOptions): Diagonals {
  let [positive, negative] = [0, 0];
  for (const sign of signs) {
    if (sign > 0) positive += 1;
    else if (sign < 0) negative += 1;
  }
  const rarity = negative > positive && positive > 0 ? (negative / positive) ** balance : 1;
  return { positive: 1 / (2 * cost * rarity), negative: 1 / (2 * cost) };
}
