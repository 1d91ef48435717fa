import { z } from "zod";

/** What a person did with a product. `shown` says what was seen and nothing about taste. */
export const InteractionType = z.enum(["shown", "search", "view", "comparison", "accepted", "dismissed"]);
export type InteractionType = z.infer<typeof InteractionType>;

/** One act of one person, as history of a request. */
export interface HistoryEntry {
  readonly productId: string;
  readonly type: InteractionType;
}

/** How strongly each act speaks for a product. */
export const TYPE_WEIGHTS: Readonly<Record<InteractionType, number>> = {
  shown: 0,
  search: 0.5,
  view: 1,
  comparison: 1.5,
  accepted: 3,
  dismissed: -1,
};

/** Interest in each product: sums of weights, where many views of one product count less and less. */
export function interests(history: readonly HistoryEntry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { productId, type } of history) {
    if (type !== "shown") sums.set(productId, (sums.get(productId) ?? 0) + TYPE_WEIGHTS[type]);
  }
  return new Map([...sums].map(([product, sum]) => [product, Math.sign(sum) * Math.log1p(Math.abs(sum))]));
}
