/** The scorer in WebAssembly: items' rows, the scores of one user and lists lie in a memory of its own. */
import type { SparseMatrix } from "../sparse.ts";
import type { Ranking } from "../top-k.ts";
import type { Scorer } from "./scorer.ts";
import { allocateMemory, FIRST_FREE, type KernelExports, type KernelMemory, kernelOn, PAGE } from "./web-assembly.ts";

/** Vectors in one call of the batch. */
const BATCH = 256;
const LINE = 64;

const align = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/** Where things lie; what comes at `listsAt` is of changing length. */
interface Board {
  readonly kernel: KernelExports;
  readonly memory: KernelMemory;
  readonly stride: number;
  readonly itemCount: number;
  readonly itemsAt: number;
  readonly scoresAt: number;
  readonly vectorAt: number;
  readonly listsAt: number;
}

function createBoard(items: Float32Array, stride: number): Board {
  const itemCount = items.length / stride;
  const itemsAt = FIRST_FREE;
  // Four items at a time: the last ones may be none.
  const scoresAt = align(itemsAt + (items.length + 3 * stride) * 4);
  const vectorAt = align(scoresAt + (itemCount + 3) * 4);
  const listsAt = align(vectorAt + stride * 4);
  const memory = allocateMemory(listsAt);
  const kernel = kernelOn(memory);
  new Float32Array(memory.buffer, itemsAt, items.length).set(items);
  return { kernel, memory, stride, itemCount, itemsAt, scoresAt, vectorAt, listsAt };
}

/** The memory, at least so long. */
function reach({ memory }: Board, bytes: number): SharedArrayBuffer {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return memory.buffer;
}

/** Takes the items' rows into the kernel's memory. */
export function webAssemblyScorer(items: Float32Array, stride: number): Scorer {
  const board = createBoard(items, stride);
  const { kernel, memory, itemCount, itemsAt, scoresAt, vectorAt } = board;
  const scoreView = new Float32Array(memory.buffer, scoresAt, itemCount);
  const vectorView = new Float32Array(memory.buffer, vectorAt, stride);
  const itemView = new Float32Array(memory.buffer, itemsAt, items.length);
  const score = (vector: Float32Array): void => {
    vectorView.set(vector);
    kernel.scoreItems(vectorAt, itemsAt, itemCount, stride / 4, scoresAt);
  };
  return {
    scores: (vector, into = new Float32Array(itemCount)) => {
      score(vector);
      into.set(scoreView);
      return into;
    },
    best: (vector, count, excluded) => {
      score(vector);
      return select(board, Math.min(count, itemCount), excluded);
    },
    bestOfMany: (vectors, count, excluded) => {
      const rankings: Ranking[] = [];
      for (let first = 0; first * stride < vectors.length; first += BATCH) {
        const some = vectors.subarray(first * stride, (first + BATCH) * stride);
        rankings.push(
          ...bestOfSome(board, some, Math.min(count, itemCount), takeRows(excluded, first, some.length / stride)),
        );
      }
      return rankings;
    },
    row: (item) => itemView.subarray(item * stride, (item + 1) * stride),
  };
}

/** The best of the scores that are there. */
function select(board: Board, count: number, excluded: Int32Array | undefined): Ranking {
  const { kernel, itemCount, scoresAt, listsAt } = board;
  const chosenAt = align(listsAt + (excluded?.byteLength ?? 0));
  const bestAt = align(chosenAt + count * 4);
  const buffer = reach(board, bestAt + count * 4);
  if (excluded !== undefined) {
    new Int32Array(buffer, listsAt, excluded.length).set(excluded);
    kernel.exclude(scoresAt, listsAt, excluded.length);
  }
  const size = kernel.selectBest(scoresAt, itemCount, count, chosenAt, bestAt);
  return {
    items: new Int32Array(buffer, chosenAt, size).slice(),
    scores: new Float32Array(buffer, bestAt, size).slice(),
  };
}

interface ExcludedRows {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
}

function takeRows({ offsets, columns }: SparseMatrix, first: number, count: number): ExcludedRows {
  const start = offsets[first] ?? 0;
  return {
    offsets: offsets.subarray(first, first + count + 1).map((offset) => offset - start),
    columns: columns.subarray(start, offsets[first + count]),
  };
}

function bestOfSome(board: Board, vectors: Float32Array, count: number, { offsets, columns }: ExcludedRows): Ranking[] {
  const { kernel, stride, itemCount, itemsAt, scoresAt, listsAt } = board;
  const users = vectors.length / stride;
  const offsetsAt = align(listsAt + vectors.byteLength);
  const excludedAt = align(offsetsAt + offsets.byteLength);
  const sizesAt = align(excludedAt + columns.byteLength);
  const chosenAt = align(sizesAt + users * 4);
  const bestAt = align(chosenAt + users * count * 4);
  const buffer = reach(board, bestAt + users * count * 4);
  new Float32Array(buffer, listsAt, vectors.length).set(vectors);
  new Int32Array(buffer, offsetsAt, offsets.length).set(offsets);
  new Int32Array(buffer, excludedAt, columns.length).set(columns);
  const from = [listsAt, users, itemsAt, itemCount, stride / 4, count] as const;
  kernel.recommendMany(...from, offsetsAt, excludedAt, scoresAt, sizesAt, chosenAt, bestAt);
  const sizes = new Int32Array(buffer, sizesAt, users);
  const chosen = new Int32Array(buffer, chosenAt, users * count);
  const best = new Float32Array(buffer, bestAt, users * count);
  return Array.from(sizes, (size, user) => ({
    items: chosen.slice(user * count, user * count + size),
    scores: best.slice(user * count, user * count + size),
  }));
}
