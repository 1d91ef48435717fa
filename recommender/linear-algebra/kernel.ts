/** The compiled loop, and memory for it to work on. */
import { allocateMemory, FIRST_FREE, instantiate, type KernelMemory } from "../kernel/web-assembly.ts";
import { binary } from "./binary.ts";

interface Kernel {
  readonly subtractProduct: (
    ...addresses: readonly [values: number, rows: number, stride: number, scaled: number, pivots: number, width: number]
  ) => void;
}

export interface Workspace {
  readonly memory: KernelMemory;
  readonly kernel: Kernel;
  /** Byte addresses of blocks of so many numbers, in the order of the lengths asked for. */
  readonly addresses: readonly number[];
}

const BYTES = 8;
const ALIGNMENT = 64;

/** Room for blocks of these lengths, in numbers of 8 bytes, all 0. */
export function createWorkspace(lengths: readonly number[]): Workspace {
  let end = Math.ceil(FIRST_FREE / ALIGNMENT) * ALIGNMENT;
  const addresses = lengths.map((length) => {
    const address = end;
    end += Math.ceil((length * BYTES) / ALIGNMENT) * ALIGNMENT;
    return address;
  });
  const memory = allocateMemory(end);
  return { memory, kernel: instantiate(binary, memory, isKernel), addresses };
}

const isKernel = (exports: unknown): exports is Kernel =>
  typeof exports === "object" && exports !== null && "subtractProduct" in exports;
