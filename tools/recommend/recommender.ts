/** Model, rules and words together: from what is known of a person to recommendations with reasons. */
import type { Recommendation } from "../../core/reply.ts";
import type { Product } from "./catalogue.ts";
import { TYPE_WEIGHTS, type HistoryEntry, type InteractionType } from "./interaction.ts";
import type { RecommenderModel } from "./model.ts";
import type { Situation } from "./profile.ts";
import type { ProductText } from "./product-text.ts";
import { reasonOf } from "./reasons.ts";
import { diversify, mayRecommend } from "./rules.ts";

export interface RecommendRequest {
  readonly situation: Situation;
  readonly history: readonly HistoryEntry[];
  /** Only products of this category. */
  readonly category?: string | undefined;
  /** Products of these categories, if there are any; empty: all. */
  readonly hinted: ReadonlySet<string>;
  /** Words of the wish; products that fit them come first. */
  readonly query?: string | undefined;
  readonly limit: number;
}

export interface Catalogue {
  readonly products: ReadonlyMap<string, Product>;
  readonly model: RecommenderModel;
  readonly text: ProductText;
}

/** Share of the words of the request in the score, when some product fits them. */
const FIT_SHARE = 0.6;

/** Best first; empty when nothing may be recommended. */
export function recommendProducts(catalogue: Catalogue, request: RecommendRequest): readonly Recommendation[] {
  const { situation, category, limit } = request;
  const history = [...request.history, ...ownedAsHistory(situation)];
  const fits = catalogue.text.fit(request.query ?? "");
  const candidates = catalogue.model.score({ segment: situation.segment, history }).flatMap((scored) => {
    const product = catalogue.products.get(scored.productId);
    if (product === undefined || !mayRecommend(product, situation)) return [];
    if (category !== undefined && product.category !== category) return [];
    const fit = fits.get(product.id) ?? 0;
    const score = fits.size === 0 ? scored.score : (1 - FIT_SHARE) * scored.score + FIT_SHARE * fit;
    return [{ product, scored, fit, score, category: product.category }];
  });
  const meant = preferred(candidates, (candidate) => request.hinted.has(candidate.category));
  const fitting = request.hinted.size > 0 ? meant : preferred(meant, (candidate) => candidate.fit > 0);
  const acts = strongestActs(request.history);
  return diversify(fitting, limit).map(({ item, score }, index) => ({
    id: item.product.id,
    name: item.product.name,
    category: item.product.category,
    riskLevel: item.product.riskLabel,
    expectedReturn: item.product.expectedReturn,
    relevanceScore: Math.round(score * 1000) / 1000,
    rank: index + 1,
    reason: reasonOf(item.scored, {
      segment: situation.segment,
      nameOf: (id) => catalogue.products.get(id)?.name,
      actOn: (id) => acts.get(id),
      fitsWish: item.fit > 0 || request.hinted.has(item.category),
    }),
  }));
}

/** Those for which it is true, or all when it is true for none. */
function preferred<Item>(items: readonly Item[], isPreferred: (item: Item) => boolean): readonly Item[] {
  return items.some(isPreferred) ? items.filter(isPreferred) : items;
}

function ownedAsHistory({ owned }: Situation): readonly HistoryEntry[] {
  return [...owned].map((productId) => ({ productId, type: "accepted" }));
}

function strongestActs(history: readonly HistoryEntry[]): ReadonlyMap<string, InteractionType> {
  const acts = new Map<string, InteractionType>();
  for (const { productId, type } of history) {
    const before = acts.get(productId);
    if (before === undefined || TYPE_WEIGHTS[type] > TYPE_WEIGHTS[before]) acts.set(productId, type);
  }
  return acts;
}
