/** Interactions of people with tastes: each user and each item has a kind, and people keep to theirs. */
import { compressRows, createInteractions, createRandom, type Dataset, type SparseMatrix } from "parleyjs-recommender";

export interface Tastes {
  readonly dataset: Dataset;
  /** The kind of an item or a user. */
  readonly kindOf: (index: number) => number;
}

/** `fidelity` is how often people take an item of their own kind. */
export function tastes({ users = 60, items = 40, kinds = 4, events = 900, fidelity = 0.9, seed = 1 } = {}): Tastes {
  const random = createRandom(seed);
  const kindOf = (index: number): number => index % kinds;
  const rows: number[] = [];
  const columns: number[] = [];
  for (let event = 0; event < events; event++) {
    const user = random.below(users);
    const other = random.below(items);
    rows.push(user);
    columns.push(random.uniform() < fidelity ? (other - kindOf(other) + kindOf(user)) % items : other);
  }
  const features = (count: number): SparseMatrix =>
    compressRows({
      rowCount: count,
      columnCount: kinds,
      rows: Array.from({ length: count }, (_, index) => index),
      columns: Array.from({ length: count }, (_, index) => kindOf(index)),
    });
  return {
    kindOf,
    dataset: {
      interactions: createInteractions({ userCount: users, itemCount: items, users: rows, items: columns }),
      userFeatures: features(users),
      itemFeatures: features(items),
    },
  };
}
