/** Where everything lies in the block of memory that the kernels work on. */
import { RecommenderError } from "../errors.ts";
import { FIRST_FREE } from "../kernel/web-assembly.ts";
import type { SparseMatrix } from "../sparse.ts";
import type { FactorizationSettings } from "./options.ts";

/** Byte address of the settings block, which `kernel/assembly/settings.ts` reads. */
const SETTINGS = 64;
/** Rows start at cache lines, so that threads do not share more than they must. */
const LINE = 64;

/** What 32-bit addresses reach. */
const LIMIT = 2 ** 32 - 2 ** 16;

const align = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/** What a training needs room for. */
export interface Shape {
  readonly settings: FactorizationSettings;
  readonly userCount: number;
  readonly itemCount: number;
  /** Undefined where each user is a row of the table. */
  readonly userFeatures: SparseMatrix | undefined;
  readonly itemFeatures: SparseMatrix | undefined;
  readonly sampleCount: number;
  readonly positiveCount: number;
  readonly isWeighted: boolean;
  readonly threads: number;
}

/** Length of a row of weights: components, the items' bias, the users' bias, filled up to whole vectors. */
export const strideOf = (components: number): number => Math.ceil((components + 2) / 4) * 4;

/** Numbers of accumulators behind the weights of a row. */
const accumulatorsOf = (settings: FactorizationSettings): number => {
  const stride = strideOf(settings.components);
  return { adagrad: stride, "adagrad-row": 1, adadelta: 2 * stride }[settings.optimizer];
};

/** Numbers from one table row to the next: weights, accumulators, and what fills up the cache line. */
export const rowLengthOf = (settings: FactorizationSettings): number =>
  align((strideOf(settings.components) + accumulatorsOf(settings)) * 4) / 4;

/** One table or list: its byte address and how many numbers it has. */
interface Region {
  readonly at: number;
  readonly length: number;
}

export interface FeatureRegions {
  readonly offsets: Region;
  readonly columns: Region;
  readonly values: Region;
}

/** The plan of a block of memory. */
export interface Layout {
  readonly stride: number;
  /** Numbers from one table row to the next. */
  readonly rowLength: number;
  readonly userRows: number;
  readonly itemRows: number;
  /** Place of the constant 1 in the rows of a table whose rows are representations. */
  readonly userConstant: number | undefined;
  readonly itemConstant: number | undefined;
  readonly userTable: Region;
  readonly itemTable: Region;
  /** Representations of feature models; the tables themselves otherwise. */
  readonly users: Region;
  readonly items: Region;
  readonly userFeatures: FeatureRegions | undefined;
  readonly itemFeatures: FeatureRegions | undefined;
  readonly samples: Region;
  readonly sampleWeights: Region | undefined;
  readonly positiveOffsets: Region;
  readonly positiveItems: Region;
  readonly positiveWeights: Region | undefined;
  readonly lossTable: Region;
  /** One per thread. */
  readonly scratch: readonly number[];
  readonly bytes: number;
}

/**
 * Plans the memory of a training.
 * @throws RecommenderError `recommender/invalid-data` when it is more than WebAssembly can address
 */
export function layOut(shape: Shape): Layout {
  const { settings, userCount, itemCount, sampleCount, positiveCount, isWeighted } = shape;
  const stride = strideOf(settings.components);
  const rowLength = rowLengthOf(settings);
  let end = FIRST_FREE;
  const reserve = (length: number): Region => {
    const at = end;
    end = align(at + length * 4);
    return { at, length };
  };
  const reserveFeatures = (matrix: SparseMatrix | undefined): FeatureRegions | undefined =>
    matrix && {
      offsets: reserve(matrix.offsets.length),
      columns: reserve(matrix.columns.length),
      values: reserve(matrix.values.length),
    };
  const userRows = shape.userFeatures?.columnCount ?? userCount;
  const itemRows = shape.itemFeatures?.columnCount ?? itemCount;
  const userTable = reserve(userRows * rowLength);
  const itemTable = reserve(itemRows * rowLength);
  const layout = {
    stride,
    rowLength,
    userRows,
    itemRows,
    userConstant: shape.userFeatures === undefined ? settings.components : undefined,
    itemConstant: shape.itemFeatures === undefined ? settings.components + 1 : undefined,
    userTable,
    itemTable,
    users: shape.userFeatures === undefined ? userTable : reserve(userCount * stride),
    items: shape.itemFeatures === undefined ? itemTable : reserve(itemCount * stride),
    userFeatures: reserveFeatures(shape.userFeatures),
    itemFeatures: reserveFeatures(shape.itemFeatures),
    samples: reserve(sampleCount * 2),
    sampleWeights: isWeighted ? reserve(sampleCount) : undefined,
    positiveOffsets: reserve(userCount + 1),
    positiveItems: reserve(positiveCount),
    positiveWeights: isWeighted ? reserve(positiveCount) : undefined,
    lossTable: reserve(settings.maxSampled + 1),
    scratch: Array.from({ length: shape.threads }, () => reserve(stride * 2 + settings.n * 2).at),
  };
  if (end > LIMIT) {
    throw new RecommenderError(
      "recommender/invalid-data",
      `The training needs ${(end / 2 ** 30).toFixed(1)} GB of memory, and 4 GB is all that WebAssembly can address. ` +
        'Take the optimizer "adagrad-row", fewer components, or less data.',
    );
  }
  return { ...layout, bytes: end };
}

const optimizers = { adagrad: 0, "adagrad-row": 1, adadelta: 2 } as const;

/** Writes the settings block. The order is that of `kernel/assembly/settings.ts`. */
export function writeSettings(memory: ArrayBufferLike, layout: Layout, shape: Shape): void {
  const { settings } = shape;
  const { stride, rowLength, userFeatures, itemFeatures } = layout;
  const step = (features: FeatureRegions | undefined): number => (features === undefined ? rowLength : stride) * 4;
  const addresses = (features: FeatureRegions | undefined): number[] =>
    features === undefined ? [0, 0, 0] : [features.offsets.at, features.columns.at, features.values.at];
  const whole = [
    [stride / 4, settings.components * 4, stride * 4, stride * 8, rowLength * 4],
    [optimizers[settings.optimizer], shape.itemCount, settings.maxSampled, layout.lossTable.at],
    [layout.userTable.at, layout.itemTable.at, layout.users.at, layout.items.at],
    [step(userFeatures), step(itemFeatures)],
    addresses(userFeatures),
    addresses(itemFeatures),
    [layout.samples.at, layout.sampleWeights?.at ?? 0, shape.sampleCount],
    [layout.positiveOffsets.at, layout.positiveItems.at, layout.positiveWeights?.at ?? 0],
    [Math.min(settings.k, settings.n), settings.n, settings.negatives],
  ].flat();
  const real = [settings.learningRate, settings.userPenalty, settings.itemPenalty, settings.decay, settings.epsilon];
  new Int32Array(memory, SETTINGS, whole.length).set(whole);
  new Float32Array(memory, SETTINGS + whole.length * 4, real.length).set(real);
}

/** The loss of finding an item that ranks too high after so many draws: ln of the rank it stands for, at most 10. */
export function writeLossTable(memory: ArrayBufferLike, { lossTable }: Layout, itemCount: number): void {
  const table = new Float32Array(memory, lossTable.at, lossTable.length);
  for (let tries = 1; tries < table.length; tries++) {
    table[tries] = Math.min(10, Math.log(Math.max(1, Math.floor((itemCount - 1) / tries))));
  }
}
