/** Where interactions are kept. SQL (SQLite, PostgreSQL) and MongoDB implement it; one contract suite checks both. */
import type { Check } from "../../check.ts";
import type { Interaction, InteractionAction } from "./interaction.ts";

/** How often each action was taken on recommendations of one model version. */
export interface VersionCount {
  readonly modelVersion: string;
  readonly action: InteractionAction;
  readonly count: number;
}

export interface InteractionFilter {
  /** Received at or after this time (ISO 8601). */
  readonly receivedSince?: string;
}

/** Of one bot: what others keep at the same place is neither read nor counted nor erased. */
export interface InteractionStore {
  /** Keeps them; those whose source and id are there already change nothing. Gives how many were new. */
  readonly add: (interactions: readonly Interaction[]) => Promise<number>;
  /**
   * The newest `limit` of a person, oldest first: under this id, or noted as this customer's; with `actions` those
   * alone, however much else was done since.
   */
  readonly ofUser: (
    userId: string,
    limit: number,
    actions?: readonly InteractionAction[],
  ) => Promise<readonly Interaction[]>;
  /** The newest `limit` of a visit, oldest first. */
  readonly ofSession: (sessionId: string, limit: number) => Promise<readonly Interaction[]>;
  /** All, in order of arrival, at most `size` at a time; other work goes on between the batches. */
  readonly batches: (size: number, filter?: InteractionFilter) => AsyncIterable<readonly Interaction[]>;
  readonly count: (filter?: InteractionFilter) => Promise<number>;
  /** What came of recommendations, by model version and action. */
  readonly countByVersion: () => Promise<readonly VersionCount[]>;
  /** Erases what one person did, under this id or noted as this customer's; gives how many were erased. */
  readonly forget: (userId: string) => Promise<number>;
  /** Erases what happened before this time (ISO 8601); gives how many were erased. */
  readonly prune: (before: string) => Promise<number>;
  readonly check: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}
