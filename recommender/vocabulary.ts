/** Names of users, items or features against the row or column they have in a matrix. */
import { requireIterable, requireName, shown } from "./checks.ts";
import { RecommenderError } from "./errors.ts";

/** Rows are given in the order in which names come, and never change. */
export interface Vocabulary {
  readonly size: () => number;
  /** The row of a name; undefined when it has none. */
  readonly find: (name: string) => number | undefined;
  /** The row of a name, a new one when it has none. */
  readonly add: (name: string) => number;
  /**
   * The row of a name that must be there, for asking a model.
   * @throws RecommenderError `recommender/out-of-range` naming the unknown one
   */
  readonly rowOf: (name: string) => number;
  /** @throws RecommenderError `recommender/out-of-range` */
  readonly nameOf: (index: number) => string;
  /** All names, by row. */
  readonly names: () => readonly string[];
}

const MOST_SHOWN = 60;

/** A vocabulary that starts with `names`. */
export function createVocabulary(names: Iterable<string> = []): Vocabulary {
  const indices = new Map<string, number>();
  const listed: string[] = [];
  const add = (name: string): number => {
    requireName(name, "A name");
    const known = indices.get(name);
    if (known !== undefined) return known;
    indices.set(name, listed.length);
    return listed.push(name) - 1;
  };
  requireIterable(names, "The names of a vocabulary");
  for (const name of names) add(name);
  return {
    size: () => listed.length,
    find: (name) => indices.get(name),
    add,
    rowOf: (name) => {
      const row = indices.get(name);
      if (row !== undefined) return row;
      const known = typeof name === "string" ? JSON.stringify(name.slice(0, MOST_SHOWN)) : shown(name);
      throw new RecommenderError("recommender/out-of-range", `There is no ${known} among the ${listed.length} names.`);
    },
    nameOf: (index) => {
      const name = listed[index];
      if (name === undefined) {
        throw new RecommenderError(
          "recommender/out-of-range",
          `Name ${shown(index)} was asked for; there are ${listed.length} names.`,
        );
      }
      return name;
    },
    names: () => listed,
  };
}
