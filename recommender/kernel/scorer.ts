/** Scores of all items for a vector, and the best of them. */
import type { SparseMatrix } from "../sparse.ts";
import type { Ranking } from "../top-k.ts";

/** Rows of `stride` numbers, a multiple of four; the score of an item is the product of its row and the vector. */
export interface Scorer {
  /** A new array, or `into`, with a score for each item. */
  readonly scores: (vector: Float32Array, into?: Float32Array) => Float32Array;
  /** The `count` best items but for the excluded, which rise. */
  readonly best: (vector: Float32Array, count: number, excluded?: Int32Array) => Ranking;
  /** The same for many vectors, one after another in `vectors`; row `n` of `excluded` belongs to the `n`-th. */
  readonly bestOfMany: (vectors: Float32Array, count: number, excluded: SparseMatrix) => readonly Ranking[];
  /** One item's row. */
  readonly row: (item: number) => Float32Array;
}
