/** The tables of the store. */
import type { Generated } from "kysely";
import { sealedColumn } from "../../privacy/sealing/index.ts";
import type { KeptTables } from "../databases.ts";
import type { Module } from "../sql/module.ts";
import { defineQueries } from "../sql/queries.ts";
import { fromVersion4, fromVersion5 } from "./upgrade.ts";

interface StoreTables {
  conversations: {
    id: string;
    bot: string;
    account: string;
    chat_type: string;
    session: number;
    open: number;
    created_at: string;
    last_event_at: string;
    last_event_id: string | null;
    message_count: number;
  };
  conversation_users: { conversation: string; user_id: string; position: number };
  conversation_files: { spool_key: string; conversation: string; at: string };
  turns: {
    id: Generated<number>;
    event_id: string;
    conversation: string;
    session: number | null;
    at: number;
    body: string | null;
    trace: string | null;
  };
  message_references: { message: string; event: string };
  deliveries: { id: string; conversation: string; outcome: string; at: number; body: string };
  facts: { scope: string; owner: string; bot: string; part: string; key: string; value: string; at: string };
  identities: { account: string; user_id: string; home: string; person: string; linked_order: Generated<number> };
  link_codes: {
    person: string;
    prefix: string;
    salt: string;
    hash: string;
    expires_at: string;
    wrong_attempts: number;
  };
  controls: {
    conversation: string;
    kind: string;
    until: string | null;
    set_by: string;
    since: string | null;
    cause: string | null;
    note: string | null;
    told: string | null;
  };
  usage_hits: { key: string; window_ms: number; at: number; id: string };
  usage_spent: { key: string; day: string; tokens: number; cost_micro_dollars: number };
  usage_spent_ids: { id: string; key: string; day: string };
  owned_values: { owner: string; key: string; value: string };
}

/** Makes the store's queries. */
export const query = defineQueries<StoreTables>();

const TABLES = `
  -- An ended conversation stays as a row, so that its sessions never count from 1 again.
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    bot TEXT NOT NULL,
    account TEXT NOT NULL,
    chat_type TEXT NOT NULL,
    session INTEGER NOT NULL,
    open INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    last_event_at TEXT NOT NULL,
    last_event_id TEXT,
    message_count INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX open_conversations ON conversations (last_event_at, id) WHERE open = 1;
  CREATE INDEX ended_conversations ON conversations (last_event_at) WHERE open = 0;
  -- position: the order in which they came.
  CREATE TABLE conversation_users (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (conversation, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversation_users_by_user ON conversation_users (user_id);
  -- Which conversation uses which spooled file, so that forgetting one finds its files.
  CREATE TABLE conversation_files (
    spool_key TEXT NOT NULL,
    conversation TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (spool_key, conversation)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversation_files_by_conversation ON conversation_files (conversation);
  CREATE INDEX conversation_files_by_time ON conversation_files (at);

  -- What was said and answered (body) and why (trace), each as JSON and each NULL where it is not there, or not any more.
  -- Ids of events grow with time, so an index that begins with one grows at its end.
  CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    session INTEGER,
    at INTEGER NOT NULL,
    body TEXT,
    trace TEXT,
    UNIQUE (event_id, conversation)
  ) STRICT;
  CREATE INDEX turns_in_order ON turns (conversation, id);
  -- By what else a turn is found: messages of the platform, in and out, and further events.
  CREATE TABLE message_references (
    message TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (message, event)
  ) STRICT, WITHOUT ROWID;
  -- The id begins with that of the event. Nearly all are delivered: the others are few.
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_in_trouble ON deliveries (outcome, at) WHERE outcome <> 'delivered';

  -- scope: whose facts. part: "own" or, for a person of several platforms, "joint" (learned while linked).
  CREATE TABLE facts (
    scope TEXT NOT NULL,
    owner TEXT NOT NULL,
    bot TEXT NOT NULL,
    part TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (scope, owner, bot, part, key)
  ) STRICT, WITHOUT ROWID;
  -- home: the person this identity is when it is not linked.
  CREATE TABLE identities (
    account TEXT NOT NULL,
    user_id TEXT NOT NULL,
    home TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    linked_order INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX identities_by_person ON identities (person, linked_order);
  CREATE TABLE link_codes (
    person TEXT PRIMARY KEY,
    prefix TEXT NOT NULL,
    salt TEXT NOT NULL,
    hash TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    wrong_attempts INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX link_codes_by_prefix ON link_codes (prefix);
  CREATE INDEX link_codes_by_expiry ON link_codes (expires_at);
  -- since to told: of a conversation that was handed over to people. told: the event in answer to which they said so.
  CREATE TABLE controls (
    conversation TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    until TEXT,
    set_by TEXT NOT NULL,
    since TEXT,
    cause TEXT,
    note TEXT,
    told TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX controls_by_kind ON controls (kind, since);

  CREATE TABLE usage_hits (
    key TEXT NOT NULL,
    window_ms INTEGER NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (key, window_ms, at, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE usage_spent (
    key TEXT NOT NULL,
    day TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    cost_micro_dollars INTEGER NOT NULL,
    PRIMARY KEY (key, day)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE usage_spent_ids (
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX usage_spent_ids_by_day ON usage_spent_ids (day);
  CREATE TABLE owned_values (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, key)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * A fact is bound to whose it is and what it says, not to its part: one that a person brings along keeps its owner, and moves
 * between parts as it is.
 */
export const FACT = sealedColumn({
  table: "facts",
  column: "value",
  key: ["scope", "owner", "bot", "part", "key"],
  row: ["scope", "owner", "bot", "key"],
});
export const CODE_HASH = sealedColumn({ table: "link_codes", column: "hash", key: ["person"], row: ["person"] });
/** Found by a digest of it. */
export const CODE_PREFIX = { table: "link_codes", column: "prefix" } as const;
export const NOTE = sealedColumn({ table: "controls", column: "note", key: ["conversation"], row: ["conversation"] });
export const OWNED_VALUE = sealedColumn({
  table: "owned_values",
  column: "value",
  key: ["owner", "key"],
  row: ["owner", "key"],
});

export const storeModule: Module = {
  name: "store",
  version: 7,
  tables: ({ tables }) => tables(TABLES),
  upgrades: [
    { from: 4, to: 6, sql: () => fromVersion4(TABLES) },
    { from: 5, to: 6, sql: ({ tables }) => tables(fromVersion5) },
    // Codes of ten minutes: since then they are found by a digest.
    { from: 6, to: 7, sql: () => "DELETE FROM link_codes;" },
  ],
};

/** Where they are kept. */
export const storeTables: KeptTables = {
  file: "store.sqlite",
  modules: [storeModule],
  sealed: [FACT, CODE_HASH, NOTE, OWNED_VALUE],
};
