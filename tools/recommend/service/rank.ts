/** Version, rules and words together: from what is known of somebody to recommendations with reasons. */
import type { Interaction } from "../../../core/store/interactions/index.ts";
import type { Recommendation } from "../../../core/reply.ts";
import { diversify } from "../../../recommender/index.ts";
import type { Product } from "../catalogue/product.ts";
import type { ProductText } from "../catalogue/product-text.ts";
import { productFeatures } from "../data/features.ts";
import { ACT_WEIGHTS, type Act, actOf } from "../data/weights.ts";
import type { Bundle } from "../lifecycle/bundle.ts";
import type { Situation } from "./profile.ts";
import { reasonInWords } from "./reasons.ts";
import { mayRecommend } from "./rules.ts";
import type { ScoredProduct } from "./score.ts";

export interface RankRequest {
  readonly scored: readonly ScoredProduct[];
  readonly situation: Situation;
  readonly history: readonly Interaction[];
  /** Only products of this category. */
  readonly category?: string | undefined;
  /** Products of these categories, if there are any; empty: all. */
  readonly hinted: ReadonlySet<string>;
  /** Words of the wish; products that fit them come first. */
  readonly query?: string | undefined;
  readonly limit: number;
}

export interface RankParts {
  readonly bundle: Bundle | undefined;
  /** What is offered now. */
  readonly products: ReadonlyMap<string, Product>;
  readonly text: Pick<ProductText, "fit">;
}

/** Share of the words of the request in the score, when some product fits them. */
const FIT_SHARE = 0.6;
/** How much relevance counts against difference from what is on the list already. */
const BALANCE = 0.75;

interface Candidate {
  readonly product: Product;
  readonly scored: ScoredProduct;
  readonly fit: number;
  readonly score: number;
}

/** Best first; empty when nothing may be recommended. */
export function rankProducts({ bundle, products, text }: RankParts, request: RankRequest): readonly Recommendation[] {
  const fits = text.fit(request.query ?? "");
  const candidates = request.scored.flatMap((scored): readonly Candidate[] => {
    const product = products.get(scored.productId);
    if (product === undefined || !mayRecommend(product, request.situation)) return [];
    if (request.category !== undefined && product.category !== request.category) return [];
    const fit = fits.get(product.id) ?? 0;
    const score = fits.size === 0 ? scored.score : (1 - FIT_SHARE) * scored.score + FIT_SHARE * fit;
    return [{ product, scored, fit, score }];
  });
  const meant = preferred(candidates, ({ product }) => request.hinted.has(product.category));
  const fitting = request.hinted.size > 0 ? meant : preferred(meant, ({ fit }) => fit > 0);
  const acts = strongestActs(request.history);
  return mixed(fitting, request.limit).map(({ product, scored, fit, score }, index) => ({
    id: product.id,
    name: product.name,
    category: product.category,
    riskLevel: product.riskLabel,
    expectedReturn: product.expectedReturn,
    relevanceScore: Math.round(Math.min(1, score) * 1000) / 1000,
    rank: index + 1,
    reason:
      scored.words ??
      reasonInWords(scored.terms(), {
        bundle,
        nameOf: (id) => products.get(id)?.name,
        actOn: (id) => acts.get(id),
        fitsWish: fit > 0 || request.hinted.has(product.category),
      }),
  }));
}

/** Those for which it is true, or all when it is true for none. */
function preferred<Item>(items: readonly Item[], isPreferred: (item: Item) => boolean): readonly Item[] {
  return items.some(isPreferred) ? items.filter(isPreferred) : items;
}

/** The best of the best, unlike each other, in the order of their relevance. */
function mixed(candidates: readonly Candidate[], limit: number): readonly Candidate[] {
  const best = candidates.toSorted((left, right) => right.score - left.score).slice(0, limit * 5);
  const features = best.map(({ product }) => new Map(productFeatures(product)));
  const places = diversify(
    best.map(({ score }) => score),
    (left, right) => likeness(features[left], features[right]),
    { count: limit, balance: BALANCE },
  );
  return places.flatMap((place) => best[place] ?? []).toSorted((left, right) => right.score - left.score);
}

/** Cosine of features. */
function likeness(
  left: ReadonlyMap<string, number> = new Map(),
  right: ReadonlyMap<string, number> = new Map(),
): number {
  let product = 0;
  for (const [name, value] of left) product += value * (right.get(name) ?? 0);
  return product === 0 ? 0 : product / (lengthOf(left) * lengthOf(right));
}

function lengthOf(features: ReadonlyMap<string, number>): number {
  return Math.hypot(...features.values());
}

function strongestActs(history: readonly Interaction[]): ReadonlyMap<string, Act> {
  const acts = new Map<string, Act>();
  for (const interaction of history) {
    const act = actOf(interaction);
    for (const product of interaction.productIds) {
      const before = acts.get(product);
      if (before === undefined || ACT_WEIGHTS[act] > ACT_WEIGHTS[before]) acts.set(product, act);
    }
  }
  return acts;
}
