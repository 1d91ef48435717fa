/** What may be recommended at all: no model can talk its way around it. */
import type { Product } from "../catalogue/product.ts";
import type { AgeRange, Situation } from "./profile.ts";

const ADULT: AgeRange = { youngest: 18, oldest: 18 };
/** A product for so few segments is not recommended to somebody whose segment is unknown. */
const FEW_SEGMENTS = 2;

/** What a bank does not want recommended by the bot, to anybody. */
export interface Exclusions {
  readonly products: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
}

export function isExcluded({ id, category }: Product, { products, categories }: Exclusions): boolean {
  return products.has(id) || categories.has(category);
}

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
