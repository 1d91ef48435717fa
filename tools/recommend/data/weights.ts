/** How strongly each act speaks for a product. */
import type { Interaction } from "../../../core/store/interactions/index.ts";

/** What somebody did, in one word: the type, or the action of an `interaction`. */
export type Act = Exclude<Interaction["type"], "interaction"> | NonNullable<Interaction["action"]>;

/** `shown` says what was seen and nothing about taste; what is below zero speaks against. */
export const ACT_WEIGHTS: Readonly<Record<Act, number>> = {
  shown: 0,
  search: 0.5,
  opened: 1,
  view: 1,
  comparison: 1.5,
  liked: 2,
  accepted: 3,
  acquired: 5,
  disliked: -1,
  dismissed: -2,
};

const HALF_LIFE_MS = 90 * 86_400_000;
/** A look of this many seconds counts once. */
const USUAL_VIEW_SECONDS = 30;

export function actOf({ type, action }: Pick<Interaction, "type" | "action">): Act {
  return type === "interaction" ? (action ?? "shown") : type;
}

/** The weight of one interaction at a time: by act, by how long a view took (half to double), and fading with its age. */
export function weightOf(interaction: Interaction, now: number): number {
  const act = actOf(interaction);
  const { viewSeconds, timestamp } = interaction;
  const length = act !== "view" || viewSeconds === undefined ? 1 : Math.log2(1 + viewSeconds / USUAL_VIEW_SECONDS);
  const age = Math.max(0, now - Date.parse(timestamp));
  return ACT_WEIGHTS[act] * Math.min(2, Math.max(0.5, length)) * 2 ** (-age / HALF_LIFE_MS);
}

/** What one person's acts come to for each product; a product that was rejected after all is not among them. */
export function interestsOf(history: readonly Interaction[], now: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const interaction of history) {
    const weight = weightOf(interaction, now);
    if (weight === 0) continue;
    for (const product of interaction.productIds) sums.set(product, (sums.get(product) ?? 0) + weight);
  }
  const dismissed = dismissedIn(history);
  return new Map([...sums].filter(([product, sum]) => sum > 0 && !dismissed.has(product)));
}

/** Acts by which somebody takes a product. A look is none. */
export const isChoice = (act: Act): boolean => act === "accepted" || act === "acquired";

/** Acts that show interest, strong or weak: all but what was shown, and what speaks against. */
export const isInterest = (act: Act): boolean => ACT_WEIGHTS[act] > 0;

/** Products that somebody acquired. */
export function acquiredIn(history: readonly Interaction[]): ReadonlySet<string> {
  return new Set(history.flatMap((one) => (actOf(one) === "acquired" ? one.productIds : [])));
}

/** Products whose last answer was no, by a button or by a 👎. Somebody may change their mind. */
export function dismissedIn(history: readonly Interaction[]): ReadonlySet<string> {
  const dismissed = new Set<string>();
  for (const interaction of history) {
    const act = actOf(interaction);
    for (const product of interaction.productIds) {
      if (act === "dismissed" || act === "disliked") dismissed.add(product);
      else if (isChoice(act) || act === "liked") dismissed.delete(product);
    }
  }
  return dismissed;
}
