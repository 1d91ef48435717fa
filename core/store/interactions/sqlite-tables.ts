import type { Migration } from "../sqlite/database.ts";

/** One row per person, act and product: how the first versions kept them. */
const FIRST = `
  CREATE TABLE interactions (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL, key TEXT NOT NULL, product TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
    UNIQUE (person, key, product, type)
  ) STRICT;
  CREATE INDEX interactions_by_age ON interactions (at);
`;

/** One row per event with its products beside it; what the first versions kept is taken over. */
const EVENTS = `
  CREATE TABLE interaction_events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL, id TEXT NOT NULL, user TEXT NOT NULL, session TEXT NOT NULL,
    type TEXT NOT NULL, action TEXT, model_version TEXT, at INTEGER NOT NULL, received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (source, id)
  ) STRICT;
  CREATE INDEX interaction_events_by_user ON interaction_events (user, at);
  CREATE INDEX interaction_events_by_session ON interaction_events (session, at);
  CREATE INDEX interaction_events_by_time ON interaction_events (at);
  CREATE INDEX interaction_events_by_type ON interaction_events (type, at);
  CREATE INDEX interaction_events_by_arrival ON interaction_events (received_at);
  CREATE TABLE interaction_products (
    product TEXT NOT NULL,
    position INTEGER NOT NULL REFERENCES interaction_events (position) ON DELETE CASCADE,
    PRIMARY KEY (product, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX interaction_products_by_position ON interaction_products (position);

  INSERT INTO interaction_events (source, id, user, session, type, action, at, received_at, body)
  SELECT 'chat', 'old-' || id, person, person,
    CASE WHEN type IN ('view', 'search') THEN type ELSE 'interaction' END,
    CASE WHEN type IN ('view', 'search') THEN NULL WHEN type = 'comparison' THEN 'opened' ELSE type END,
    at, at,
    json_patch(json_object(
      'id', 'old-' || id, 'userId', person, 'sessionId', person,
      'type', CASE WHEN type IN ('view', 'search') THEN type ELSE 'interaction' END,
      'timestamp', strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch'),
      'productIds', json_array(product),
      'receivedAt', strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch'), 'source', 'chat'),
      CASE WHEN type IN ('view', 'search') THEN '{}'
        ELSE json_object('action', CASE WHEN type = 'comparison' THEN 'opened' ELSE type END) END)
  FROM interactions;
  INSERT INTO interaction_products (product, position)
  SELECT old.product, event.position FROM interactions AS old
  JOIN interaction_events AS event ON event.source = 'chat' AND event.id = 'old-' || old.id;
  DROP TABLE interactions;
`;

/**
 * Bots apart, and customers beside the ids they act under. What was kept before names no bot: the first bot that opens the
 * file takes it over.
 */
const BOTS = `
  CREATE TABLE bot_events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    bot TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, user TEXT NOT NULL, customer TEXT, session TEXT NOT NULL,
    type TEXT NOT NULL, action TEXT, model_version TEXT, at INTEGER NOT NULL, received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (bot, source, id)
  ) STRICT;
  INSERT INTO bot_events (position, bot, source, id, user, session, type, action, model_version, at, received_at, body)
  SELECT position, '', source, id, user, session, type, action, model_version, at, received_at, body
  FROM interaction_events;
  CREATE TABLE bot_products (
    product TEXT NOT NULL,
    position INTEGER NOT NULL REFERENCES bot_events (position) ON DELETE CASCADE,
    PRIMARY KEY (product, position)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO bot_products (product, position) SELECT product, position FROM interaction_products;
  DROP TABLE interaction_products;
  DROP TABLE interaction_events;
  ALTER TABLE bot_events RENAME TO interaction_events;
  ALTER TABLE bot_products RENAME TO interaction_products;
  CREATE INDEX interaction_events_by_user ON interaction_events (bot, user, at);
  CREATE INDEX interaction_events_by_customer ON interaction_events (bot, customer, at) WHERE customer IS NOT NULL;
  CREATE INDEX interaction_events_by_session ON interaction_events (bot, session, at);
  CREATE INDEX interaction_events_by_time ON interaction_events (at);
  CREATE INDEX interaction_events_by_arrival ON interaction_events (bot, received_at);
  CREATE INDEX interaction_products_by_position ON interaction_products (position);
`;

/** The file's steps; a released one is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: FIRST },
  { version: 2, sql: EVENTS },
  { version: 3, sql: BOTS },
];
