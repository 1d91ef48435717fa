/** A true sliding window: any span of `windowMs` holds at most `limit` hits, wherever it starts. */

export interface SlidingWindow {
  readonly windowMs: number;
  readonly limit: number;
}

/**
 * The earliest time from `at` on at which one more hit fits among `hits` (any order); `at` itself when it fits now.
 * A hit counts until, but not at, `windowMs` after it. Looks at later hits too, as clocks of processes differ.
 */
export function earliestFit(hits: readonly number[], at: number, { windowMs, limit }: SlidingWindow): number {
  if (limit < 1) return at + windowMs;
  const sorted = hits.toSorted((left, right) => left - right);
  const candidates = sorted.map((hit) => hit + windowMs).filter((candidate) => candidate > at);
  return [at, ...candidates].find((candidate) => fits(sorted, candidate, { windowMs, limit })) ?? at + windowMs;
}

function fits(sorted: readonly number[], at: number, { windowMs, limit }: SlidingWindow): boolean {
  const near = sorted.filter((hit) => hit > at - windowMs && hit < at + windowMs);
  const position = near.findIndex((hit) => hit > at);
  const all = position === -1 ? [...near, at] : near.toSpliced(position, 0, at);
  return all.every((first, index) => {
    const beyond = all[index + limit];
    return beyond === undefined || beyond - first >= windowMs;
  });
}
