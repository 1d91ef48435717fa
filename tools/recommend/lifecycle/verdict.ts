/** Whether a new version may replace the one that serves. */
import { interactionMatrix, rowOf, type SparseMatrix, topItems } from "../../../recommender/index.ts";
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
 * Compares both on what happened after the old one was trained: each such person's newest product is hidden from the
 * history, and counts as hit when it is among the first five. The new version has learned from it, which flatters it, so
 * it must not be worse; the choice among candidates was made on data that none of them had seen.
 */
export function judge(fresh: Bundle, old: Bundle | undefined, data: TrainingData): Verdict {
  const broken = faultOf(fresh);
  if (broken !== undefined) return { replace: false, why: broken };
  if (old === undefined) return { replace: true, why: "it is the first version" };
  const judges = newestActs(data, Date.parse(old.summary.trainedAt));
  if (judges.length < FEWEST_JUDGES) {
    return { replace: true, why: `${judges.length} people did something new, too few to compare the versions` };
  }
  const after = hits(fresh, data, judges);
  const before = hits(old, data, judges);
  const why = `it hits ${after} of ${judges.length} newest acts, ${old.summary.version} hits ${before}`;
  return { replace: after >= before * (1 - TOLERANCE), why };
}

/** A model that gives no numbers, or the same for everything, must not serve. */
function faultOf({ model, popularity }: Bundle): string | undefined {
  const scores = model.scores({});
  if (scores.some((score) => !Number.isFinite(score))) return "it gives scores that are no numbers";
  return popularity.scores({}).some((score) => !Number.isFinite(score)) ? "its popularity is no number" : undefined;
}

interface Judge {
  readonly user: number;
  readonly item: number;
}

function newestActs({ dataset }: TrainingData, since: number): readonly Judge[] {
  const { users, items, times } = dataset.interactions;
  const newest = new Map<number, { readonly item: number; readonly time: number }>();
  for (const [index, user] of users.entries()) {
    const time = times?.[index] ?? 0;
    if (time > since && time > (newest.get(user)?.time ?? 0)) newest.set(user, { item: items[index] ?? 0, time });
  }
  return [...newest].map(([user, { item }]) => ({ user, item }));
}

function hits(bundle: Bundle, data: TrainingData, judges: readonly Judge[]): number {
  const history = interactionMatrix(data.dataset.interactions);
  return judges.filter(({ user, item }) => {
    const target = bundle.products.find(data.products[item] ?? "");
    if (target === undefined) return false;
    const known = translated(history, user, item, { data, bundle });
    const scores = bundle.model.scores({ history: known });
    return topItems(scores, LIST, known.columns).items.includes(target);
  }).length;
}

/** The history without the hidden product, in the columns of the version. */
function translated(
  history: SparseMatrix,
  user: number,
  hidden: number,
  { data, bundle }: { readonly data: TrainingData; readonly bundle: Bundle },
) {
  const { columns, values } = rowOf(history, user);
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
