/** Interactions in a SQLite file of their own. */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { migrate, openDatabase } from "../sqlite/database.ts";
import { createConnection, type Connection } from "../sqlite/connection.ts";
import { jsonText, readCount, rowReader } from "../sqlite/rows.ts";
import { Interaction, InteractionAction } from "./interaction.ts";
import type { InteractionFilter, InteractionStore } from "./interaction-store.ts";
import { MIGRATIONS } from "./sqlite-tables.ts";

const Body = z.object({ position: z.int(), body: jsonText(Interaction) });
const readBody = rowReader("interaction_events", Body);
const readVersionCount = rowReader(
  "interaction_events",
  z.object({ modelVersion: z.string(), action: InteractionAction, count: z.int() }),
);

/** Opens or makes the file. Throws `store/database` when it cannot be opened. */
export function openSqliteInteractions(path: string): InteractionStore {
  const database = openDatabase(path, { synchronous: "normal" });
  migrate(database, "recommend", MIGRATIONS);
  const connection = createConnection(database);
  const { read, write } = connection;
  const select = prepareReads(database);
  const forget = database.prepare("DELETE FROM interaction_events WHERE user = ?");
  const prune = database.prepare("DELETE FROM interaction_events WHERE at < ?");
  return {
    kind: "sqlite",
    add: createAdd(connection),
    ofUser: async (userId, limit) => await read(() => newest(select.ofUser.all(userId, limit))),
    ofSession: async (sessionId, limit) => await read(() => newest(select.ofSession.all(sessionId, limit))),
    batches: (size, filter) => readBatches(connection, size, filter),
    count: async (filter) => await read(() => readCount(select.count.get(sinceOf(filter)))),
    countByVersion: async () => await read(() => select.byVersion.all().map(readVersionCount)),
    forget: async (userId) => await write(() => forget.run(userId).changes),
    prune: async (before) => await write(() => prune.run(Date.parse(before)).changes),
    check: async () => {
      const count = await read(() => readCount(select.count.get(0)));
      return [{ name: "interactions", status: "ok", detail: `${count} in ${path}` }];
    },
    close: connection.close,
  };
}

function prepareReads(database: Database) {
  return {
    ofUser: database.prepare(
      "SELECT position, body FROM interaction_events WHERE user = ? ORDER BY at DESC, position DESC LIMIT ?",
    ),
    ofSession: database.prepare(
      "SELECT position, body FROM interaction_events WHERE session = ? ORDER BY at DESC, position DESC LIMIT ?",
    ),
    count: database.prepare("SELECT count(*) AS count FROM interaction_events WHERE received_at >= ?"),
    byVersion: database.prepare(`
      SELECT model_version AS modelVersion, action, count(*) AS count FROM interaction_events
      WHERE model_version IS NOT NULL AND action IS NOT NULL GROUP BY model_version, action ORDER BY 1, 2`),
  };
}

function newest(rows: readonly unknown[]): readonly Interaction[] {
  return rows.map((row) => readBody(row).body).toReversed();
}

function createAdd({ database, write }: Connection): InteractionStore["add"] {
  const insert = database.prepare(`
    INSERT OR IGNORE INTO interaction_events
      (source, id, user, session, type, action, model_version, at, received_at, body)
    VALUES (@source, @id, @userId, @sessionId, @type, @action, @modelVersion, @at, @receivedAt, @body)`);
  const insertProduct = database.prepare(
    "INSERT OR IGNORE INTO interaction_products (product, position) VALUES (?, ?)",
  );
  const addOne = (interaction: Interaction): boolean => {
    const { source, id, userId, sessionId, type, productIds } = interaction;
    const { changes, lastInsertRowid } = insert.run({
      source,
      id,
      userId,
      sessionId,
      type,
      action: interaction.action ?? null,
      modelVersion: interaction.modelVersion ?? null,
      at: Date.parse(interaction.timestamp),
      receivedAt: Date.parse(interaction.receivedAt),
      body: JSON.stringify(interaction),
    });
    if (changes === 0) return false;
    for (const product of productIds) insertProduct.run(product, lastInsertRowid);
    return true;
  };
  return async (interactions) => {
    if (interactions.length === 0) return 0;
    return await write(() => interactions.filter(addOne).length);
  };
}

// Pages by position, so that no read holds the file for long and rows that arrive meanwhile harm nothing.
async function* readBatches(
  { database, read }: Connection,
  size: number,
  filter: InteractionFilter | undefined,
): AsyncGenerator<readonly Interaction[]> {
  const page = database.prepare(`
    SELECT position, body FROM interaction_events WHERE position > ? AND received_at >= ? ORDER BY position LIMIT ?`);
  let after = 0;
  for (;;) {
    const rows = await read(() => page.all(after, sinceOf(filter), size).map(readBody));
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.position;
    yield rows.map(({ body }) => body);
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

function sinceOf(filter: InteractionFilter | undefined): number {
  return filter?.receivedSince === undefined ? 0 : Date.parse(filter.receivedSince);
}
