import { type Dataset, itemNeighbours } from "parleyjs-recommender";
import type { Interaction } from "../../../core/store/interactions/index.ts";
import type { Product } from "../catalogue/product.ts";
import { readTrainingData } from "../data/training-data.ts";
import { STARTER } from "./background.ts";
import type { Bundle } from "./bundle.ts";
import { trainStarter } from "./train.ts";

/** Few people stand behind what a bot begins with: their agreement is trusted by n / (n + this). */
const SHRINKAGE = 5;

/** What a bot begins with: what is popular, and what goes together, from the interactions it was given. Made in moments. */
export async function makeStarter(
  products: readonly Product[],
  interactions: readonly Interaction[],
  now: number,
): Promise<Bundle> {
  const read = async function* (): AsyncGenerator<readonly Interaction[]> {
    yield interactions;
  };
  const data = await readTrainingData({ products, read, now });
  const { kind } = itemNeighbours;
  const fit = async (dataset: Dataset) => await itemNeighbours.fit(dataset, { shrinkage: SHRINKAGE });
  return await trainStarter(data, { kind, fit }, { version: STARTER, trainedAt: new Date(now).toISOString() });
}
