import type { Json } from "../../../core/json.ts";
import type { Source } from "../../../core/reply.ts";
import type { Product } from "./product.ts";

/** What the catalogue says of a product, for a model to put into words. */
export function factsOf(product: Product): { readonly [key: string]: Json } {
  const { id, name, category, description, features, riskLevel, riskLabel, expectedReturn, currency, url } = product;
  return {
    id,
    name,
    category,
    description,
    features,
    riskClass: riskLevel,
    riskLevel: riskLabel,
    expectedReturn,
    minimumAmount: product.minimumAmountMinor === null ? null : { minor: product.minimumAmountMinor, currency },
    eligibility: eligibilityInWords(product),
    ...(url !== undefined && { url }),
  };
}

/** Such as `from 18 to 27 years; for student`. */
export function eligibilityInWords({ eligibility: { minAge, maxAge, segments } }: Product): string {
  const from = minAge === undefined || minAge === 0 ? undefined : `from ${minAge}`;
  const to = maxAge === undefined ? undefined : `to ${maxAge}`;
  const ages = [from, to].filter((part) => part !== undefined);
  const parts = [
    ...(ages.length > 0 ? [`${ages.join(" ")} years`] : []),
    ...(segments === undefined ? [] : [`for ${segments.join(", ")}`]),
  ];
  return parts.length > 0 ? parts.join("; ") : "everybody";
}

/** The catalogue as evidence. */
export function sourceOf({ name, description, url }: Product): Source {
  return { title: name, location: "product catalogue", ...(url !== undefined && { url }), quote: description };
}
