/** What can be set of the factorization, with the values that LightFM's users know. */
import { z } from "zod";
import { parseOptions } from "../checks.ts";

export const FactorizationOptions = z.strictObject({
  /** Length of the embeddings. */
  components: z.int().min(1).max(1024).default(50),
  learningRate: z.number().positive().max(10).default(0.05),
  /**
   * `warp` for the best first places, `warp-kos` for people of several tastes, `bpr` for an even ranking, `logistic` for
   * scores that mean a likelihood.
   */
  loss: z.enum(["warp", "warp-kos", "bpr", "logistic"]).default("warp"),
  /**
   * `adagrad` keeps a step size per weight (LightFM's way), `adagrad-row` one per embedding (faster, half the memory,
   * better on dense data and worse in the tail of sparse data: measure), `adadelta` needs no learning rate.
   */
  optimizer: z.enum(["adagrad", "adagrad-row", "adadelta"]).default("adagrad"),
  epochs: z.int().min(1).max(10_000).default(20),
  /** L2 on what belongs to users, and to items. */
  userPenalty: z.number().nonnegative().max(1).default(1e-5),
  itemPenalty: z.number().nonnegative().max(1).default(1e-5),
  /** WARP: how many items are drawn in search of one that ranks too high. */
  maxSampled: z.int().min(1).max(10_000).default(10),
  /** k-OS: the `k`-th best of `n` drawn positives is trained. */
  k: z.int().min(1).max(1000).default(5),
  n: z.int().min(1).max(1000).default(10),
  /** Logistic: items drawn from those not seen, per one seen. 0 trains on what was seen alone, as LightFM does. */
  negatives: z.int().min(0).max(1000).default(3),
  /** Adadelta's memory and floor. */
  decay: z.number().positive().lt(1).default(0.95),
  epsilon: z.number().positive().max(1).default(1e-6),
  /** The share of an embedding that is a user's or item's own where there are features too; 0 for features alone. */
  identityShare: z.number().min(0).max(1).default(0.5),
  /** How much one pair, and one user, may count at most, so that nobody can shout down the others. */
  influence: z
    .strictObject({ perPair: z.number().positive().default(10), perUser: z.number().positive().default(1000) })
    .prefault({}),
  /** The same seed, data and one thread give the same model. */
  seed: z.int().default(1),
  /** At most so many threads; small data is trained in one, which is quicker there. */
  threads: z.int().min(1).max(64).default(1),
});

/** All options, defaults filled in. */
export type FactorizationSettings = z.infer<typeof FactorizationOptions>;

/** The options as a caller gives them. */
export type FactorizationOptions = z.input<typeof FactorizationOptions>;

/**
 * Checks options and fills in defaults.
 * @throws RecommenderError `recommender/invalid-data`
 */
export const settingsOf = (options: FactorizationOptions = {}): FactorizationSettings =>
  parseOptions(FactorizationOptions, options, "the factorization");
