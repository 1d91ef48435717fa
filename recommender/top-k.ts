/** The best of many scores. */
import { refuse, requireCount, requireList } from "./checks.ts";

/** Best first; equal scores by rising item. */
export interface Ranking {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/**
 * The `count` best items. One pass with an insertion into a short list, which beats a heap for the tens that people see.
 * A score of −Infinity or NaN is never chosen.
 * @param excluded items to leave out, rising (a row of the interaction matrix is)
 */
export function topItems(scores: Float32Array, count: number, excluded: ArrayLike<number> = []): Ranking {
  requireCount(count, "The length of the list");
  if (!(scores instanceof Float32Array)) refuse("Scores are a Float32Array.");
  requireRising(excluded);
  const capacity = Math.min(count, scores.length);
  const items = new Int32Array(capacity);
  const best = new Float32Array(capacity);
  let size = 0;
  let lowest = -Infinity;
  let nextExcluded = 0;
  if (capacity === 0) return { items, scores: best };
  for (let item = 0; item < scores.length; item++) {
    if (excluded[nextExcluded] === item) {
      nextExcluded += 1;
      continue;
    }
    const score = scores[item] ?? -Infinity;
    if (!(score > lowest)) continue;
    let place = size < capacity ? size++ : capacity - 1;
    for (; place > 0 && (best[place - 1] ?? 0) < score; place--) {
      best[place] = best[place - 1] ?? 0;
      items[place] = items[place - 1] ?? 0;
    }
    best[place] = score;
    items[place] = item;
    if (size === capacity) lowest = best[capacity - 1] ?? 0;
  }
  return { items: items.slice(0, size), scores: best.slice(0, size) };
}

function requireRising(excluded: ArrayLike<number>): void {
  requireList(excluded, "Excluded items");
  let before = -1;
  for (let at = 0; at < excluded.length; at++) {
    const item = requireCount(excluded[at] ?? Number.NaN, "An excluded item");
    if (item <= before) refuse(`Excluded item ${item} comes after ${before}: the excluded rise.`);
    before = item;
  }
}
