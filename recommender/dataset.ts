/** What a model learns from: who had to do with what, how much and when; and what is known of both. */
import { RecommenderError } from "./errors.ts";
import { compressRows, type SparseMatrix } from "./sparse.ts";

/** Parallel arrays, one place per event, in any order. */
export interface Interactions {
  readonly userCount: number;
  readonly itemCount: number;
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** How much an event counts (its kind, its length, its age). */
  readonly weights: Float32Array;
  /** When, in milliseconds since 1970; undefined when nobody knows. */
  readonly times: Float64Array | undefined;
}

/** Feature rows come normalized (`normalizeRows`) unless there is a reason; without them there are identities only. */
export interface Dataset {
  readonly interactions: Interactions;
  /** One row per user. */
  readonly userFeatures?: SparseMatrix | undefined;
  /** One row per item. */
  readonly itemFeatures?: SparseMatrix | undefined;
}

/** Plain arrays in, checked typed arrays out. */
export interface InteractionArrays {
  readonly userCount: number;
  readonly itemCount: number;
  readonly users: ArrayLike<number>;
  readonly items: ArrayLike<number>;
  /** @default 1 each */
  readonly weights?: ArrayLike<number> | undefined;
  readonly times?: ArrayLike<number> | undefined;
}

/**
 * Checks and packs interactions.
 * @throws RecommenderError `recommender/invalid-data` for arrays of unequal length, places out of range, weights that
 *   are negative or not finite
 */
export function createInteractions(arrays: InteractionArrays): Interactions {
  const count = arrays.users.length;
  const interactions: Interactions = {
    userCount: arrays.userCount,
    itemCount: arrays.itemCount,
    users: Int32Array.from(arrays.users),
    items: Int32Array.from(arrays.items),
    weights: arrays.weights === undefined ? new Float32Array(count).fill(1) : Float32Array.from(arrays.weights),
    times: arrays.times === undefined ? undefined : Float64Array.from(arrays.times),
  };
  const { items, weights, times } = interactions;
  if (items.length !== count || weights.length !== count || (times?.length ?? count) !== count) {
    throw new RecommenderError(
      "recommender/invalid-data",
      `Interactions need arrays of one length; users have ${count}, items ${items.length}, weights ${weights.length}, ` +
        `times ${times?.length ?? "none"}.`,
    );
  }
  checkPlaces(arrays, interactions);
  return interactions;
}

function checkPlaces(arrays: InteractionArrays, { userCount, itemCount, weights }: Interactions): void {
  for (let index = 0; index < weights.length; index++) {
    const user = arrays.users[index] ?? -1;
    const item = arrays.items[index] ?? -1;
    const weight = weights[index] ?? -1;
    if (isIndex(user, userCount) && isIndex(item, itemCount) && weight >= 0 && Number.isFinite(weight)) continue;
    throw new RecommenderError(
      "recommender/invalid-data",
      `Interaction ${index} is of user ${user} with item ${item}, weight ${weight}; there are ${userCount} users ` +
        `and ${itemCount} items, and a weight is a finite number from 0.`,
    );
  }
}

const isIndex = (index: number, count: number): boolean => Number.isInteger(index) && index >= 0 && index < count;

/** Users by items: weights added up per pair. */
export function interactionMatrix(interactions: Interactions): SparseMatrix {
  const { userCount, itemCount, users, items, weights } = interactions;
  return compressRows({ rowCount: userCount, columnCount: itemCount, rows: users, columns: items, values: weights });
}

/** The interactions at these places, in this order. */
export function selectInteractions(interactions: Interactions, places: ArrayLike<number>): Interactions {
  const { users, items, weights, times } = interactions;
  return {
    userCount: interactions.userCount,
    itemCount: interactions.itemCount,
    users: Int32Array.from(places, (place) => users[place] ?? 0),
    items: Int32Array.from(places, (place) => items[place] ?? 0),
    weights: Float32Array.from(places, (place) => weights[place] ?? 0),
    times: times === undefined ? undefined : Float64Array.from(places, (place) => times[place] ?? 0),
  };
}

/** How much one user may count. */
export interface InfluenceLimits {
  /** The most that one user with one item may weigh. @default 10 */
  readonly perPair?: number;
  /** The most that one user may weigh in all; heavier users are scaled down. @default 1000 */
  readonly perUser?: number;
}

/**
 * One entry per pair, so that repeating an event a million times says no more than `perPair` times, and a user who
 * touches everything says no more than `perUser` in all. The time of a pair is its latest.
 */
export function limitInfluence(
  interactions: Interactions,
  { perPair = 10, perUser = 1000 }: InfluenceLimits = {},
): Interactions {
  const matrix = interactionMatrix(interactions);
  const { userCount, itemCount } = interactions;
  const users = new Int32Array(matrix.columns.length);
  const weights = matrix.values.map((value) => Math.min(value, perPair));
  for (let user = 0; user < userCount; user++) {
    const start = matrix.offsets[user] ?? 0;
    const end = matrix.offsets[user + 1] ?? 0;
    users.fill(user, start, end);
    const total = weights.subarray(start, end).reduce((sum, weight) => sum + weight, 0);
    if (total <= perUser) continue;
    for (let index = start; index < end; index++) weights[index] = ((weights[index] ?? 0) * perUser) / total;
  }
  return { userCount, itemCount, users, items: matrix.columns, weights, times: latestTimes(interactions, matrix) };
}

function latestTimes({ users, items, times }: Interactions, matrix: SparseMatrix): Float64Array | undefined {
  if (times === undefined) return undefined;
  const latest = new Float64Array(matrix.columns.length).fill(-Infinity);
  for (let index = 0; index < users.length; index++) {
    const place = placeOf(matrix, users[index] ?? 0, items[index] ?? 0);
    latest[place] = Math.max(latest[place] ?? -Infinity, times[index] ?? -Infinity);
  }
  return latest;
}

/** Where row and column are stored: a binary search in the row; −1 when they are not. */
export function placeOf({ offsets, columns }: SparseMatrix, row: number, column: number): number {
  let low = offsets[row] ?? 0;
  const end = offsets[row + 1] ?? 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((columns[middle] ?? 0) < column) low = middle + 1;
    else high = middle;
  }
  return low < end && columns[low] === column ? low : -1;
}
