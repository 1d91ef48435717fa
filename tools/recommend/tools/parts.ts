import { z } from "zod";
import type { PackLanguage } from "../../../core/read-pack-language.ts";
import type { ToolContext } from "../../../core/tool.ts";
import type { InteractionStore } from "../../../core/store/interactions/index.ts";
import type { Product } from "../catalogue/product.ts";
import type { Resolved } from "../catalogue/name-resolution.ts";
import type { Capture } from "../ingestion/capture.ts";
import type { Consent } from "../ingestion/consent.ts";
import { reasonTexts } from "../service/reason-texts.ts";
import type { Recommendation } from "../service/recommendation.ts";
import type { Recommender } from "../service/recommender.ts";

/** What the tools and buttons work with. */
export interface ToolParts {
  readonly recommender: Recommender;
  readonly catalogue: ReadonlyMap<string, Product>;
  readonly resolve: (said: string) => Resolved;
  readonly capture: Capture;
  readonly consent: Consent;
  /** The words of a tool, by language tag. */
  readonly language: (tool: string) => PackLanguage["tools"][string];
  /** What people call each kind of product. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
  readonly store: Pick<InteractionStore, "forget">;
}

export const Name = z.string().min(1).max(200);
export const common = { risk: "low", confirmation: "never", scopes: ["public"], depends: "user" } as const;

/** The products that names mean, and the names that mean none or several. */
export function resolveAll({ resolve }: Pick<ToolParts, "resolve">, names: readonly string[]) {
  const resolved = names.map((name) => ({ name, result: resolve(name) }));
  const found = new Map(
    resolved.flatMap(({ result }) => (result.kind === "found" ? [[result.product.id, result.product]] : [])),
  );
  const unknown = resolved.flatMap(({ name, result }) => (result.kind === "unknown" ? [name] : []));
  const ambiguous = resolved.flatMap(({ name, result }) =>
    result.kind === "ambiguous" ? [{ name, candidates: result.candidates.map((candidate) => candidate.name) }] : [],
  );
  return { found: [...found.values()], misses: { unknown, ambiguous } };
}

/** Notes whether somebody agrees to be learned from; who does not is forgotten. Gives how much was. */
export async function noteConsent(
  allowed: boolean,
  person: string,
  { consent, store }: Pick<ToolParts, "consent" | "store">,
): Promise<number> {
  await consent.answer(person, allowed);
  return allowed ? 0 : await store.forget(person);
}

/**
 * Recommendations as they may be told in this kind of chat. A reason speaks of what a person has, did or is: where others
 * read along, only what they asked for in front of all is one.
 */
export function toldIn(
  { chatType, locale }: Pick<ToolContext, "chatType" | "locale">,
  recommendations: readonly Recommendation[],
): readonly Recommendation[] {
  if (chatType === "direct") return recommendations;
  const { fitsWish } = reasonTexts(locale);
  return recommendations.map((one) => ({ ...one, reason: one.reason.startsWith(fitsWish) ? fitsWish : "" }));
}

export function idsOf(products: readonly { readonly id: string }[]): readonly string[] {
  return products.map(({ id }) => id);
}
