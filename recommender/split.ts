/** Cuts interactions into what a model may learn from and what it is measured on. */
import { refuse, requireCount, requireObject, requireShare, shown } from "./checks.ts";
import { type Interactions, interactionMatrix, placeOf, requireInteractions, selectInteractions } from "./dataset.ts";
import { RecommenderError } from "./errors.ts";
import { createRandom } from "./random.ts";

/** Both parts keep the numbers of users and items; no user has an item in both. */
export interface InteractionSplit {
  readonly train: Interactions;
  readonly test: Interactions;
}

/**
 * Everything until a moment against everything after it, as in life; the moment leaves about `share` of the interactions
 * behind it. What happened at one time stays together, and something is left to learn from: where all times are the same,
 * nothing is later and nothing is tested.
 * @throws RecommenderError `recommender/invalid-data` without times
 */
export function splitByTime(interactions: Interactions, share = 0.2): InteractionSplit {
  requireInteractions(interactions);
  requireShare(share, "The share held out");
  const times = timesOf(interactions, "split by time");
  const sorted = times.toSorted();
  const [first] = sorted;
  const wanted = sorted[Math.floor((1 - share) * times.length)] ?? Infinity;
  const moment = wanted === first && share < 1 ? (sorted.find((time) => time > first) ?? Infinity) : wanted;
  return splitBy(interactions, (index) => (times[index] ?? 0) >= moment);
}

export interface LeaveOneOutOptions {
  /** `last` is the latest by time; `random` any. @default "last" where there are times, else "random" */
  readonly which?: "last" | "random" | undefined;
  /** Users with fewer interactions keep all. @default 2 */
  readonly minimum?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
}

/** One interaction of each user is held out. */
export function leaveOneOut(interactions: Interactions, options: LeaveOneOutOptions = {}): InteractionSplit {
  requireInteractions(interactions);
  requireObject(options, "Options of leaveOneOut");
  const { which = interactions.times === undefined ? "random" : "last", minimum = 2, seed = 1 } = options;
  if (which !== "last" && which !== "random") refuse(`Which one is left out: "last" or "random", not ${shown(which)}.`);
  requireCount(minimum, "The least number of interactions");
  const order = which === "last" ? timesOf(interactions, "leave the last out") : randomNumbers(interactions, seed);
  const chosen = new Int32Array(interactions.userCount).fill(-1);
  const counts = new Int32Array(interactions.userCount);
  for (const [index, user] of interactions.users.entries()) {
    counts[user] = (counts[user] ?? 0) + 1;
    const best = chosen[user] ?? -1;
    if (best < 0 || (order[index] ?? 0) >= (order[best] ?? 0)) chosen[user] = index;
  }
  return splitBy(interactions, (index) => {
    const user = interactions.users[index] ?? 0;
    return chosen[user] === index && (counts[user] ?? 0) >= minimum;
  });
}

/** Each interaction is held out with this chance. */
export function splitRandomly(interactions: Interactions, share = 0.2, seed = 1): InteractionSplit {
  requireInteractions(interactions);
  requireShare(share, "The share held out");
  const order = randomNumbers(interactions, seed);
  return splitBy(interactions, (index) => (order[index] ?? 0) < share);
}

/** Whole users are held out with this chance: people whom the model will never have seen. */
export function splitUsers(interactions: Interactions, share = 0.1, seed = 1): InteractionSplit {
  requireInteractions(interactions);
  requireShare(share, "The share of users held out");
  const random = createRandom(seed);
  const held = Uint8Array.from({ length: interactions.userCount }, () => (random.uniform() < share ? 1 : 0));
  return splitBy(interactions, (index) => held[interactions.users[index] ?? 0] === 1);
}

/** Test pairs that were in training as well are repetitions, not predictions, and are left out. */
function splitBy(interactions: Interactions, isHeldOut: (index: number) => boolean): InteractionSplit {
  const places = interactions.users.map((_, index) => index);
  const train = selectInteractions(
    interactions,
    places.filter((index) => !isHeldOut(index)),
  );
  const known = interactionMatrix(train);
  const test = places.filter(
    (index) => isHeldOut(index) && placeOf(known, interactions.users[index] ?? 0, interactions.items[index] ?? 0) < 0,
  );
  return { train, test: selectInteractions(interactions, test) };
}

const randomNumbers = ({ users }: Interactions, seed: number): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from(users, () => random.uniform());
};

function timesOf({ times }: Interactions, purpose: string): Float64Array {
  if (times !== undefined) return times;
  throw new RecommenderError(
    "recommender/invalid-data",
    `The interactions have no times, so nothing can ${purpose}; split at random, or give times.`,
  );
}
