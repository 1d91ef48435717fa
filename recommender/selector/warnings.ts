/** What is dangerous about data before any model is trained on it. */
import { type Dataset, requireDataset } from "../dataset.ts";
import type { SelectionReport } from "./selection.ts";

/** Below this a ranking loss that draws negatives meets the next purchase too often among them. */
const SMALL_CATALOGUE = 100;

/**
 * Why factorization by WARP or BPR must not be used on this data; undefined when it may. In a small catalogue the item
 * that a user will take next is drawn as a negative again and again, and an identity vector that no feature holds back
 * learns to refuse it: measured on 21 insurance products, the result was far below popularity.
 */
export function rankingLossWarning(dataset: Dataset): string | undefined {
  requireDataset(dataset);
  const { interactions, userFeatures } = dataset;
  if (userFeatures !== undefined || interactions.itemCount >= SMALL_CATALOGUE) return undefined;
  return (
    `WARP and BPR without user features are not tried on ${interactions.itemCount} items: in a small catalogue they learn ` +
    "to refuse what a user has not taken yet, and end below popularity. Give user features, or use softmax or ease."
  );
}

/** What is thin about the data. */
export function dataWarnings({ users, interactions, userFeatures }: SelectionReport["data"]): readonly string[] {
  return [
    ...(interactions < 1_000
      ? [`Only ${interactions} interactions: differences between models are mostly chance.`]
      : []),
    ...(userFeatures === 0 && interactions < 2 * users
      ? ["Fewer than two interactions per user and no user features: there is little to personalize by."]
      : []),
  ];
}
