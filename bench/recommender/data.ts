/** The data of a row: a split where there is one, else made-up data of the same size. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { interactionMatrix, selectInteractions, synthesize } from "parleyjs-recommender";
import { type LoadedSplit, loadSplit } from "./splits.ts";

/** The split by its name, or 80,000 made-up interactions of 943 people with 1,682 things, and 20,000 to test. */
export function splitOrSynthetic(folder: string | undefined, name: string, itemFeatures?: string): LoadedSplit {
  const isThere = folder !== undefined && existsSync(join(folder, `${name}.train.txt`));
  if (isThere) return loadSplit(folder, { name, ...(itemFeatures === undefined ? {} : { itemFeatures }) });
  const { dataset } = synthesize({ users: 943, items: 1682, interactions: 130_000, exponent: 0.8 });
  const { userCount, itemCount } = dataset.interactions;
  const all = interactionMatrix(dataset.interactions);
  const rows = Int32Array.from({ length: all.columns.length });
  for (let user = 0; user < userCount; user++) rows.fill(user, all.offsets[user], all.offsets[user + 1]);
  const pairs = {
    userCount,
    itemCount,
    users: rows,
    items: all.columns,
    weights: all.values.fill(1),
    times: undefined,
  };
  const places = [...rows.keys()];
  const isTest = (place: number): boolean => (place * 7919) % 5 === 0;
  const part = (test: boolean) =>
    selectInteractions(
      pairs,
      places.filter((place) => isTest(place) === test),
    );
  return {
    name: `${name} (made up)`,
    dataset: { interactions: part(false), itemFeatures: itemFeatures === undefined ? undefined : dataset.itemFeatures },
    split: { train: interactionMatrix(part(false)), test: interactionMatrix(part(true)) },
  };
}
