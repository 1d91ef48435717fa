import type { Generated } from "kysely";
import type { Module } from "../sql/module.ts";

/** What of an interaction is searched by, beside the interaction as it came. */
export interface InteractionRow {
  readonly bot: string;
  readonly source: string;
  readonly id: string;
  readonly user: string;
  readonly customer: string | null;
  readonly session: string;
  readonly type: string;
  readonly action: string | null;
  readonly model_version: string | null;
  /** Milliseconds, like `received_at`. */
  readonly at: number;
  readonly received_at: number;
  readonly body: string;
}

export const TABLE = "interaction_events";

export const interactions: Module = {
  name: "recommend",
  version: 4,
  tables: ({ tables }) =>
    tables(`
      CREATE TABLE interaction_events (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        bot TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL,
        "user" TEXT NOT NULL, customer TEXT, session TEXT NOT NULL,
        type TEXT NOT NULL, action TEXT, model_version TEXT, at INTEGER NOT NULL, received_at INTEGER NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (bot, source, id)
      ) STRICT;
      CREATE INDEX interaction_events_by_user ON interaction_events (bot, "user", at);
      CREATE INDEX interaction_events_by_customer ON interaction_events (bot, customer, at) WHERE customer IS NOT NULL;
      CREATE INDEX interaction_events_by_session ON interaction_events (bot, session, at);
      CREATE INDEX interaction_events_by_time ON interaction_events (at);
      CREATE INDEX interaction_events_by_arrival ON interaction_events (bot, received_at);`),
  upgrades: [{ from: 3, to: 4, sql: () => "DROP TABLE interaction_products" }],
};

export interface Tables {
  readonly interaction_events: InteractionRow & { readonly position: Generated<number> };
}
