/** What every model can do. Users, items and features are rows and columns; names are kept by a `Vocabulary` outside. */
import type { Dataset } from "./dataset.ts";
import type { Container } from "./serialize.ts";
import type { SparseRow } from "./sparse.ts";
import type { Ranking } from "./top-k.ts";

/**
 * Whom to recommend to; say what is known, and leave out what is not: a key that is there and undefined is refused, since
 * it is mostly somebody who was looked up and not found. A model uses what it can: the row of a user that it was trained
 * on, else the history and the features, else nothing, which gives everyone's favourites.
 */
export interface Subject {
  /** Row of a user that the model was trained on. Its history and features are known to the model. */
  readonly user?: number;
  /** Items and how much each counts: a session, or what happened after the training when `user` is given too. */
  readonly history?: SparseRow;
  /** Features of a user that the model has never seen. */
  readonly features?: SparseRow;
}

/** Where a part of a score comes from. */
export type TermSource =
  /** An item of the subject's history; `index` is the item. */
  | "history"
  /** A feature of the user; `index` is its column. */
  | "user-feature"
  /** A feature of the item; `index` is its column. */
  | "item-feature"
  /** How well the item does with everyone; `index` is the item. */
  | "popularity";

/** Part of a score, in the score's own unit; positive speaks for the item. */
export interface Term {
  readonly source: TermSource;
  readonly index: number;
  readonly contribution: number;
}

/** How far a training is. */
export interface Progress {
  /** Steps done, of `total`: epochs where there are any. */
  readonly done: number;
  readonly total: number;
  /** The mean loss of the last step, where the model has one. */
  readonly loss?: number | undefined;
}

/** A moment of a training that goes in epochs. */
export interface Checkpoint extends Progress {
  /** The model as it is now; it stays as it is while the training goes on. Costs a copy of what was learned. */
  readonly model: () => Model;
}

/** How to follow and stop a training. */
export interface Training {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Asked after each epoch, where there are any; `"stop"` ends the training with what is learned so far. For measuring
   * on held-out data meanwhile: see `stopEarly`.
   */
  readonly onEpoch?: ((checkpoint: Checkpoint) => EpochAnswer | Promise<EpochAnswer>) | undefined;
  /** Aborting ends the training with `recommender/cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** What becomes of a training after an epoch; undefined goes on. */
export type EpochAnswer = "stop" | "go on" | undefined;

/** Users by nearness, nearest first. */
export interface UserRanking {
  readonly users: Int32Array;
  readonly scores: Float32Array;
}

/**
 * A trained model. It never changes: learning more gives a new one, so that the old one can serve meanwhile.
 * Scores order items for one subject; they are not comparable between subjects or models.
 *
 * Every call refuses bad input by name: `recommender/out-of-range` for a user, item or feature that the model does not
 * have, `recommender/invalid-data` for everything else.
 */
export interface Model {
  /** The family that made it, such as `factorization`. */
  readonly kind: string;
  readonly userCount: number;
  readonly itemCount: number;
  /** How many features of users, and of items, it was trained with. */
  readonly userFeatureCount: number;
  readonly itemFeatureCount: number;
  /** A new array, or `into`, with a score for each item. */
  readonly scores: (subject: Subject, into?: Float32Array) => Float32Array;
  /** The scores of these items alone, in their order. */
  readonly scoresOf: (subject: Subject, items: ArrayLike<number>) => Float32Array;
  /**
   * The best items for a subject: without the excluded (what they have; the model does not leave it out by itself), and
   * only of the allowed where these are given. Both in any order.
   */
  readonly recommend: (
    subject: Subject,
    count: number,
    excluded?: ArrayLike<number>,
    allowed?: ArrayLike<number>,
  ) => Ranking;
  /** The score of an item that the model has never seen, by its features; undefined when it learned from none. */
  readonly scoreNewItem: (subject: Subject, features: SparseRow) => number | undefined;
  /** The items nearest to one, without itself; of no relation at all: none. */
  readonly similarItems: (item: number, count: number) => Ranking;
  /** The trained users nearest to one, without themselves; of no relation at all: none. */
  readonly similarUsers: (user: number, count: number) => UserRanking;
  /** What the score of an item is made of, largest share first; adds up to the score but for a constant. */
  readonly explain: (subject: Subject, item: number) => readonly Term[];
  /**
   * Learns from further data, with all users and items of before at their places and new ones behind them.
   * `dataset` holds the new interactions only; its feature matrices cover all rows.
   */
  readonly fitPartial: (dataset: Dataset, training?: Training) => Promise<Model>;
  /** Everything, as bytes for `loadModel`. */
  readonly save: () => Uint8Array;
}

/** A kind of model: how to train one and how to read one. */
export interface ModelFamily<Options> {
  readonly kind: string;
  /**
   * @throws RecommenderError `recommender/invalid-data`, `recommender/cancelled`, `recommender/diverged`
   */
  readonly fit: (dataset: Dataset, options?: Options, training?: Training) => Promise<Model>;
  /**
   * Makes the model of a file that `save` wrote; see `loadModel`.
   * @throws RecommenderError `recommender/corrupt-file`, `recommender/unsupported-file`
   */
  readonly read: (container: Container) => Model;
}
