/** Why a product is recommended, in words, from the terms that made its score. */
import type { Term } from "parleyjs-recommender";
import type { Product } from "../catalogue/product.ts";
import { isOftenChosen, isOftenChosenBy } from "../data/evidence.ts";
import { type Act, isInterest } from "../data/weights.ts";
import type { Bundle } from "../lifecycle/bundle.ts";

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
}

const PLURALS: Readonly<Record<string, string>> = {
  student: "students",
  family: "families",
  professional: "professionals",
  retired: "retired customers",
  business: "business customers",
};

const ACTS: Readonly<Record<Act, string>> = {
  shown: "saw",
  search: "searched for",
  opened: "looked at",
  view: "looked at",
  comparison: "compared",
  liked: "liked",
  accepted: "chose",
  acquired: "have",
  disliked: "disliked",
  dismissed: "dismissed",
};

/** The one reason that says nothing of the person but what they said themselves. */
export const FITS_WISH = "fits what you asked for";

const POPULAR = "often chosen by our customers";

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
  return [...(context.fitsWish ? [FITS_WISH] : []), ...(own === undefined ? [] : [own])].join(", and ");
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
  const { bundle, product } = context;
  if (bundle === undefined) return undefined;
  if (source === "history") return historyReason(bundle.products.nameOf(index), context);
  if (source !== "user-feature") return undefined;
  const item = bundle.products.find(product.id);
  const isFact = item !== undefined && isOftenChosenBy(bundle.evidence, index, item);
  return isFact ? peopleReason(bundle.userFeatures.nameOf(index)) : undefined;
}

function popularReason({ bundle, product }: ReasonContext): string | undefined {
  const item = bundle?.products.find(product.id);
  return bundle !== undefined && item !== undefined && isOftenChosen(bundle.evidence, item) ? POPULAR : undefined;
}

function historyReason(product: string, { nameOf, actOn, isOwned }: ReasonContext): string | undefined {
  const [name, act] = [nameOf(product), actOn(product)];
  if (name === undefined) return undefined;
  if (act !== undefined && isInterest(act)) return `because you ${ACTS[act]} ${name}`;
  return isOwned(product) ? `because you have ${name}` : undefined;
}

function kindReason({ product: { category }, interestIn }: ReasonContext): string | undefined {
  if (interestIn(category) < LEAST_INTEREST) return undefined;
  return `because you are interested in ${category === "savings" ? category : `${category}s`}`;
}

/** Demographics in words; how somebody behaves is not said to their face. */
function peopleReason(feature: string): string {
  const [kind = "", value = ""] = partsOf(feature);
  switch (kind) {
    case "segment":
      return `often chosen by ${PLURALS[value] ?? `customers like you (${value})`}`;
    case "age":
      return `often chosen by people of ${value.replace("-", " to ")}`;
    case "income":
      return "often chosen by people with an income like yours";
    case "location":
      return "often chosen where you live";
    default:
      return "often chosen by people with habits like yours";
  }
}

function partsOf(feature: string): readonly string[] {
  const colon = feature.indexOf(":");
  return [feature.slice(0, colon), feature.slice(colon + 1)];
}
