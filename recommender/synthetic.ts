/**
 * Made-up people and products, for tests, documentation and measurements of growth: real data may not be shipped. Items
 * have categories and a popularity that falls as a power law; users have segments, a favourite category and an activity
 * that falls as a power law; over time, tastes drift. Linear in the number of interactions.
 */
import { z } from "zod";
import { parseOptions, refuse } from "./checks.ts";
import { createInteractions, type Dataset } from "./dataset.ts";
import { createRandom, type Random } from "./random.ts";
import { normalizeRows } from "./feature-rows.ts";
import { compressRows, type SparseMatrix } from "./sparse.ts";

export interface SyntheticOptions {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  /** Groups of users with a taste in common. @default 4 */
  readonly segments?: number | undefined;
  /** Groups of items that are liked together. @default 8 */
  readonly categories?: number | undefined;
  /** How often a user takes from the favourite category rather than the segment's taste. @default 0.5 */
  readonly loyalty?: number | undefined;
  /** Exponent of the power laws of popularity and activity. @default 1 */
  readonly exponent?: number | undefined;
  /** How far the segments' tastes have turned into others at the end, from 0 to 1. @default 0 */
  readonly drift?: number | undefined;
  /** First moment, in ms since 1970. @default 2024-01-01 */
  readonly start?: number | undefined;
  /** @default 180 */
  readonly days?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
}

export interface SyntheticData {
  /** With times and normalized features: segment and age group of users, category and institution of items. */
  readonly dataset: Dataset & { readonly userFeatures: SparseMatrix; readonly itemFeatures: SparseMatrix };
  readonly segmentOfUser: Int32Array;
  readonly categoryOfItem: Int32Array;
}

const AGE_GROUPS = 5;
const INSTITUTIONS = 6;
const DAY = 86_400_000;

interface World {
  readonly random: Random;
  readonly segments: number;
  readonly categories: number;
  readonly loyalty: number;
  readonly drift: number;
  readonly segmentOfUser: Int32Array;
  readonly favouriteOfUser: Int32Array;
  readonly itemsOfCategory: readonly Int32Array[];
  /** Cumulated weights, by category. */
  readonly popularity: readonly Float64Array[];
  /** Cumulated weights of the categories, by segment. */
  readonly tastes: readonly Float64Array[];
}

/**
 * The same data for the same options.
 * @throws RecommenderError `recommender/invalid-data` for counts that make no world
 */
export function synthesize(options: SyntheticOptions): SyntheticData {
  const settings = settingsOf(options);
  const { users, items, interactions, exponent, start, days } = settings;
  const world = createWorld(settings);
  const { random } = world;
  const activity = cumulate(powerLaw(users, exponent));
  const owners = new Int32Array(interactions);
  const chosen = new Int32Array(interactions);
  const times = new Float64Array(interactions);
  for (let index = 0; index < interactions; index++) {
    const user = draw(activity, random);
    const elapsed = random.uniform();
    owners[index] = user;
    chosen[index] = drawItem(world, user, elapsed);
    times[index] = start + Math.floor(elapsed * days * DAY);
  }
  const categoryOfItem = new Int32Array(items);
  for (const [category, members] of world.itemsOfCategory.entries()) {
    for (const item of members) categoryOfItem[item] = category;
  }
  return {
    dataset: {
      interactions: createInteractions({ userCount: users, itemCount: items, users: owners, items: chosen, times }),
      userFeatures: oneHot(world.segmentOfUser, ageGroups(world), world.segments, AGE_GROUPS),
      itemFeatures: oneHot(
        categoryOfItem,
        categoryOfItem.map(() => random.below(INSTITUTIONS)),
        world.categories,
        INSTITUTIONS,
      ),
    },
    segmentOfUser: world.segmentOfUser,
    categoryOfItem,
  };
}

const atLeastOne = z.int().min(1).max(1e9);
const Options = z.strictObject({
  users: atLeastOne,
  items: atLeastOne,
  interactions: z.int().min(0).max(1e9),
  segments: z.int().min(1).max(10_000).default(4),
  categories: z.int().min(1).max(10_000).default(8),
  loyalty: z.number().min(0).max(1).default(0.5),
  exponent: z.number().min(0).max(10).default(1),
  drift: z.number().min(0).max(1).default(0),
  start: z.number().default(Date.UTC(2024, 0, 1)),
  days: z.number().positive().max(1e6).default(180),
  seed: z.int().default(1),
});
type Settings = z.output<typeof Options>;

function settingsOf(options: SyntheticOptions): Settings {
  const settings = parseOptions(Options, options, "the made-up world");
  const { users, items, categories } = settings;
  if (items >= categories) return settings;
  return refuse(
    `A made-up world needs a user and an item per category; it was asked for ${users} users and ${items} items in ` +
      `${categories} categories.`,
  );
}

function createWorld({ users, items, segments, categories, loyalty, exponent, drift, seed }: Settings): World {
  const random = createRandom(seed);
  const itemsOfCategory = Array.from({ length: categories }, (_, category) =>
    Int32Array.from(
      { length: Math.ceil((items - category) / categories) },
      (_item, rank) => category + rank * categories,
    ),
  );
  const tastes = Array.from({ length: segments }, () =>
    cumulate(Float64Array.from({ length: categories }, () => Math.exp(1.5 * random.normal()))),
  );
  const segmentOfUser = Int32Array.from({ length: users }, () => random.below(segments));
  return {
    random,
    segments,
    categories,
    loyalty,
    drift,
    segmentOfUser,
    favouriteOfUser: segmentOfUser.map((segment) => draw(tastes[segment] ?? new Float64Array(1), random)),
    itemsOfCategory,
    popularity: itemsOfCategory.map((members) => cumulate(powerLaw(members.length, exponent))),
    tastes,
  };
}

/** The taste of the segment, which turns into that of the next; or the favourite, which stays. */
function drawItem(world: World, user: number, elapsed: number): number {
  const { random, tastes, segmentOfUser, favouriteOfUser } = world;
  const isLoyal = random.uniform() < world.loyalty;
  const turned = random.uniform() < world.drift * elapsed ? 1 : 0;
  const taste = tastes[((segmentOfUser[user] ?? 0) + turned) % tastes.length];
  const category = isLoyal || taste === undefined ? (favouriteOfUser[user] ?? 0) : draw(taste, random);
  const rank = draw(world.popularity[category] ?? new Float64Array(1), random);
  return world.itemsOfCategory[category]?.[rank] ?? 0;
}

/** Age goes with the segment, but not always. */
function ageGroups({ random, segmentOfUser }: World): Int32Array {
  return segmentOfUser.map((segment) => (random.uniform() < 0.6 ? segment % AGE_GROUPS : random.below(AGE_GROUPS)));
}

const powerLaw = (count: number, exponent: number): Float64Array =>
  Float64Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);

function cumulate(weights: Float64Array): Float64Array {
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}

/** A place with a chance in proportion to its weight: a binary search. */
function draw(cumulated: Float64Array, random: Random): number {
  const target = random.uniform() * (cumulated.at(-1) ?? 0);
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulated[middle] ?? 0) <= target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two features a row, the second kind behind the first. */
function oneHot(first: Int32Array, second: Int32Array, firstCount: number, secondCount: number): SparseMatrix {
  const places = [...first.keys()];
  return normalizeRows(
    compressRows({
      rowCount: first.length,
      columnCount: firstCount + secondCount,
      rows: [...places, ...places],
      columns: [...first, ...Array.from(second, (column) => firstCount + column)],
    }),
  );
}
