/** Makes a model of its core: what is asked is checked here, once for every kind, before it reaches a table. */
import { refuse, requireCount, requireIndex, requireIndices, requireRow, shown } from "./checks.ts";
import { type Dataset, requireDataset } from "./dataset.ts";
import type { Model, Subject, Term, Training, UserRanking } from "./model.ts";
import type { SparseRow } from "./sparse.ts";
import { type Ranking, topItems } from "./top-k.ts";

/** What one kind of model does its own way; it may trust what it is given. */
export interface ModelCore<Next extends Model = Model> {
  readonly kind: string;
  readonly userCount: number;
  readonly itemCount: number;
  readonly userFeatureCount: number;
  readonly itemFeatureCount: number;
  /** Fills `into` with the scores of all items. */
  readonly scores: (subject: Subject, into: Float32Array) => void;
  /** A quicker way to the best than through all scores; the excluded rise. */
  readonly best?: (subject: Subject, count: number, excluded: Int32Array) => Ranking;
  readonly scoreNewItem: (subject: Subject, features: SparseRow) => number | undefined;
  /** Nearness of each item to one: what is not above 0 is no relation. */
  readonly itemSimilarities: (item: number) => Float32Array;
  /** The same of users. */
  readonly userSimilarities: (user: number) => Float32Array;
  readonly explain: (subject: Subject, item: number) => readonly Term[];
  readonly fitPartial: (dataset: Dataset, training: Training) => Promise<Next>;
  readonly save: () => Uint8Array;
}

/** A model whose further training gives one of its own kind. */
interface Defined<Next extends Model> extends Model {
  readonly fitPartial: (dataset: Dataset, training?: Training) => Promise<Next>;
}

/** The model. */
export function defineModel<Next extends Model>(core: ModelCore<Next>): Defined<Next> {
  const { kind, userCount, itemCount, userFeatureCount, itemFeatureCount } = core;
  const scores = (subject: Subject, into: Float32Array = new Float32Array(itemCount)): Float32Array => {
    core.scores(subject, into);
    return into;
  };
  return {
    kind,
    userCount,
    itemCount,
    userFeatureCount,
    itemFeatureCount,
    scores: (subject, into) => {
      requireSubject(subject, core);
      return scores(subject, into === undefined ? into : requireRoom(into, itemCount));
    },
    scoresOf: (subject, items) => {
      requireSubject(subject, core);
      requireIndices(items, itemCount, "Item");
      const all = scores(subject);
      return Float32Array.from(items, (item) => all[item] ?? 0);
    },
    recommend: (subject, count, excluded = [], allowed) => {
      requireSubject(subject, core);
      requireCount(count, "The length of the list");
      const left = excludedItems(excluded, allowed, itemCount);
      return core.best?.(subject, count, left) ?? topItems(scores(subject), count, left);
    },
    scoreNewItem: (subject, features) => {
      requireSubject(subject, core);
      requireRow(features, itemFeatureCount === 0 ? Number.MAX_SAFE_INTEGER : itemFeatureCount, "Item feature");
      return itemFeatureCount === 0 ? undefined : core.scoreNewItem(subject, features);
    },
    similarItems: (item, count) => {
      requireIndex(item, itemCount, "Item");
      return nearest(core.itemSimilarities(item), item, requireCount(count, "The length of the list"));
    },
    similarUsers: (user, count) => {
      requireIndex(user, userCount, "User");
      requireCount(count, "The length of the list");
      return asUsers(nearest(core.userSimilarities(user), user, count));
    },
    explain: (subject, item) => {
      requireSubject(subject, core);
      return core.explain(subject, requireIndex(item, itemCount, "Item"));
    },
    fitPartial: async (dataset, training = {}) => {
      requireDataset(dataset);
      requireGrowth(dataset, core);
      return await core.fitPartial(dataset, training);
    },
    save: core.save,
  };
}

const SUBJECT_KEYS = new Set(["user", "history", "features"]);

/** @throws RecommenderError `recommender/invalid-data`, `recommender/out-of-range` */
export function requireSubject(
  subject: Subject,
  { userCount, itemCount, userFeatureCount }: Pick<Model, "userCount" | "itemCount" | "userFeatureCount">,
): void {
  if (typeof subject !== "object" || subject === null) {
    refuse(`A subject says who is asked for: { user }, { history } or { features }; ${shown(subject)} was given.`);
  }
  for (const [key, value] of Object.entries(subject)) {
    if (!SUBJECT_KEYS.has(key)) refuse(`A subject has no ${shown(key)}; it has user, history and features.`);
    if (value === undefined) {
      refuse(
        `The subject's ${key} is undefined, which is mostly somebody who was looked up and not found: leave it out to ask ` +
          "for nobody in particular.",
      );
    }
  }
  if (subject.user !== undefined) requireIndex(subject.user, userCount, "User");
  if (subject.features !== undefined) requireRow(subject.features, userFeatureCount, "User feature");
  if (subject.history === undefined) return;
  requireRow(subject.history, itemCount, "Item of a history");
  for (const value of subject.history.values) {
    if (value < 0) refuse(`A history has the weight ${value}: what somebody had counts from 0.`);
  }
}

function requireRoom(into: Float32Array, itemCount: number): Float32Array {
  if (into instanceof Float32Array && into.length === itemCount) return into;
  return refuse(`Scores of ${itemCount} items need a Float32Array of that length to be put into.`);
}

/** What must not be in the list, rising; of two lists the allowed one is turned round. */
function excludedItems(
  excluded: ArrayLike<number>,
  allowed: ArrayLike<number> | undefined,
  itemCount: number,
): Int32Array {
  requireIndices(excluded, itemCount, "Excluded item");
  if (allowed === undefined) {
    if (excluded instanceof Int32Array && excluded.every((item, at) => at === 0 || item > (excluded[at - 1] ?? 0)))
      return excluded;
    return Int32Array.from(new Set(Array.from(excluded))).toSorted();
  }
  requireIndices(allowed, itemCount, "Allowed item");
  const open = new Uint8Array(itemCount);
  for (let at = 0; at < allowed.length; at++) open[allowed[at] ?? 0] = 1;
  for (let at = 0; at < excluded.length; at++) open[excluded[at] ?? 0] = 0;
  return Int32Array.from({ length: itemCount }, (_, item) => item).filter((item) => open[item] === 0);
}

function nearest(similarities: Float32Array, self: number, count: number): Ranking {
  const { items, scores } = topItems(similarities, count, [self]);
  const end = scores.findIndex((score) => score <= 0);
  return end < 0 ? { items, scores } : { items: items.slice(0, end), scores: scores.slice(0, end) };
}

const asUsers = ({ items, scores }: Ranking): UserRanking => ({ users: items, scores });

function requireGrowth(
  { interactions, userFeatures, itemFeatures }: Dataset,
  core: Pick<Model, "userCount" | "itemCount" | "userFeatureCount" | "itemFeatureCount">,
): void {
  if (interactions.userCount < core.userCount || interactions.itemCount < core.itemCount) {
    refuse(
      `The model has ${core.userCount} users and ${core.itemCount} items, the further data ${interactions.userCount} and ` +
        `${interactions.itemCount}: rows may be added behind, and are never taken away.`,
    );
  }
  const sides = [
    ["user", userFeatures, core.userFeatureCount],
    ["item", itemFeatures, core.itemFeatureCount],
  ] as const;
  for (const [of, features, before] of sides) {
    if (features !== undefined && features.columnCount < before) {
      refuse(`The model knows ${before} ${of} features, the further data ${features.columnCount}: none may go.`);
    }
  }
}
