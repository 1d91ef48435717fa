/** The scorer in plain JavaScript: what the compiled one is held against. */
import { type Ranking, topItems } from "parleyjs-recommender";
import type { Scorer } from "parleyjs-recommender/testing";

/** Scores from the rows as they are. */
export function referenceScorer(items: Float32Array, stride: number): Scorer {
  const itemCount = items.length / stride;
  const scores = (vector: Float32Array, into: Float32Array = new Float32Array(itemCount)): Float32Array => {
    for (let item = 0; item < itemCount; item++) {
      const row = item * stride;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let at = 0; at < stride; at += 4) {
        s0 += (vector[at] ?? 0) * (items[row + at] ?? 0);
        s1 += (vector[at + 1] ?? 0) * (items[row + at + 1] ?? 0);
        s2 += (vector[at + 2] ?? 0) * (items[row + at + 2] ?? 0);
        s3 += (vector[at + 3] ?? 0) * (items[row + at + 3] ?? 0);
      }
      into[item] = s0 + s1 + (s2 + s3);
    }
    return into;
  };
  const best = (vector: Float32Array, count: number, excluded?: Int32Array): Ranking =>
    topItems(scores(vector), count, excluded);
  return {
    scores,
    best,
    bestOfMany: (vectors, count, excluded) =>
      Array.from({ length: vectors.length / stride }, (_, index) =>
        best(
          vectors.subarray(index * stride, (index + 1) * stride),
          count,
          excluded.columns.subarray(excluded.offsets[index], excluded.offsets[index + 1]),
        ),
      ),
    row: (item) => items.subarray(item * stride, (item + 1) * stride),
  };
}
