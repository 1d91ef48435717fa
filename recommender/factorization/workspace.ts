/** The block of memory of a training, filled and ready. */
import { referenceTraining } from "../kernel/reference.ts";
import type { TrainingKernel } from "../kernel/kernel.ts";
import { allocateMemory, webAssemblyTraining } from "../kernel/web-assembly.ts";
import { createRandom } from "../random.ts";
import type { SparseMatrix } from "../sparse.ts";
import { type FeatureRegions, type Layout, layOut, type Shape, writeLossTable, writeSettings } from "./layout.ts";
import type { FactorizationSettings } from "./options.ts";

/** Rows of weights with their accumulators behind them, `rowLength` numbers each. */
export interface Tables {
  readonly users: Float32Array;
  readonly items: Float32Array;
}

/** What is to be learned. */
export interface Problem {
  readonly settings: FactorizationSettings;
  /** One place per (user, item) pair that is trained. */
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** Undefined when all count the same. */
  readonly weights: Float32Array | undefined;
  /** All that each user has to do with, trained now or before: never drawn as a negative. */
  readonly positives: SparseMatrix;
  readonly userFeatures: SparseMatrix | undefined;
  readonly itemFeatures: SparseMatrix | undefined;
  /** Rows to go on from. */
  readonly tables: Tables;
  readonly threads: number;
}

export interface Workspace {
  readonly itemCount: number;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory | undefined;
  readonly buffer: ArrayBufferLike;
  readonly kernel: TrainingKernel;
  /** Samples of thread `t` are from `cuts[t]` to `cuts[t + 1]`: each user's are in one. */
  readonly cuts: readonly number[];
}

/** Plans and fills the memory, and starts the kernel on it. */
export function createWorkspace(problem: Problem): Workspace {
  const { settings, positives, weights, threads } = problem;
  const shape: Shape = {
    settings,
    userCount: positives.rowCount,
    itemCount: positives.columnCount,
    userFeatures: problem.userFeatures,
    itemFeatures: problem.itemFeatures,
    sampleCount: problem.users.length,
    positiveCount: positives.columns.length,
    isWeighted: weights !== undefined,
    threads,
  };
  const layout = layOut(shape);
  const memory = settings.kernel === "webassembly" ? allocateMemory(layout.bytes) : undefined;
  const buffer = memory?.buffer ?? new ArrayBuffer(layout.bytes);
  writeSettings(buffer, layout, shape);
  writeLossTable(buffer, layout, shape.itemCount);
  new Float32Array(buffer, layout.userTable.at, layout.userTable.length).set(problem.tables.users);
  new Float32Array(buffer, layout.itemTable.at, layout.itemTable.length).set(problem.tables.items);
  writeFeatures(buffer, layout.userFeatures, problem.userFeatures);
  writeFeatures(buffer, layout.itemFeatures, problem.itemFeatures);
  new Int32Array(buffer, layout.positiveOffsets.at, layout.positiveOffsets.length).set(positives.offsets);
  new Int32Array(buffer, layout.positiveItems.at, layout.positiveItems.length).set(positives.columns);
  if (layout.positiveWeights !== undefined) {
    new Float32Array(buffer, layout.positiveWeights.at, layout.positiveWeights.length).set(positives.values);
  }
  const cuts = writeSamples(buffer, layout, problem);
  const kernel = memory === undefined ? referenceTraining(buffer) : webAssemblyTraining(memory);
  kernel.configure(layout.scratch[0] ?? 0);
  return { itemCount: shape.itemCount, layout, memory, buffer, kernel, cuts };
}

function writeFeatures(
  buffer: ArrayBufferLike,
  regions: FeatureRegions | undefined,
  features: SparseMatrix | undefined,
): void {
  if (regions === undefined || features === undefined) return;
  new Int32Array(buffer, regions.offsets.at, regions.offsets.length).set(features.offsets);
  new Int32Array(buffer, regions.columns.at, regions.columns.length).set(features.columns);
  new Float32Array(buffer, regions.values.at, regions.values.length).set(features.values);
}

/** Samples by the thread that their user belongs to. */
function writeSamples(buffer: ArrayBufferLike, layout: Layout, { users, items, weights, threads }: Problem): number[] {
  const samples = new Int32Array(buffer, layout.samples.at, layout.samples.length);
  const sampleWeights = layout.sampleWeights && new Float32Array(buffer, layout.sampleWeights.at, users.length);
  const cuts = [0];
  let count = 0;
  for (let thread = 0; thread < threads; thread++) {
    for (let index = 0; index < users.length; index++) {
      const user = users[index] ?? 0;
      if (user % threads !== thread) continue;
      samples[count * 2] = user;
      samples[count * 2 + 1] = items[index] ?? 0;
      if (sampleWeights !== undefined) sampleWeights[count] = weights?.[index] ?? 1;
      count += 1;
    }
    cuts.push(count);
  }
  return cuts;
}

/** How a table starts. */
export interface TablePlan {
  readonly rows: number;
  readonly rowLength: number;
  readonly stride: number;
  /** Place of a constant 1 in each row, where rows are representations. */
  readonly constantAt: number | undefined;
}

/** Small even random numbers for the components, 0 for biases, accumulators as their method wants them. */
export function initialTable(plan: TablePlan, settings: FactorizationSettings, seed: number): Float32Array {
  const { rows, rowLength, stride, constantAt } = plan;
  const { components, optimizer } = settings;
  const random = createRandom(seed);
  const table = new Float32Array(rows * rowLength);
  const accumulated = optimizer === "adadelta" ? 0 : 1;
  for (let start = 0; start < table.length; start += rowLength) {
    for (let at = 0; at < components; at++) table[start + at] = (random.uniform() - 0.5) / components;
    if (constantAt !== undefined) table[start + constantAt] = 1;
    table.fill(accumulated, start + stride, start + rowLength);
  }
  return table;
}
