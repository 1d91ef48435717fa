/** Adam (Kingma and Ba 2015) for a table of which each batch touches few rows: only these are updated. */
export interface Table {
  readonly weights: Float32Array;
  readonly width: number;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
  readonly touched: Set<number>;
  /** Share of a weight that each step of size 1 takes away. */
  readonly decay: number;
}

export interface Step {
  readonly learningRate: number;
  /** Counted from 1 over the whole training. */
  readonly number: number;
  /** What the gradients are divided by. */
  readonly batch: number;
}

const FIRST = 0.9;
const SECOND = 0.999;
const EPSILON = 1e-8;

export const createTable = (weights: Float32Array, width: number, decay: number): Table => ({
  weights,
  width,
  decay,
  gradient: new Float32Array(weights.length),
  mean: new Float32Array(weights.length),
  square: new Float32Array(weights.length),
  touched: new Set(),
});

/** Adds `factor · values` to the gradient of a row. */
export function addGradient(table: Table, row: number, factor: number, values: Float32Array): void {
  table.touched.add(row);
  const start = row * table.width;
  for (let column = 0; column < table.width; column++) {
    table.gradient[start + column] = (table.gradient[start + column] ?? 0) + factor * (values[column] ?? 0);
  }
}

/** Moves the touched rows against their gradients and forgets these. */
export function applyStep(table: Table, step: Step): void {
  const rate = step.learningRate / (1 - FIRST ** step.number);
  const squareCorrection = 1 / (1 - SECOND ** step.number);
  for (const row of table.touched) {
    const end = (row + 1) * table.width;
    for (let place = row * table.width; place < end; place++) {
      const gradient = (table.gradient[place] ?? 0) / step.batch;
      const mean = FIRST * (table.mean[place] ?? 0) + (1 - FIRST) * gradient;
      const square = SECOND * (table.square[place] ?? 0) + (1 - SECOND) * gradient * gradient;
      const weight = table.weights[place] ?? 0;
      table.gradient[place] = 0;
      table.mean[place] = mean;
      table.square[place] = square;
      table.weights[place] =
        weight -
        (rate * mean) / (Math.sqrt(square * squareCorrection) + EPSILON) -
        step.learningRate * table.decay * weight;
    }
  }
  table.touched.clear();
}
