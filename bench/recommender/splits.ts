/** Reads the splits: a line is `user item rating`, or `row feature feature …`; all counted from 0. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compressRows,
  createInteractions,
  type Dataset,
  interactionMatrix,
  type Interactions,
  normalizeRows,
  type SparseMatrix,
  type Split,
} from "parleyjs-recommender";

export interface BenchOptions {
  /**
   * Folder of `name.train.txt`, `name.test.txt` and feature files; these data may not be shipped. Rows a and d take
   * made-up data without it.
   */
  readonly splits: string | undefined;
}

export interface LoadedSplit {
  readonly name: string;
  /** What a model may learn from. */
  readonly dataset: Dataset;
  readonly split: Split;
}

export interface SplitFiles {
  readonly name: string;
  readonly userFeatures?: string;
  readonly itemFeatures?: string;
}

/** Both parts of a split, and the features that are asked for. */
export function loadSplit(folder: string | undefined, { name, userFeatures, itemFeatures }: SplitFiles): LoadedSplit {
  if (folder === undefined || !existsSync(join(folder, `${name}.train.txt`))) {
    throw new Error(
      `${name}.train.txt is needed: give --splits the folder that has it. The licences of these data allow no shipping.`,
    );
  }
  const train = linesOf(join(folder, `${name}.train.txt`));
  const test = linesOf(join(folder, `${name}.test.txt`));
  const all = [...train, ...test];
  const features = (file: string | undefined): SparseMatrix | undefined =>
    file === undefined ? undefined : featuresOf(linesOf(join(folder, file)));
  const size = { userCount: countOf(all, 0), itemCount: countOf(all, 1) };
  const interactions = interactionsOf(train, size);
  return {
    name,
    dataset: { interactions, userFeatures: features(userFeatures), itemFeatures: features(itemFeatures) },
    split: { train: interactionMatrix(interactions), test: interactionMatrix(interactionsOf(test, size)) },
  };
}

const linesOf = (path: string): readonly (readonly number[])[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));

const countOf = (lines: readonly (readonly number[])[], column: number): number =>
  lines.reduce((most, line) => Math.max(most, (line[column] ?? 0) + 1), 0);

const interactionsOf = (
  lines: readonly (readonly number[])[],
  size: { readonly userCount: number; readonly itemCount: number },
): Interactions =>
  createInteractions({ ...size, users: lines.map(([user = 0]) => user), items: lines.map(([, item = 0]) => item) });

function featuresOf(lines: readonly (readonly number[])[]): SparseMatrix {
  const entries = lines.flatMap(([row = 0, ...features]) => features.map((feature) => [row, feature] as const));
  return normalizeRows(
    compressRows({
      rowCount: lines.length,
      columnCount: entries.reduce((most, [, feature]) => Math.max(most, feature + 1), 0),
      rows: entries.map(([row]) => row),
      columns: entries.map(([, feature]) => feature),
    }),
  );
}
