/** The block of memory of a training, filled and ready. */
import type { TrainingKernel } from "../kernel/kernel.ts";
import { allocateMemory, type KernelMemory, webAssemblyTraining } from "../kernel/web-assembly.ts";
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
  /** The pairs that are trained, by user, with their weights. */
  readonly samples: SparseMatrix;
  /** All that each user has to do with, trained now or before: never drawn as a negative. */
  readonly positives: SparseMatrix;
  readonly userFeatures: SparseMatrix | undefined;
  readonly itemFeatures: SparseMatrix | undefined;
  /** Writes the rows that are begun with. */
  readonly fill: (tables: Tables) => void;
  readonly threads: number;
}

export interface Workspace {
  readonly itemCount: number;
  readonly layout: Layout;
  readonly memory: KernelMemory;
  readonly buffer: SharedArrayBuffer;
  readonly kernel: TrainingKernel;
  /** Samples of thread `t` are from `cuts[t]` to `cuts[t + 1]`: each user's are in one. */
  readonly cuts: readonly number[];
}

/** Plans and fills the memory, and starts the kernel on it. */
export function createWorkspace(problem: Problem): Workspace {
  const { settings, samples, positives, threads } = problem;
  const meanWeight = meanOfUnequal(samples.values);
  const shape: Shape = {
    settings,
    userCount: positives.rowCount,
    itemCount: positives.columnCount,
    userFeatures: problem.userFeatures,
    itemFeatures: problem.itemFeatures,
    sampleCount: samples.columns.length,
    positiveCount: positives.columns.length,
    isWeighted: meanWeight !== undefined,
    threads,
  };
  const layout = layOut(shape);
  const memory = allocateMemory(layout.bytes);
  const { buffer } = memory;
  writeSettings(buffer, layout, shape);
  writeLossTable(buffer, layout, shape.itemCount);
  problem.fill(tablesIn({ buffer, layout }));
  writeFeatures(buffer, layout.userFeatures, problem.userFeatures);
  writeFeatures(buffer, layout.itemFeatures, problem.itemFeatures);
  new Int32Array(buffer, layout.positiveOffsets.at, layout.positiveOffsets.length).set(positives.offsets);
  new Int32Array(buffer, layout.positiveItems.at, layout.positiveItems.length).set(positives.columns);
  if (layout.positiveWeights !== undefined) {
    new Float32Array(buffer, layout.positiveWeights.at, layout.positiveWeights.length).set(positives.values);
  }
  const cuts = writeSamples(buffer, layout, problem, meanWeight ?? 1);
  const kernel = webAssemblyTraining(memory);
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

/** The tables where the kernel works on them. */
export const tablesIn = ({ buffer, layout }: Pick<Workspace, "buffer" | "layout">): Tables => ({
  users: new Float32Array(buffer, layout.userTable.at, layout.userTable.length),
  items: new Float32Array(buffer, layout.itemTable.at, layout.itemTable.length),
});

/** What weights are counted against; undefined when all are the same. */
function meanOfUnequal(weights: Float32Array): number | undefined {
  const [first] = weights;
  if (weights.every((weight) => weight === first)) return undefined;
  return weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
}

/** Samples by the thread that their user belongs to. */
function writeSamples(
  buffer: ArrayBufferLike,
  layout: Layout,
  { samples: pairs, threads }: Problem,
  meanWeight: number,
): number[] {
  const samples = new Int32Array(buffer, layout.samples.at, layout.samples.length);
  const weights = layout.sampleWeights && new Float32Array(buffer, layout.sampleWeights.at, pairs.columns.length);
  const cuts = [0];
  let count = 0;
  for (let thread = 0; thread < threads; thread++) {
    for (let user = thread; user < pairs.rowCount; user += threads) {
      const end = pairs.offsets[user + 1] ?? 0;
      for (let index = pairs.offsets[user] ?? 0; index < end; index++) {
        samples[count * 2] = user;
        samples[count * 2 + 1] = pairs.columns[index] ?? 0;
        if (weights !== undefined) weights[count] = (pairs.values[index] ?? 1) / meanWeight;
        count += 1;
      }
    }
    cuts.push(count);
  }
  return cuts;
}

/** How a table starts. */
export interface TablePlan {
  readonly rowLength: number;
  readonly stride: number;
  /** Place of a constant 1 in each row, where rows are representations. */
  readonly constantAt: number | undefined;
}

/** Small even random numbers for the components, 0 for biases, accumulators as their method wants them. */
export function initializeTable(
  table: Float32Array,
  { rowLength, stride, constantAt }: TablePlan,
  settings: FactorizationSettings,
  seed: number,
): void {
  const { components, optimizer } = settings;
  const random = createRandom(seed);
  const accumulated = optimizer === "adadelta" ? 0 : 1;
  for (let start = 0; start < table.length; start += rowLength) {
    for (let at = 0; at < components; at++) table[start + at] = (random.uniform() - 0.5) / components;
    if (constantAt !== undefined) table[start + constantAt] = 1;
    table.fill(accumulated, start + stride, start + rowLength);
  }
}
