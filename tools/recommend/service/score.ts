/** A version's opinion of every product for one asker, from 0 to 1, and what it rests on. */
import { rowOf, type Term } from "parleyjs-recommender";
import type { Product } from "../catalogue/product.ts";
import { isSeenEnough } from "../data/evidence.ts";
import { productFeatures } from "../data/features.ts";
import type { Bundle } from "../lifecycle/bundle.ts";
import type { KnownAsker } from "./asker.ts";

export interface ScoredProduct {
  readonly productId: string;
  /** 0 the worst, 1 the best of the catalogue for this asker. */
  readonly score: number;
  /** What speaks for it, largest first. */
  readonly terms: () => readonly Term[];
  /** The reason, where it is no matter of terms. */
  readonly words?: string;
}

/** Somebody of whom nothing is known. */
export const NEWCOMER: KnownAsker = { subject: {}, newcomer: {}, interest: 0, dismissed: [] };

/** Interest at which a history and what is popular weigh the same, for models that know people by their history alone. */
const HALF_TRUST = 1.5;
/** A personal reason says more than a popular one: it is told when it adds at least so much of what popularity adds. */
const PERSONAL_SHARE = 0.5;
/** How much of a score is lost by what is as near as can be to a dismissed product. */
const DISLIKE = 0.3;
/** Products that are near enough to a dismissed one to suffer from it. */
const NEAR = 10;

/**
 * Scores the products of the catalogue. One that the version does not know, or that too few people have met for anybody to
 * take to it, is scored by what is like it.
 */
export function scoreProducts(
  bundle: Bundle,
  asker: KnownAsker,
  products: ReadonlyMap<string, Product>,
): readonly ScoredProduct[] {
  const { model, popularity } = bundle;
  const personal = toUnit(scoresOf(model, asker, bundle, products));
  const popular = toUnit(scoresOf(popularity, asker, bundle, products));
  const trust = trustIn(bundle, asker);
  const dislike = dislikes(bundle, asker);
  return [...products.keys()].map((productId) => {
    const item = bundle.products.find(productId);
    const own = trust * (personal.get(productId) ?? 0);
    const others = (1 - trust) * (popular.get(productId) ?? 0);
    const score = Math.max(0, own + others - (item === undefined ? 0 : (dislike.get(item) ?? 0)));
    const telling = own >= PERSONAL_SHARE * others ? model : popularity;
    return { productId, score, terms: () => (item === undefined ? [] : telling.explain(asker.subject, item)) };
  });
}

/** A model that tells newcomers apart needs nobody's help; the others are trusted as far as there is a history. */
function trustIn({ model }: Bundle, { newcomer, interest }: KnownAsker): number {
  const anybody = model.scores({});
  const tellsApart = model.scores(newcomer).some((score, item) => Math.abs(score - (anybody[item] ?? 0)) > 1e-9);
  return tellsApart ? 1 : interest / (interest + HALF_TRUST);
}

function scoresOf(
  model: Bundle["model"],
  { subject }: Pick<KnownAsker, "subject">,
  bundle: Bundle,
  products: ReadonlyMap<string, Product>,
): ReadonlyMap<string, number> {
  const scores = model.scores(subject);
  return new Map(
    [...products].map(([id, product]) => {
      const item = bundle.products.find(id);
      const isKnown = item !== undefined && isSeenEnough(bundle.evidence, item);
      return [id, (isKnown ? scores[item] : scoreByLikeness(bundle, scores, product)) ?? Number.NaN];
    }),
  );
}

/**
 * The mean score of the products that people know, each weighted by the square of the cosine between its features and
 * these; undefined when nothing known shares a feature.
 */
function scoreByLikeness(
  { itemFeatures, itemMatrix, evidence }: Bundle,
  scores: Float32Array,
  product: Product,
): number | undefined {
  const own = new Map<number, number>();
  for (const [name, value] of productFeatures(product)) {
    const column = itemFeatures.find(name);
    if (column !== undefined) own.set(column, value);
  }
  const length = Math.hypot(...own.values());
  let [sum, total] = [0, 0];
  for (let item = 0; item < itemMatrix.rowCount; item++) {
    if (!isSeenEnough(evidence, item)) continue;
    const { columns, values } = rowOf(itemMatrix, item);
    let alike = 0;
    for (const [place, column] of columns.entries()) alike += (values[place] ?? 0) * (own.get(column) ?? 0);
    const weight = alike === 0 ? 0 : (alike / (length * Math.hypot(...values))) ** 2;
    sum += weight * (scores[item] ?? 0);
    total += weight;
  }
  return total > 0 ? sum / total : undefined;
}

/** The lowest becomes 0, the highest 1; all equal become 0, since they say nothing, as does what is no number. */
function toUnit(scores: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const finite = [...scores.values()].filter(Number.isFinite);
  const lowest = Math.min(...finite);
  const span = Math.max(...finite) - lowest;
  return new Map(
    [...scores].map(([id, score]) => [id, span > 0 && Number.isFinite(score) ? (score - lowest) / span : 0]),
  );
}

function dislikes({ model }: Bundle, { dismissed }: KnownAsker): ReadonlyMap<number, number> {
  const lost = new Map<number, number>();
  for (const item of dismissed) {
    const { items, scores } = model.similarItems(item, NEAR);
    const nearest = scores[0] ?? 0;
    if (nearest <= 0) continue;
    for (const [place, near] of items.entries()) {
      const share = (DISLIKE * Math.max(0, scores[place] ?? 0)) / nearest;
      lost.set(near, Math.max(lost.get(near) ?? 0, share));
    }
  }
  return lost;
}
