/**
 * What the ranks of one user's held-out items are worth. Ranks count from 0 and rise; relevance is yes or no. AUC,
 * precision, recall and reciprocal rank are as in LightFM; nDCG and average precision as in Järvelin and Kekäläinen
 * (2002) and in trec_eval, cut at k.
 */
type Ranks = ArrayLike<number>;

/** Held-out items among the first `cutoff`. */
export function hitsAt(ranks: Ranks, cutoff: number): number {
  let hits = 0;
  while (hits < ranks.length && (ranks[hits] ?? cutoff) < cutoff) hits += 1;
  return hits;
}

/** Share of the list that was held out. */
export const precisionAt = (ranks: Ranks, cutoff: number): number => hitsAt(ranks, cutoff) / cutoff;

/** Share of the held-out items that the list has. */
export const recallAt = (ranks: Ranks, cutoff: number): number => hitsAt(ranks, cutoff) / ranks.length;

/** Whether the list has any of them. */
export const hitRateAt = (ranks: Ranks, cutoff: number): number => ((ranks[0] ?? cutoff) < cutoff ? 1 : 0);

/** One over the place of the first. */
export const reciprocalRank = (ranks: Ranks): number => 1 / ((ranks[0] ?? Infinity) + 1);

/** Discounted gain of the list over that of the best possible list. */
export function ndcgAt(ranks: Ranks, cutoff: number): number {
  const hits = hitsAt(ranks, cutoff);
  let gain = 0;
  for (let place = 0; place < hits; place++) gain += 1 / Math.log2((ranks[place] ?? 0) + 2);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(cutoff, ranks.length); rank++) ideal += 1 / Math.log2(rank + 2);
  return gain / ideal;
}

/** Mean of the precision at each hit, over the most hits that are possible. */
export function averagePrecisionAt(ranks: Ranks, cutoff: number): number {
  const hits = hitsAt(ranks, cutoff);
  let sum = 0;
  for (let place = 0; place < hits; place++) sum += (place + 1) / ((ranks[place] ?? 0) + 1);
  return sum / Math.min(cutoff, ranks.length);
}

/**
 * How likely a held-out item stands before an item that the user never had; .5 when there are none to compare. Where
 * held-out items share one score, LightFM lets each count the others as mistakes and can fall below 0; this stops at 0.
 */
export function areaUnderCurve(ranks: Ranks, candidates: number): number {
  const negatives = candidates - ranks.length;
  if (negatives <= 0 || ranks.length === 0) return 0.5;
  let sum = 0;
  for (let place = 0; place < ranks.length; place++) {
    sum += Math.max(0, 1 - Math.max(0, (ranks[place] ?? 0) - place) / negatives);
  }
  return sum / ranks.length;
}
