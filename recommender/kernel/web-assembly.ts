/** The compiled kernel, ready to run. */
import { binary } from "./binary.ts";
import type { TrainingKernel } from "./kernel.ts";

/** Memory that the kernel works on and threads share. */
export interface KernelMemory {
  readonly buffer: SharedArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** What the kernel needs of WebAssembly. Node's types leave it to the browser's, which nobody should need for this. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => KernelMemory;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: KernelMemory; abort: () => never } },
  ) => { readonly exports: unknown };
};

interface Global {
  readonly value: number;
}

/** WebAssembly's unit of memory, in bytes. */
export const PAGE = 65_536;
/** Up to here is what the compiled kernel keeps for itself: tables of its mathematics. */
export const FIRST_FREE = 16_384;
/** 4 GB: what 32-bit addresses reach. Only what is used is ever taken from the machine. */
const MAXIMUM_PAGES = 65_536;

export interface KernelExports {
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
  readonly userScale: Global;
  readonly itemScale: Global;
  readonly triedCount: Global;
  readonly updateCount: Global;
  readonly lossSum: Global;
}

const names = [
  ["configure", "begin", "shuffle", "trainWarp", "trainKthOrderStatistic", "trainBpr", "trainLogistic"],
  ["scoreItems", "exclude", "selectBest", "recommendMany"],
  ["refreshItems", "rescale", "userScale", "itemScale", "triedCount", "updateCount", "lossSum"],
].flat();

const isKernel = (exports: unknown): exports is KernelExports =>
  typeof exports === "object" && exports !== null && names.every((name) => name in exports);

/** Memory of at least so many bytes. */
export function allocateMemory(bytes: number): KernelMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MAXIMUM_PAGES, shared: true });
}

/** Compiled modules by their base64. */
const modules = new Map<string, object>();

/** Starts a compiled module on this memory and checks that it exports what is expected. */
export function instantiate<Exports>(
  base64: string,
  memory: KernelMemory,
  isExpected: (exports: unknown) => exports is Exports,
): Exports {
  const module = modules.get(base64) ?? new WebAssembly.Module(Buffer.from(base64, "base64"));
  modules.set(base64, module);
  const abort = (): never => {
    throw new Error("The kernel stopped.");
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  if (!isExpected(exports)) throw new Error("The compiled kernel is not the one of this version: npm run build");
  return exports;
}

/** The kernel's functions on this memory. */
export const kernelOn = (memory: KernelMemory): KernelExports => instantiate(binary, memory, isKernel);

/** The training loops in WebAssembly. */
export function webAssemblyTraining(memory: KernelMemory): TrainingKernel {
  const exports = kernelOn(memory);
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
