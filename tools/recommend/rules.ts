/** What may be recommended at all, and in which order it is shown. */
import type { Product } from "./catalogue.ts";
import type { AgeRange, Situation } from "./profile.ts";

const ADULT: AgeRange = { youngest: 18, oldest: 18 };
/** A product for so few segments is not recommended to somebody whose segment is unknown. */
const FEW_SEGMENTS = 2;

/** Whether the person may have the product and it is not too risky, owned, or dismissed already. */
export function mayRecommend(product: Product, situation: Situation): boolean {
  return (
    isEligible(product, situation) &&
    product.riskLevel <= situation.highestRisk &&
    !situation.owned.has(product.id) &&
    !situation.dismissed.has(product.id)
  );
}

/** Whether age and segment allow it. Somebody of unknown age counts as 18. */
export function isEligible(
  { eligibility }: Product,
  { age = ADULT, segment }: Pick<Situation, "age" | "segment">,
): boolean {
  const { minAge = 0, maxAge = Number.POSITIVE_INFINITY, segments } = eligibility;
  if (age.youngest < minAge || age.oldest > maxAge) return false;
  if (segments === undefined) return true;
  return segment === undefined ? segments.length > FEW_SEGMENTS : segments.includes(segment);
}

/** Each further product of a category counts this much of its score. */
const CATEGORY_FACTOR = 0.75;

export interface Ranked<Item> {
  readonly item: Item;
  /** The score after the discount for repeated categories; never increases with the rank. */
  readonly score: number;
}

/** The best `limit` items, not all of one category: greedy, with a discount for each one of the same category before it. */
export function diversify<Item extends { readonly score: number; readonly category: string }>(
  items: readonly Item[],
  limit: number,
): readonly Ranked<Item>[] {
  const isMixed = new Set(items.map((item) => item.category)).size > 1;
  const factor = isMixed ? CATEGORY_FACTOR : 1;
  const left = new Set(items);
  const chosen: Ranked<Item>[] = [];
  const perCategory = new Map<string, number>();
  while (chosen.length < limit && left.size > 0) {
    let best: Ranked<Item> | undefined;
    for (const item of left) {
      const score = item.score * factor ** (perCategory.get(item.category) ?? 0);
      if (best === undefined || score > best.score) best = { item, score };
    }
    if (best === undefined) break;
    chosen.push(best);
    left.delete(best.item);
    perCategory.set(best.item.category, (perCategory.get(best.item.category) ?? 0) + 1);
  }
  return chosen;
}
