/** Whether a new version may replace the one that serves. */
import { type Interactions, interactionMatrix, rowOf, selectInteractions, topItems } from "parleyjs-recommender";
import type { TrainingData } from "../data/training-data.ts";
import type { Bundle } from "./bundle.ts";

export interface Verdict {
  readonly replace: boolean;
  readonly why: string;
}

/** Of the people whose latest act is newer than the old version, so many must be there to compare the two. */
const FEWEST_JUDGES = 30;
const LIST = 5;
/** The new version may hit this much less often, in shares of the old one's hits: the noise of small numbers. */
const TOLERANCE = 0.1;

/**
 * Compares both on acts that neither has seen: of each person the newest product that they turned to for the first time
 * after the old version was trained. `fresh` must not have learned from these; see `holdBack`.
 */
export function judge(fresh: Bundle, old: Bundle | undefined, data: TrainingData, judges: readonly Judge[]): Verdict {
  const broken = faultOf(fresh);
  if (broken !== undefined) return { replace: false, why: broken };
  if (old === undefined) return { replace: true, why: "it is the first version" };
  if (judges.length < FEWEST_JUDGES) {
    return {
      replace: true,
      why: `fewer than ${FEWEST_JUDGES} people did something new, too few to compare the versions`,
    };
  }
  const after = hits(fresh, data, judges);
  const before = hits(old, data, judges);
  const why = `it hits ${after} of ${judges.length} acts that neither had seen, ${old.summary.version} hits ${before}`;
  return { replace: after >= before * (1 - TOLERANCE), why };
}

/** The judges of a new version against an old one; none where there are too few, or no old one. */
export function judgesFor(data: TrainingData, old: Bundle | undefined): readonly Judge[] {
  const judges = old === undefined ? [] : newestActs(data, Date.parse(old.summary.trainedAt));
  return judges.length < FEWEST_JUDGES ? [] : judges;
}

/** The data without what the judges will be asked for. */
export function holdBack(data: TrainingData, judges: readonly Judge[]): TrainingData {
  if (judges.length === 0) return data;
  const held = new Map(judges.map(({ user, item }) => [user, item]));
  const without = (interactions: Interactions): readonly number[] =>
    [...interactions.users.keys()].filter(
      (place) => held.get(interactions.users[place] ?? -1) !== interactions.items[place],
    );
  const { interactions } = data.dataset;
  const places = without(interactions);
  return {
    ...data,
    dataset: { ...data.dataset, interactions: selectInteractions(interactions, places) },
    choices: selectInteractions(data.choices, without(data.choices)),
    firstTimes: Float64Array.from(places, (place) => data.firstTimes[place] ?? 0),
  };
}

/** A model that gives no numbers, or the same for everything, must not serve. */
export function faultOf({ model, popularity }: Bundle): string | undefined {
  const scores = model.scores({});
  if (scores.some((score) => !Number.isFinite(score))) return "it gives scores that are no numbers";
  return popularity.scores({}).some((score) => !Number.isFinite(score)) ? "its popularity is no number" : undefined;
}

export interface Judge {
  readonly user: number;
  readonly item: number;
}

function newestActs({ dataset, firstTimes }: TrainingData, since: number): readonly Judge[] {
  const { users, items } = dataset.interactions;
  const newest = new Map<number, { readonly item: number; readonly time: number }>();
  for (const [index, user] of users.entries()) {
    const time = firstTimes[index] ?? 0;
    if (time > since && time > (newest.get(user)?.time ?? 0)) newest.set(user, { item: items[index] ?? 0, time });
  }
  return [...newest].map(([user, { item }]) => ({ user, item }));
}

function hits(bundle: Bundle, data: TrainingData, judges: readonly Judge[]): number {
  const history = interactionMatrix(data.dataset.interactions);
  return judges.filter(({ user, item }) => {
    const target = bundle.products.find(data.products[item] ?? "");
    if (target === undefined) return false;
    const known = translated(rowOf(history, user), item, data, bundle);
    const scores = bundle.model.scores({ history: known });
    return topItems(scores, LIST, known.columns).items.includes(target);
  }).length;
}

/** The history without the hidden product, in the columns of the version. */
function translated({ columns, values }: ReturnType<typeof rowOf>, hidden: number, data: TrainingData, bundle: Bundle) {
  const pairs = Array.from(columns, (column, place) => ({ column, value: values[place] ?? 0 }))
    .filter(({ column }) => column !== hidden)
    .flatMap(({ column, value }) => {
      const place = bundle.products.find(data.products[column] ?? "");
      return place === undefined ? [] : [{ place, value }];
    })
    .toSorted((left, right) => left.place - right.place);
  return {
    columns: Int32Array.from(pairs, ({ place }) => place),
    values: Float32Array.from(pairs, ({ value }) => value),
  };
}
