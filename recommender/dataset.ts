/** What a model learns from: who had to do with what, how much and when; and what is known of both. */
import { z } from "zod";
import {
  isUsable,
  LARGEST,
  parseOptions,
  refuse,
  requireCount,
  requireIndices,
  requireList,
  requireMatrix,
  shown,
} from "./checks.ts";
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

/** Plain or typed arrays in, checked typed arrays out. */
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
 * Checks and packs interactions. Arrays that have the packed type already (`Int32Array` of users and items,
 * `Float32Array` of weights, `Float64Array` of times) are taken as they are and not copied: do not change them later.
 * @throws RecommenderError `recommender/invalid-data` for arrays of unequal length, places out of range, weights that
 *   are negative or not finite, times that are no numbers
 */
export function createInteractions(arrays: InteractionArrays): Interactions {
  if (typeof arrays !== "object" || arrays === null) refuse(`Interactions are arrays; ${shown(arrays)} was given.`);
  const { userCount, itemCount, users, items, weights, times } = arrays;
  requireList(users, "Users of interactions");
  requireList(items, "Items of interactions");
  if (weights !== undefined) requireList(weights, "Weights of interactions");
  if (times !== undefined) requireList(times, "Times of interactions");
  checkPlaces(arrays);
  return {
    userCount,
    itemCount,
    users: users instanceof Int32Array ? users : Int32Array.from(users),
    items: items instanceof Int32Array ? items : Int32Array.from(items),
    weights:
      weights === undefined
        ? new Float32Array(users.length).fill(1)
        : weights instanceof Float32Array
          ? weights
          : Float32Array.from(weights),
    times: times === undefined || times instanceof Float64Array ? times : Float64Array.from(times),
  };
}

function checkPlaces({ userCount, itemCount, users, items, weights, times }: InteractionArrays): void {
  requireCount(userCount, "The number of users");
  requireCount(itemCount, "The number of items");
  const count = users.length;
  if (items.length !== count || (weights?.length ?? count) !== count || (times?.length ?? count) !== count) {
    refuse(
      `Interactions need arrays of one length; users have ${count}, items ${items.length}, weights ` +
        `${weights?.length ?? "none"}, times ${times?.length ?? "none"}.`,
    );
  }
  for (let index = 0; index < count; index++) {
    const user = users[index] ?? -1;
    const item = items[index] ?? -1;
    const weight = weights === undefined ? 1 : (weights[index] ?? -1);
    const isTimed = times === undefined || Number.isFinite(times[index]);
    if (isIndex(user, userCount) && isIndex(item, itemCount) && isWeight(weight) && isTimed) continue;
    refuse(
      `Interaction ${index} is of user ${shown(user)} with item ${shown(item)}, weight ${shown(weight)}, time ` +
        `${shown(times?.[index])}; there are ${userCount} users and ${itemCount} items, counted from 0, a weight is a ` +
        "finite number from 0 to 1e12, and a time is a number of milliseconds.",
    );
  }
}

const isIndex = (index: number, count: number): boolean => Number.isInteger(index) && index >= 0 && index < count;
const isWeight = (weight: number): boolean => typeof weight === "number" && weight >= 0 && isUsable(weight);

/**
 * Checks interactions that may have been put together by hand.
 * @throws RecommenderError `recommender/invalid-data`
 */
export function requireInteractions(interactions: Interactions): void {
  const { users, items, weights, times } = isObject(interactions)
    ? interactions
    : refuse(`${shown(interactions)} was given where interactions are needed.`);
  const isTyped = users instanceof Int32Array && items instanceof Int32Array && weights instanceof Float32Array;
  if (!isTyped || !(times === undefined || times instanceof Float64Array)) {
    refuse("Interactions are typed arrays: make them with createInteractions.");
  }
  checkPlaces(interactions);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * Checks a dataset as a model is about to learn from it.
 * @throws RecommenderError `recommender/invalid-data`
 */
export function requireDataset(dataset: Dataset): void {
  if (!isObject(dataset)) refuse(`${shown(dataset)} was given where a dataset is needed: { interactions, … }.`);
  requireInteractions(dataset.interactions);
  const { userCount, itemCount } = dataset.interactions;
  requireFeatures(dataset.userFeatures, userCount, "user");
  requireFeatures(dataset.itemFeatures, itemCount, "item");
}

function requireFeatures(features: SparseMatrix | undefined, count: number, of: string): void {
  if (features === undefined) return;
  requireMatrix(features, `The matrix of ${of} features`, LARGEST);
  // Rows of people and items that are still to come do no harm.
  if (features.rowCount >= count) return;
  refuse(
    `There are features for ${features.rowCount} ${of}s, and ${count} ${of}s in the data: the matrix has a row for each, ` +
      "an empty one where nothing is known.",
  );
}

/** Users by items: weights added up per pair. */
export function interactionMatrix(interactions: Interactions): SparseMatrix {
  if (!isObject(interactions)) refuse(`${shown(interactions)} was given where interactions are needed.`);
  const { userCount, itemCount, users, items, weights } = interactions;
  return compressRows({ rowCount: userCount, columnCount: itemCount, rows: users, columns: items, values: weights });
}

/**
 * The interactions at these places, in this order.
 * @throws RecommenderError `recommender/out-of-range`
 */
export function selectInteractions(interactions: Interactions, places: ArrayLike<number>): Interactions {
  requireInteractions(interactions);
  const { users, items, weights, times } = interactions;
  requireIndices(places, users.length, "Interaction");
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
  readonly perPair?: number | undefined;
  /** The most that one user may weigh in all; heavier users are scaled down. @default 1000 */
  readonly perUser?: number | undefined;
}

const Limits = z.strictObject({
  perPair: z.number().positive().default(10),
  perUser: z.number().positive().default(1000),
});

/** Brings the weights of each pair and of each user within the limits, in place. */
export function limitRows({ rowCount, offsets, values }: SparseMatrix, limits: InfluenceLimits = {}): void {
  const { perPair, perUser } = parseOptions(Limits, limits, "the influence of users");
  for (let user = 0; user < rowCount; user++) {
    const end = offsets[user + 1] ?? 0;
    let total = 0;
    for (let at = offsets[user] ?? 0; at < end; at++) {
      const weight = Math.min(values[at] ?? 0, perPair);
      values[at] = weight;
      total += weight;
    }
    if (total <= perUser) continue;
    for (let at = offsets[user] ?? 0; at < end; at++) values[at] = ((values[at] ?? 0) * perUser) / total;
  }
}

/**
 * One entry per pair, so that repeating an event a million times says no more than `perPair` times, and a user who
 * touches everything says no more than `perUser` in all. The time of a pair is its latest.
 */
export function limitInfluence(interactions: Interactions, limits: InfluenceLimits = {}): Interactions {
  requireInteractions(interactions);
  const matrix = interactionMatrix(interactions);
  limitRows(matrix, limits);
  const { userCount, itemCount } = interactions;
  const users = new Int32Array(matrix.columns.length);
  for (let user = 0; user < userCount; user++) users.fill(user, matrix.offsets[user], matrix.offsets[user + 1]);
  const times = latestTimes(interactions, matrix);
  return { userCount, itemCount, users, items: matrix.columns, weights: matrix.values, times };
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
