/** Interactions of people with products: their shape, where they are kept, and the two stores that keep them. */
export { Demographics, Interaction, InteractionAction, InteractionDraft, InteractionType } from "./interaction.ts";
export type { InteractionFilter, InteractionStore, VersionCount } from "./interaction-store.ts";
export { openInteractions } from "./sql-interactions.ts";
