/** Why a product is recommended, in words, from the terms that made its score. */
import { reasonOf as strongestReason, type Term } from "../../../recommender/index.ts";
import type { Act } from "../data/weights.ts";
import type { Bundle } from "../lifecycle/bundle.ts";

export interface ReasonContext {
  readonly bundle: Bundle | undefined;
  readonly nameOf: (productId: string) => string | undefined;
  /** What the person did with a product of the history, the strongest act; undefined for one that is owned. */
  readonly actOn: (productId: string) => Act | undefined;
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

const POPULAR = "often chosen by our customers";

/** A clause that begins in lower case, such as `often chosen by students`. */
export function reasonInWords(terms: readonly Term[], context: ReasonContext): string {
  const own = ownReason(terms, context);
  const reasons = [...(context.fitsWish ? ["fits what you asked for"] : []), ...(own === undefined ? [] : [own])];
  return reasons.length > 0 ? reasons.join(", and ") : "suits your situation";
}

function ownReason(terms: readonly Term[], context: ReasonContext): string | undefined {
  const { bundle } = context;
  const reason = strongestReason(terms, { names: 1 });
  const [index] = reason?.indices ?? [];
  // Popularity is a logarithm of a share: it speaks against the others rather than for what it puts first.
  if (reason === undefined && terms.some(({ source }) => source === "popularity")) return POPULAR;
  if (bundle === undefined || reason === undefined || index === undefined) return undefined;
  switch (reason.source) {
    case "history":
      return historyReason(bundle.products.nameOf(index), context);
    case "user-feature":
      return peopleReason(bundle.userFeatures.nameOf(index));
    case "item-feature":
      return contentReason(bundle.itemFeatures.nameOf(index));
    case "popularity":
      return POPULAR;
  }
}

function historyReason(product: string, { nameOf, actOn }: ReasonContext): string | undefined {
  const name = nameOf(product);
  if (name === undefined) return undefined;
  const act = actOn(product);
  return `because you ${act === undefined ? "have" : ACTS[act]} ${name}`;
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

function contentReason(feature: string): string | undefined {
  const [kind = "", value = ""] = partsOf(feature);
  if (kind === "category") return `because you are interested in ${value === "savings" ? value : `${value}s`}`;
  return kind === "risk" ? `because you are interested in products of ${value} risk` : undefined;
}

function partsOf(feature: string): readonly string[] {
  const colon = feature.indexOf(":");
  return [feature.slice(0, colon), feature.slice(colon + 1)];
}
