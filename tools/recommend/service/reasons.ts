/** Why a product is recommended, in words, from the terms that made its score. */
import type { Term } from "parleyjs-recommender";
import type { Product } from "../catalogue/product.ts";
import { isOftenChosen, isOftenChosenBy } from "../data/evidence.ts";
import { type Act, isInterest } from "../data/weights.ts";
import type { Bundle } from "../lifecycle/bundle.ts";
import type { ReasonTexts } from "./reason-texts.ts";

export interface ReasonContext {
  readonly bundle: Bundle | undefined;
  /** The product that is recommended. */
  readonly product: Product;
  readonly nameOf: (productId: string) => string | undefined;
  /** What the person did with a product of the history, the strongest act; undefined when nothing. */
  readonly actOn: (productId: string) => Act | undefined;
  readonly isOwned: (productId: string) => boolean;
  /** Acts of interest of this person in products of a category. */
  readonly interestIn: (category: string) => number;
  /** Whether it fits the words of the wish. */
  readonly fitsWish: boolean;
  readonly texts: ReasonTexts;
}

/** With fewer acts somebody is not called interested in a kind of products. */
const LEAST_INTEREST = 2;
/** What a fact must have of everything that speaks for a product, to be its reason. */
const LEAST_SHARE = 0.1;

/**
 * A clause that begins in lower case, such as `often chosen by students`; empty where nothing can be said. Only facts are
 * told: what the person did, and what enough people chose. What a model merely computes is no reason.
 */
export function reasonInWords(terms: readonly Term[], context: ReasonContext): string {
  const own = ownReason(terms, context);
  const { texts, fitsWish } = context;
  return [...(fitsWish ? [texts.fitsWish] : []), ...(own === undefined ? [] : [own])].join(texts.and);
}

/**
 * Reasons of one list: where several are the same, each is followed by a fact of the catalogue that only its product has
 * among these.
 */
export function toldApart(
  products: readonly { readonly reason: string; readonly features: readonly string[] }[],
): readonly string[] {
  const count = (values: readonly string[], wanted: string): number =>
    values.filter((value) => value === wanted).length;
  const reasons = products.map(({ reason }) => reason);
  const all = products.flatMap(({ features }) => [...new Set(features)]);
  return products.map(({ reason, features }) => {
    const own = features.find((feature) => count(all, feature) === 1);
    if (count(reasons, reason) < 2 || own === undefined) return reason;
    return reason === "" ? own : `${reason} (${own})`;
  });
}

function ownReason(terms: readonly Term[], context: ReasonContext): string | undefined {
  const positive = terms.filter(({ contribution }) => contribution > 0);
  const total = positive.reduce((sum, { contribution }) => sum + contribution, 0);
  const strongest = positive
    .filter(({ source, contribution }) => source !== "popularity" && contribution >= LEAST_SHARE * total)
    .toSorted((left, right) => right.contribution - left.contribution);
  for (const term of strongest) {
    const words = factOf(term, context);
    if (words !== undefined) return words;
  }
  return kindReason(context) ?? popularReason(context);
}

function factOf({ source, index }: Term, context: ReasonContext): string | undefined {
  const { bundle, product, texts } = context;
  if (bundle === undefined) return undefined;
  if (source === "history") return historyReason(bundle.products.nameOf(index), context);
  if (source !== "user-feature") return undefined;
  const item = bundle.products.find(product.id);
  const isFact = item !== undefined && isOftenChosenBy(bundle.evidence, index, item);
  return isFact ? peopleReason(bundle.userFeatures.nameOf(index), texts) : undefined;
}

function popularReason({ bundle, product, texts }: ReasonContext): string | undefined {
  const item = bundle?.products.find(product.id);
  return bundle !== undefined && item !== undefined && isOftenChosen(bundle.evidence, item) ? texts.popular : undefined;
}

function historyReason(product: string, { nameOf, actOn, isOwned, texts }: ReasonContext): string | undefined {
  const [name, act] = [nameOf(product), actOn(product)];
  if (name === undefined) return undefined;
  if (act !== undefined && isInterest(act)) return texts.did[act](name);
  return isOwned(product) ? texts.did.acquired(name) : undefined;
}

function kindReason({ product: { category }, interestIn, texts }: ReasonContext): string | undefined {
  if (interestIn(category) < LEAST_INTEREST) return undefined;
  return texts.kind(category);
}

/** Demographics in words; how somebody behaves is not said to their face. */
function peopleReason(feature: string, texts: ReasonTexts): string {
  const [kind = "", value = ""] = partsOf(feature);
  switch (kind) {
    case "segment":
      return new Map(Object.entries(texts.segments)).get(value) ?? texts.segment(value);
    case "age":
      return texts.age(value);
    case "income":
      return texts.income;
    case "location":
      return texts.location;
    default:
      return texts.habits;
  }
}

function partsOf(feature: string): readonly string[] {
  const colon = feature.indexOf(":");
  return [feature.slice(0, colon), feature.slice(colon + 1)];
}
