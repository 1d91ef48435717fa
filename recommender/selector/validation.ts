/** How candidates are compared on the data at hand: what is held out, and why that way. */
import { refuse, requireCount, requireObject, shown } from "../checks.ts";
import { type Dataset, type Interactions, interactionMatrix, requireDataset, selectInteractions } from "../dataset.ts";
import { RecommenderError } from "../errors.ts";
import type { Split } from "../evaluation/evaluate.ts";
import { createRandom } from "../random.ts";
import { type InteractionSplit, leaveOneOut, splitByTime, splitRandomly, splitUsers } from "../split.ts";

export type ValidationStrategy = "by-time" | "leave-one-out" | "random";

export interface Validation {
  readonly strategy: ValidationStrategy;
  /** One sentence for people. */
  readonly why: string;
  /** What candidates are trained on. */
  readonly train: Dataset;
  /** Users whom the candidates were trained on, and what they took then. */
  readonly known: Split;
  /** Users whom they were not trained on and know by features only; undefined without features. */
  readonly unseen: Split | undefined;
}

export interface ValidationOptions {
  /** @default by time where there are times that differ, one of each where histories are short, else at random */
  readonly strategy?: ValidationStrategy | undefined;
  /** Most users of each kind that are measured. @default 10,000 */
  readonly users?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
}

const HELD_OUT = 0.2;
const UNSEEN_USERS = 0.1;
/** With fewer interactions per user than this, each one held out changes the user's history much. */
const SHORT_HISTORY = 6;

const reasons: Readonly<Record<ValidationStrategy, string>> = {
  "by-time": "The interactions have times: models learn from the earlier four fifths and are asked for the last fifth.",
  "leave-one-out":
    "No times tell the interactions apart, and histories are short: one interaction of each user with two or more is held out.",
  random:
    "No times tell the interactions apart, and histories are long: a fifth of the interactions is held out at random.",
};

/**
 * Plans the comparison.
 * @throws RecommenderError `recommender/invalid-data` when nothing would be left to measure
 */
export function planValidation(dataset: Dataset, options: ValidationOptions = {}): Validation {
  requireDataset(dataset);
  requireObject(options, "Options of the validation");
  const { seed = 1, users = 10_000, strategy = strategyFor(dataset.interactions) } = options;
  requireCount(users, "The most users that are measured");
  if (!(strategy in reasons))
    refuse(`A strategy is one of ${Object.keys(reasons).join(", ")}, not ${shown(strategy)}.`);
  const { interactions, userFeatures } = dataset;
  const people =
    userFeatures === undefined
      ? { train: interactions, test: undefined }
      : splitUsers(interactions, UNSEEN_USERS, seed);
  const { train, test } = hold(people.train, strategy, seed);
  if (test.users.length === 0) {
    throw new RecommenderError(
      "recommender/invalid-data",
      `Of ${interactions.users.length} interactions none could be held out to compare models; collect more first, and ` +
        "serve popularity until then.",
    );
  }
  const known = interactionMatrix(train);
  const splitOf = (held: Interactions): Split => ({ train: known, test: interactionMatrix(sample(held, users, seed)) });
  return {
    strategy,
    why: reasons[strategy],
    train: { ...dataset, interactions: train },
    known: splitOf(test),
    unseen: people.test === undefined || people.test.users.length === 0 ? undefined : splitOf(people.test),
  };
}

function strategyFor({ users, times }: Interactions): ValidationStrategy {
  if (times?.some((time) => time !== times[0]) === true) return "by-time";
  return users.length < SHORT_HISTORY * new Set(users).size ? "leave-one-out" : "random";
}

function hold(interactions: Interactions, strategy: ValidationStrategy, seed: number): InteractionSplit {
  if (strategy === "by-time") return splitByTime(interactions, HELD_OUT);
  return strategy === "random" ? splitRandomly(interactions, HELD_OUT, seed) : leaveOneOut(interactions, { seed });
}

/** The interactions of at most about so many users. */
function sample(interactions: Interactions, most: number, seed: number): Interactions {
  const users = [...new Set(interactions.users)];
  if (users.length <= most) return interactions;
  const random = createRandom(seed);
  const chosen = new Set(users.filter(() => random.uniform() < most / users.length));
  const places = interactions.users.map((_, place) => place);
  return selectInteractions(
    interactions,
    places.filter((place) => chosen.has(interactions.users[place] ?? -1)),
  );
}
