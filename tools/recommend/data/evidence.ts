/** Counts of people behind what may be said of products: no reason is told that they do not bear. */
import { compressRows, rowOf, type SparseMatrix, type Vocabulary } from "parleyjs-recommender";
import type { Interaction } from "../../../core/store/interactions/index.ts";
import { actOf, isChoice } from "./weights.ts";

/** People, by item where it is a list. Names nobody. */
export interface Evidence {
  /** People who chose anything. */
  readonly people: number;
  /** People who met the product in any way, being shown it included. */
  readonly seen: Int32Array;
  /** People who chose it. */
  readonly chosen: Int32Array;
  /** Choosers by user feature, and how many of them chose each item: a row per feature. */
  readonly chosenBy: SparseMatrix;
  readonly choosersBy: Int32Array;
  /** People who chose both, a row per item. */
  readonly together: SparseMatrix;
}

/** With fewer people than this a fact is chance, and might name them. */
export const LEAST_SUPPORT = 3;
/** A product that fewer people have met is new: nobody could have taken to it yet. */
export const SEEN_ENOUGH = 5;

/** Whether the version has learned enough of a product to speak of it. */
export const isSeenEnough = ({ seen }: Evidence, item: number): boolean => (seen[item] ?? 0) >= SEEN_ENOUGH;

/** Whether people choose it, and more often than products are chosen on average. */
export function isOftenChosen({ chosen }: Evidence, item: number): boolean {
  const count = chosen[item] ?? 0;
  const mean = chosen.reduce((sum, one) => sum + one, 0) / Math.max(1, chosen.length);
  return count >= LEAST_SUPPORT && count > mean;
}

/** Whether people with a feature choose it, and more often than people do. */
export function isOftenChosenBy(
  { people, chosen, chosenBy, choosersBy }: Evidence,
  feature: number,
  item: number,
): boolean {
  const count = at(chosenBy, feature, item);
  const expected = ((chosen[item] ?? 0) * (choosersBy[feature] ?? 0)) / Math.max(1, people);
  return count >= LEAST_SUPPORT && count > expected;
}

/** Whether people choose both, and more often than chance would have it. */
export function areOftenChosenTogether({ people, chosen, together }: Evidence, one: number, other: number): boolean {
  const count = at(together, one, other);
  return count >= LEAST_SUPPORT && count * people > (chosen[one] ?? 0) * (chosen[other] ?? 0);
}

function at(matrix: SparseMatrix, row: number, column: number): number {
  if (row >= matrix.rowCount) return 0;
  const { columns, values } = rowOf(matrix, row);
  return values[columns.indexOf(column)] ?? 0;
}

/** Counts while interactions are read. */
export function createEvidence(items: Vocabulary) {
  const seen: number[] = [];
  const lastSeenBy: number[] = [];
  const choices = new Map<number, Set<number>>();
  return {
    add: (user: number, interaction: Interaction): void => {
      const isTaken = isChoice(actOf(interaction));
      for (const product of interaction.productIds) {
        const item = items.add(product);
        // Acts of one person mostly come together; one who comes back later may count twice.
        if (lastSeenBy[item] !== user) seen[item] = (seen[item] ?? 0) + 1;
        lastSeenBy[item] = user;
        if (!isTaken) continue;
        const own = choices.get(user) ?? new Set();
        choices.set(user, own.add(item));
      }
    },
    /** Whether this user chose anything. */
    hasChosen: (user: number): boolean => choices.has(user),
    take: (userFeatures: SparseMatrix): Evidence => evidenceOf(choices, userFeatures, seen, items.size()),
  };
}

const emptyPairs = (): { readonly rows: number[]; readonly columns: number[] } => ({ rows: [], columns: [] });

function evidenceOf(
  choices: ReadonlyMap<number, ReadonlySet<number>>,
  userFeatures: SparseMatrix,
  seen: readonly number[],
  itemCount: number,
): Evidence {
  const chosen = new Int32Array(itemCount);
  const choosersBy = new Int32Array(userFeatures.columnCount);
  const [by, pairs] = [emptyPairs(), emptyPairs()];
  for (const [user, own] of choices) {
    const features = rowOf(userFeatures, user).columns;
    for (const feature of features) choosersBy[feature] = (choosersBy[feature] ?? 0) + 1;
    for (const item of own) {
      chosen[item] = (chosen[item] ?? 0) + 1;
      for (const feature of features) {
        by.rows.push(feature);
        by.columns.push(item);
      }
      for (const other of own) {
        if (other === item) continue;
        pairs.rows.push(item);
        pairs.columns.push(other);
      }
    }
  }
  return {
    people: choices.size,
    seen: Int32Array.from({ length: itemCount }, (_, item) => seen[item] ?? 0),
    chosen,
    choosersBy,
    chosenBy: compressRows({ rowCount: userFeatures.columnCount, columnCount: itemCount, ...by }),
    together: compressRows({ rowCount: itemCount, columnCount: itemCount, ...pairs }),
  };
}
