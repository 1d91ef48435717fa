/** How far a mean over users can be trusted: percentile bootstrap (Efron 1979), users drawn with replacement. */
import { refuse, requireCount, requireObject, requireShare } from "../checks.ts";
import { createRandom } from "../random.ts";

export interface BootstrapOptions {
  /** Draws of all users; 0 gives intervals of no width. @default 200 */
  readonly resamples?: number | undefined;
  /** Share of the draws inside the interval. @default 0.95 */
  readonly confidence?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
}

/** A mean over users, and where it would lie with other users of the same kind. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One estimate per column; all columns meet the same draws, so that their order is kept. No users: NaN. */
export function bootstrapMeans(columns: readonly Float64Array[], options: BootstrapOptions = {}): readonly Estimate[] {
  requireObject(options, "Options of an interval");
  const { resamples = 200, confidence = 0.95, seed = 1 } = options;
  requireCount(resamples, "The number of resamples", 1_000_000);
  requireShare(confidence, "The confidence");
  const count = columns[0]?.length ?? 0;
  const means = columns.map(meanOf);
  const draws = count > 0 ? resamples : 0;
  const drawn = columns.map(() => new Float64Array(draws));
  const random = createRandom(seed);
  const times = new Uint16Array(count);
  for (let draw = 0; draw < draws; draw++) {
    times.fill(0);
    for (let index = 0; index < count; index++) {
      const user = random.below(count);
      times[user] = (times[user] ?? 0) + 1;
    }
    for (const [place, column] of columns.entries()) {
      const into = drawn[place];
      if (into !== undefined) into[draw] = weightedSum(column, times) / count;
    }
  }
  return means.map((mean, place) => {
    const sorted = drawn[place]?.toSorted() ?? new Float64Array();
    return {
      mean,
      low: quantile(sorted, (1 - confidence) / 2, mean),
      high: quantile(sorted, (1 + confidence) / 2, mean),
    };
  });
}

/** The mean of `left − right` over the same users: an interval above 0 says that left is better. */
export function pairedDifference(left: Float64Array, right: Float64Array, options: BootstrapOptions = {}): Estimate {
  if (!(left instanceof Float64Array && right instanceof Float64Array) || left.length !== right.length) {
    refuse("A paired difference needs a value of each user on both sides, as two Float64Array of one length.");
  }
  const difference = left.map((value, user) => value - (right[user] ?? 0));
  return bootstrapMeans([difference], options)[0] ?? { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function weightedSum(values: Float64Array, times: Uint16Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += (values[index] ?? 0) * (times[index] ?? 0);
  return sum;
}

/** Linear between the two nearest (type 7 of Hyndman and Fan). */
function quantile(sorted: Float64Array, share: number, otherwise: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? otherwise;
  const above = sorted[Math.ceil(place)] ?? otherwise;
  return below + (above - below) * (place - Math.floor(place));
}
