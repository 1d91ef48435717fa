/** Scores that look at no person: what is like a product, and what is popular. */
import type { Product } from "../catalogue/product.ts";
import { areOftenChosenTogether } from "../data/evidence.ts";
import type { Bundle } from "../lifecycle/bundle.ts";
import { NEWCOMER, type ScoredProduct, scoreProducts } from "./score.ts";

/** What nobody takes together may still be of the same kind. */
const SAME_CATEGORY = 0.05;

/** Products like this one, without itself; those that have nothing to do with it are left out. */
export function scoreSimilar(
  product: Product,
  catalogue: ReadonlyMap<string, Product>,
  bundle: Bundle | undefined,
): readonly ScoredProduct[] {
  const together = similarities(product, bundle);
  return [...catalogue.values()].flatMap(({ id, category }) => {
    const near = together.get(id) ?? 0;
    const score = Math.max(near, category === product.category ? SAME_CATEGORY : 0);
    if (id === product.id || score <= 0) return [];
    const words = wordsOf({ id, category }, product, bundle);
    return [{ productId: id, score, terms: () => [], words }];
  });
}

/** What can be said of two products; nothing where too few people chose both and they are of different kinds. */
function wordsOf(other: Pick<Product, "id" | "category">, product: Product, bundle: Bundle | undefined): string {
  const [one, two] = [bundle?.products.find(product.id), bundle?.products.find(other.id)];
  const areTogether =
    bundle !== undefined && one !== undefined && two !== undefined && areOftenChosenTogether(bundle.evidence, one, two);
  if (areTogether) return `often chosen together with ${product.name}`;
  return other.category === product.category ? `another ${other.category} product` : "";
}

function similarities(product: Product, bundle: Bundle | undefined): ReadonlyMap<string, number> {
  const item = bundle?.products.find(product.id);
  if (bundle === undefined || item === undefined) return new Map();
  const { items, scores } = bundle.model.similarItems(item, bundle.model.itemCount);
  const [best = 0] = scores;
  if (best <= 0) return new Map();
  return new Map(
    Array.from(items, (other, place) => [bundle.products.nameOf(other), Math.max(0, (scores[place] ?? 0) / best)]),
  );
}

/** What most people take. Without any model the order of the catalogue: catalogues begin with what most people take. */
export function scorePopular(
  catalogue: ReadonlyMap<string, Product>,
  bundle: Bundle | undefined,
): readonly ScoredProduct[] {
  if (bundle !== undefined) return scoreProducts({ ...bundle, model: bundle.popularity }, NEWCOMER, catalogue);
  return [...catalogue.keys()].map((productId, index) => ({
    productId,
    score: 1 - index / catalogue.size,
    terms: () => [],
  }));
}
