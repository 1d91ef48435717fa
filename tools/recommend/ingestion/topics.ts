/** The four topics on which interactions come in, one for each kind. */
import type { Interaction, InteractionType } from "../../../core/store/interactions/index.ts";

const NAMES: Readonly<Record<InteractionType, string>> = {
  view: "product-views",
  comparison: "product-comparisons",
  search: "product-searches",
  interaction: "product-interactions",
};

/** Topics of one bot: several bots of one installation do not read each other's. */
export function topicOf(bot: string, type: InteractionType): string {
  return `${bot}.${NAMES[type]}`;
}

export function topicsOf(bot: string): readonly string[] {
  return Object.values(NAMES).map((name) => `${bot}.${name}`);
}

/** The identity under which an interaction is known on its topic. */
export function keyOf({ source, id }: Pick<Interaction, "source" | "id">): string {
  return JSON.stringify([source, id]);
}
