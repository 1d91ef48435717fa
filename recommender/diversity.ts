/** Lists that do not say the same thing ten times: maximal marginal relevance (Carbonell and Goldstein 1998). */

import { requireCount, requireFinite, requireFunction, requireList, requireObject, requireShare } from "./checks.ts";

export interface DiversityOptions {
  /** How many to choose. */
  readonly count: number;
  /** 1 keeps the order of relevance; 0 looks at difference alone. @default 0.7 */
  readonly balance?: number | undefined;
}

/**
 * Chooses one after the other what is relevant and unlike the ones chosen before. Relevance is brought to 0…1 over the
 * candidates; `similarity` gives 0…1 for two of them.
 * @returns places of the chosen candidates, best first
 */
export function diversify(
  relevance: ArrayLike<number>,
  similarity: (left: number, right: number) => number,
  options: DiversityOptions,
): readonly number[] {
  requireObject(options, "Options of diversify");
  const { count, balance = 0.7 } = options;
  requireList(relevance, "Relevance");
  for (let place = 0; place < relevance.length; place++)
    requireFinite(relevance[place] ?? Number.NaN, `Relevance ${place}`);
  requireCount(count, "The length of the list");
  requireShare(balance, "The balance");
  requireFunction(similarity, "The similarity");
  const scaled = scaleToOne(relevance);
  const nearest = new Float64Array(relevance.length);
  const open = new Set(scaled.keys());
  const chosen: number[] = [];
  while (chosen.length < count && open.size > 0) {
    const best = bestOf(open, (place) => balance * (scaled[place] ?? 0) - (1 - balance) * (nearest[place] ?? 0));
    open.delete(best);
    chosen.push(best);
    for (const place of open) nearest[place] = Math.max(nearest[place] ?? 0, similarity(best, place) || 0);
  }
  return chosen;
}

function bestOf(places: Iterable<number>, valueOf: (place: number) => number): number {
  let best = -1;
  let highest = -Infinity;
  for (const place of places) {
    const value = valueOf(place);
    if (best >= 0 && value <= highest) continue;
    best = place;
    highest = value;
  }
  return best;
}

function scaleToOne(values: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(values);
  const lowest = all.reduce((least, value) => Math.min(least, value), Infinity);
  const span = all.reduce((most, value) => Math.max(most, value), -Infinity) - lowest;
  return all.map((value) => (span > 0 ? (value - lowest) / span : 1));
}
