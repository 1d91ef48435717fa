/** Version, rules and words together: from what is known of somebody to recommendations with reasons. */
import type { Interaction } from "../../../core/store/interactions/index.ts";
import { diversify } from "parleyjs-recommender";
import type { Recommendation } from "./recommendation.ts";
import { isPlainWish } from "../catalogue/category-hints.ts";
import type { Product } from "../catalogue/product.ts";
import type { ProductText } from "../catalogue/product-text.ts";
import { productFeatures } from "../data/features.ts";
import { ACT_WEIGHTS, type Act, actOf, isInterest } from "../data/weights.ts";
import type { Bundle } from "../lifecycle/bundle.ts";
import type { Situation } from "./profile.ts";
import { reasonInWords, toldApart } from "./reasons.ts";
import { reasonTexts } from "./reason-texts.ts";
import { mayRecommend } from "./rules.ts";
import type { ScoredProduct } from "./score.ts";

/** What is wished of the list. */
export interface RankedWish {
  /** Only products of this category. */
  readonly category?: string | undefined;
  /** Products of these categories, if there are any; none or empty: all. */
  readonly hinted?: ReadonlySet<string> | undefined;
  /** No products of these. */
  readonly refused?: ReadonlySet<string> | undefined;
  /** Words of the wish; products that fit them come first. */
  readonly query?: string | undefined;
  /** In whose language reasons are told. @default "en" */
  readonly locale?: string | undefined;
  readonly limit: number;
}

export interface RankRequest extends RankedWish {
  readonly scored: readonly ScoredProduct[];
  readonly situation: Situation;
  readonly history: readonly Interaction[];
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
  const { category, hinted = new Set<string>(), refused = new Set<string>(), query = "" } = request;
  const fits = text.fit(query);
  const candidates = request.scored.flatMap((scored): readonly Candidate[] => {
    const product = products.get(scored.productId);
    if (product === undefined || !mayRecommend(product, request.situation)) return [];
    if (category !== undefined && product.category !== category) return [];
    if (refused.has(product.category)) return [];
    const fit = fits.get(product.id) ?? 0;
    const score = fits.size === 0 ? scored.score : (1 - FIT_SHARE) * scored.score + FIT_SHARE * fit;
    return [{ product, scored, fit, score }];
  });
  const meant = preferred(candidates, ({ product }) => hinted.has(product.category));
  const fitting = hinted.size > 0 ? meant : preferred(meant, ({ fit }) => fit > 0);
  const { dismissed } = request.situation;
  const isPlain = isPlainWish(query);
  const texts = reasonTexts(request.locale);
  const interests = request.history.filter((one) => isInterest(actOf(one))).map(({ productIds }) => productIds);
  const acts = strongestActs(request.history, dismissed);
  const recommended = mixed(fitting, request.limit).map(({ product, scored, fit, score }, index) => ({
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
        product,
        nameOf: (id) => products.get(id)?.name,
        actOn: (id) => acts.get(id),
        isOwned: (id) => request.situation.owned.has(id),
        interestIn: (kind) =>
          interests.filter((ids) => ids.some((id) => !dismissed.has(id) && products.get(id)?.category === kind)).length,
        texts,
        fitsWish: isPlain && (fit > 0 || hinted.has(product.category)),
      }),
  }));
  const reasons = toldApart(
    recommended.map(({ id, reason }) => ({ reason, features: products.get(id)?.features ?? [] })),
  );
  return recommended.map((one, index) => ({ ...one, reason: reasons[index] ?? one.reason }));
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

const lengthOf = (features: ReadonlyMap<string, number>): number => Math.hypot(...features.values());

/** By product; of one that was rejected after all nothing is said. */
function strongestActs(history: readonly Interaction[], dismissed: ReadonlySet<string>): ReadonlyMap<string, Act> {
  const acts = new Map<string, Act>();
  for (const interaction of history) {
    const act = actOf(interaction);
    for (const product of interaction.productIds.filter((id) => !dismissed.has(id))) {
      const before = acts.get(product);
      if (before === undefined || ACT_WEIGHTS[act] > ACT_WEIGHTS[before]) acts.set(product, act);
    }
  }
  return acts;
}
