/** Why a product is recommended, in words, from the terms that made its score. */
import type { InteractionType } from "./interaction.ts";
import type { ScoredProduct } from "./model.ts";

export interface ReasonContext {
  readonly segment: string | undefined;
  readonly nameOf: (productId: string) => string | undefined;
  /** What the person did with a product of the history, strongest last; undefined for one that is owned. */
  readonly actOn: (productId: string) => InteractionType | undefined;
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

const ACTS: Readonly<Record<InteractionType, string>> = {
  shown: "saw",
  search: "searched for",
  view: "looked at",
  comparison: "compared",
  accepted: "chose",
  dismissed: "dismissed",
};

/** A clause that begins in lower case, such as `often chosen by students`. */
export function reasonOf(scored: ScoredProduct, context: ReasonContext): string {
  const reasons: string[] = [];
  if (context.fitsWish) reasons.push("fits what you asked for");
  const similar = similarReason(scored, context);
  if (similar !== undefined && scored.fromSimilarity >= scored.fromPopularity) reasons.push(similar);
  else if (scored.fromPopularity > 0) reasons.push(popularReason(scored, context));
  return reasons.length > 0 ? reasons.join(", and ") : "suits your situation";
}

function similarReason({ because, fromSimilarity }: ScoredProduct, context: ReasonContext): string | undefined {
  const name = because === undefined ? undefined : context.nameOf(because);
  if (because === undefined || name === undefined || fromSimilarity <= 0) return undefined;
  const act = context.actOn(because);
  return `because you ${act === undefined ? "have" : ACTS[act]} ${name}`;
}

function popularReason({ popularWith }: ScoredProduct, { segment }: ReasonContext): string {
  if (popularWith === "everybody" || segment === undefined) return "often chosen by our customers";
  return `often chosen by ${PLURALS[segment] ?? `customers like you (${segment})`}`;
}
