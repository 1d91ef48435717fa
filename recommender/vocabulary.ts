/** Names of users, items or features against the row or column they have in a matrix. */
import { RecommenderError } from "./errors.ts";

/** Rows are given in the order in which names come, and never change. */
export interface Vocabulary {
  readonly size: () => number;
  /** The row of a name; undefined when it has none. */
  readonly find: (name: string) => number | undefined;
  /** The row of a name, a new one when it has none. */
  readonly add: (name: string) => number;
  /** @throws RecommenderError `recommender/out-of-range` */
  readonly nameOf: (index: number) => string;
  /** All names, by row. */
  readonly names: () => readonly string[];
}

/** A vocabulary that starts with `names`. */
export function createVocabulary(names: Iterable<string> = []): Vocabulary {
  const indices = new Map<string, number>();
  const listed: string[] = [];
  const add = (name: string): number => {
    const known = indices.get(name);
    if (known !== undefined) return known;
    indices.set(name, listed.length);
    return listed.push(name) - 1;
  };
  for (const name of names) add(name);
  return {
    size: () => listed.length,
    find: (name) => indices.get(name),
    add,
    nameOf: (index) => {
      const name = listed[index];
      if (name === undefined) {
        throw new RecommenderError(
          "recommender/out-of-range",
          `Name ${index} was asked for; there are ${listed.length} names.`,
        );
      }
      return name;
    },
    names: () => listed,
  };
}
