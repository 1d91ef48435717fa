import type { Migration } from "./database.ts";

/** The tables of the store. Never change a released step: add one. */
export const storeMigrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
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
      CREATE TABLE conversation_users (
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        user_id TEXT NOT NULL,
        PRIMARY KEY (conversation, user_id)
      ) STRICT;

      CREATE TABLE turns (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation TEXT NOT NULL,
        event_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        session INTEGER NOT NULL,
        user_id TEXT NOT NULL,
        user_name TEXT,
        message_id TEXT,
        text TEXT NOT NULL,
        replies TEXT NOT NULL,
        at TEXT NOT NULL,
        answered_at TEXT NOT NULL,
        UNIQUE (conversation, event_id)
      ) STRICT;
      CREATE INDEX turns_in_order ON turns (conversation, id);

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

      CREATE TABLE traces (
        id TEXT PRIMARY KEY,
        conversation TEXT NOT NULL,
        started_at TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX traces_by_conversation ON traces (conversation, started_at);
      CREATE INDEX traces_by_time ON traces (started_at);
      CREATE TABLE trace_references (
        reference TEXT NOT NULL,
        trace TEXT NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
        PRIMARY KEY (reference, trace)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX trace_references_by_trace ON trace_references (trace);

      CREATE TABLE deliveries (
        id TEXT PRIMARY KEY,
        conversation TEXT NOT NULL,
        account TEXT NOT NULL,
        event_id TEXT NOT NULL,
        outcome TEXT NOT NULL,
        receipts TEXT NOT NULL,
        parts INTEGER NOT NULL,
        plain INTEGER NOT NULL,
        degraded TEXT NOT NULL,
        detail TEXT,
        at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX deliveries_by_event ON deliveries (event_id);
      CREATE INDEX deliveries_by_outcome ON deliveries (outcome, at);
      CREATE TABLE delivery_messages (
        message_id TEXT NOT NULL,
        delivery TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
        PRIMARY KEY (message_id, delivery)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX delivery_messages_by_delivery ON delivery_messages (delivery);

      -- home: the person this identity is when it is not linked.
      CREATE TABLE identities (
        account TEXT NOT NULL,
        user_id TEXT NOT NULL,
        home TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL,
        linked_order INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (account, user_id)
      ) STRICT;
      CREATE INDEX identities_by_person ON identities (person, linked_order);
      CREATE TABLE link_codes (
        person TEXT PRIMARY KEY,
        prefix TEXT NOT NULL,
        salt TEXT NOT NULL,
        hash TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        wrong_attempts INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX link_codes_by_prefix ON link_codes (prefix);

      CREATE TABLE controls (
        conversation TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        until TEXT,
        set_by TEXT NOT NULL
      ) STRICT;

      CREATE TABLE usage_hits (
        key TEXT NOT NULL,
        window_ms INTEGER NOT NULL,
        id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (key, window_ms, id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX usage_hits_in_order ON usage_hits (key, window_ms, at);
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
    `,
  },
  {
    version: 2,
    // Ids of events grow with time, so indexes that begin with one grow at their end: the writes of one transaction
    // share a few pages there, where they touched a page each in the middle of the old ones.
    sql: `
      CREATE TABLE turns_2 (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation TEXT NOT NULL,
        event_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        session INTEGER NOT NULL,
        user_id TEXT NOT NULL,
        user_name TEXT,
        message_id TEXT,
        text TEXT NOT NULL,
        replies TEXT NOT NULL,
        at TEXT NOT NULL,
        answered_at TEXT NOT NULL
      ) STRICT;
      INSERT INTO turns_2
        (id, conversation, event_id, sequence, session, user_id, user_name, message_id, text, replies, at, answered_at)
        SELECT id, conversation, event_id, sequence, session, user_id, user_name, message_id, text, replies, at, answered_at
        FROM turns ORDER BY id;
      DROP TABLE turns;
      ALTER TABLE turns_2 RENAME TO turns;
      CREATE UNIQUE INDEX turns_by_event ON turns (event_id, conversation);
      CREATE INDEX turns_in_order ON turns (conversation, id);

      -- What a trace is found by besides its own id. Pruning names what goes, so no index serves it.
      CREATE TABLE trace_references_2 (
        reference TEXT NOT NULL,
        trace TEXT NOT NULL,
        PRIMARY KEY (reference, trace)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO trace_references_2 SELECT reference, trace FROM trace_references WHERE reference <> trace;
      DROP TABLE trace_references;
      ALTER TABLE trace_references_2 RENAME TO trace_references;

      -- Nearly all are delivered: those are found from the end of the table.
      DROP INDEX deliveries_by_outcome;
      CREATE INDEX deliveries_in_trouble ON deliveries (outcome, at) WHERE outcome <> 'delivered';
      CREATE TABLE delivery_messages_2 (
        message_id TEXT NOT NULL,
        delivery TEXT NOT NULL,
        PRIMARY KEY (message_id, delivery)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO delivery_messages_2 SELECT message_id, delivery FROM delivery_messages;
      DROP TABLE delivery_messages;
      ALTER TABLE delivery_messages_2 RENAME TO delivery_messages;

      CREATE TABLE usage_hits_2 (
        key TEXT NOT NULL,
        window_ms INTEGER NOT NULL,
        at INTEGER NOT NULL,
        id TEXT NOT NULL,
        PRIMARY KEY (key, window_ms, at, id)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO usage_hits_2 SELECT key, window_ms, at, id FROM usage_hits;
      DROP TABLE usage_hits;
      ALTER TABLE usage_hits_2 RENAME TO usage_hits;
    `,
  },
  {
    version: 3,
    // Which messages a turn answered, and by what an edit that changes nothing is told.
    sql: "ALTER TABLE turns ADD COLUMN messages TEXT;",
  },
  {
    version: 4,
    // Traces are written short from now on (`stored-trace.ts`): a third of what they took.
    sql: `
      UPDATE traces SET body = json_patch(
        json_object(
          'b', body ->> '$.bot',
          'o', body ->> '$.outcome',
          'e', json((SELECT json_group_array(value) FROM json_each(body, '$.eventIds') WHERE value <> traces.id)),
          'm', json(body -> '$.messageIds'),
          's', json((
            SELECT json_group_array(json_array(
              CAST(round((julianday(value ->> '$.at') - julianday(started_at)) * 86400000) AS INTEGER),
              value ->> '$.kind', value ->> '$.name', value ->> '$.outcome', value ->> '$.detail',
              value -> '$.milliseconds', json(value -> '$.data')))
            FROM json_each(body, '$.steps')))),
        json_object('f',
          CAST(round((julianday(body ->> '$.finishedAt') - julianday(started_at)) * 86400000) AS INTEGER)));
      -- Which conversation uses which spooled file, so that forgetting one finds its files.
      CREATE TABLE conversation_files (
        spool_key TEXT NOT NULL,
        conversation TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (spool_key, conversation)
      ) STRICT;
      CREATE INDEX conversation_files_by_conversation ON conversation_files (conversation);
    `,
  },
];
