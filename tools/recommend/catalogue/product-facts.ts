import type { Json } from "../../../core/json.ts";
import type { Source } from "../../../core/reply.ts";
import type { Product } from "./product.ts";

/** What the catalogue says of a product, for a model to put into words. */
export function factsOf(product: Product): { readonly [key: string]: Json } {
  const { id, name, category, description, features, riskLevel, riskLabel, expectedReturn, currency, url } = product;
  const { minAge, maxAge, segments } = product.eligibility;
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
    eligibility: {
      ...(minAge !== undefined && { minAge }),
      ...(maxAge !== undefined && { maxAge }),
      ...(segments !== undefined && { segments }),
    },
    ...(url !== undefined && { url }),
  };
}

/** The catalogue as evidence. */
export function sourceOf({ name, description, url }: Product): Source {
  return { title: name, location: "product catalogue", ...(url !== undefined && { url }), quote: description };
}
