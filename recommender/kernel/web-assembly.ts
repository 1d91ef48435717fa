/** The compiled kernel, ready to run. */
import { binary } from "./binary.ts";
import type { TrainingKernel } from "./kernel.ts";

/** WebAssembly's unit of memory, in bytes. */
export const PAGE = 65_536;
/** Up to here is what the compiled kernel keeps for itself: tables of its mathematics. */
export const FIRST_FREE = 16_384;
/** 4 GB: what 32-bit addresses reach. Only what is used is ever taken from the machine. */
const MAXIMUM_PAGES = 65_536;

interface Exports {
  readonly scoreItems: (user: number, items: number, itemCount: number, vectors: number, scores: number) => void;
  readonly exclude: (scores: number, items: number, count: number) => void;
  readonly selectBest: (scores: number, itemCount: number, capacity: number, items: number, best: number) => number;
  readonly recommendMany: (
    ...addresses: readonly [
      users: number,
      userCount: number,
      items: number,
      itemCount: number,
      vectors: number,
      capacity: number,
      excludedOffsets: number,
      excludedItems: number,
      scores: number,
      sizes: number,
      chosen: number,
      best: number,
    ]
  ) => void;
  readonly configure: (scratch: number) => void;
  readonly begin: (randomState: number) => void;
  readonly shuffle: (from: number, to: number) => void;
  readonly trainWarp: (from: number, to: number) => number;
  readonly trainKthOrderStatistic: (from: number, to: number) => number;
  readonly trainBpr: (from: number, to: number) => number;
  readonly trainLogistic: (from: number, to: number) => number;
  readonly refreshItems: (from: number, to: number) => void;
  readonly rescale: (table: number, rows: number, factor: number, constantAt: number) => void;
  readonly userScale: WebAssembly.Global;
  readonly itemScale: WebAssembly.Global;
  readonly triedCount: WebAssembly.Global;
  readonly updateCount: WebAssembly.Global;
  readonly lossSum: WebAssembly.Global;
}

const names = [
  ["configure", "begin", "shuffle", "trainWarp", "trainKthOrderStatistic", "trainBpr", "trainLogistic"],
  ["scoreItems", "exclude", "selectBest", "recommendMany"],
  ["refreshItems", "rescale", "userScale", "itemScale", "triedCount", "updateCount", "lossSum"],
].flat();

const isKernel = (exports: unknown): exports is Exports =>
  typeof exports === "object" && exports !== null && names.every((name) => name in exports);

let compiled: WebAssembly.Module | undefined;

/** Memory of at least so many bytes, which threads can share. */
export function allocateMemory(bytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MAXIMUM_PAGES, shared: true });
}

/** The kernel's functions on this memory. */
export function instantiate(memory: WebAssembly.Memory): Exports {
  compiled ??= new WebAssembly.Module(Buffer.from(binary, "base64"));
  const abort = (): never => {
    throw new Error("The kernel stopped.");
  };
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, abort } });
  if (!isKernel(exports)) throw new Error("The compiled kernel is not the one of this version: npm run build");
  return exports;
}

/** The training loops in WebAssembly. */
export function webAssemblyTraining(memory: WebAssembly.Memory): TrainingKernel {
  const exports = instantiate(memory);
  return {
    configure: exports.configure,
    begin: exports.begin,
    shuffle: exports.shuffle,
    train: {
      warp: exports.trainWarp,
      "warp-kos": exports.trainKthOrderStatistic,
      bpr: exports.trainBpr,
      logistic: exports.trainLogistic,
    },
    refreshItems: exports.refreshItems,
    rescale: exports.rescale,
    state: () => ({
      userScale: exports.userScale.value,
      itemScale: exports.itemScale.value,
      tries: exports.triedCount.value,
      updates: exports.updateCount.value,
      loss: exports.lossSum.value,
    }),
  };
}
