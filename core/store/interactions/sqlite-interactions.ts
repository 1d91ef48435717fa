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

/** Opens or makes the file for one bot. Throws `store/database` when it cannot be opened. */
export function openSqliteInteractions(path: string, bot: string): InteractionStore {
  const database = openDatabase(path, { synchronous: "normal" });
  migrate(database, "recommend", MIGRATIONS);
  database.prepare("UPDATE interaction_events SET bot = ? WHERE bot = ''").run(bot);
  const connection = createConnection(database);
  const { read, write } = connection;
  const select = prepareReads(database);
  const forget = database.prepare("DELETE FROM interaction_events WHERE bot = ? AND (user = ? OR customer = ?)");
  const prune = database.prepare("DELETE FROM interaction_events WHERE bot = ? AND at < ?");
  return {
    kind: "sqlite",
    add: createAdd(connection, bot),
    ofUser: async (userId, limit, actions) =>
      await read(() =>
        newest(
          actions === undefined
            ? select.ofUser.all(bot, userId, bot, userId, limit)
            : select.actsOf.all(bot, userId, bot, userId, JSON.stringify(actions), limit),
        ),
      ),
    ofSession: async (sessionId, limit) => await read(() => newest(select.ofSession.all(bot, sessionId, limit))),
    batches: (size, filter) => readBatches(connection, { bot, size, filter }),
    count: async (filter) => await read(() => readCount(select.count.get(bot, sinceOf(filter)))),
    countByVersion: async () => await read(() => select.byVersion.all(bot).map(readVersionCount)),
    forget: async (userId) => await write(() => forget.run(bot, userId, userId).changes),
    prune: async (before) => await write(() => prune.run(bot, Date.parse(before)).changes),
    check: async () => {
      const count = await read(() => readCount(select.count.get(bot, 0)));
      return [{ name: "interactions", status: "ok", detail: `${count} in ${path}, of ${bot}` }];
    },
    close: connection.close,
  };
}

function prepareReads(database: Database) {
  // Two searches by index: one over both columns with OR would read every row of the bot.
  const ofPerson = `(
    SELECT position, at, action, body FROM interaction_events WHERE bot = ? AND user = ?
    UNION SELECT position, at, action, body FROM interaction_events WHERE bot = ? AND customer = ?)`;
  return {
    ofUser: database.prepare(`SELECT position, body FROM ${ofPerson} ORDER BY at DESC, position DESC LIMIT ?`),
    actsOf: database.prepare(`
      SELECT position, body FROM ${ofPerson} WHERE action IN (SELECT value FROM json_each(?))
      ORDER BY at DESC, position DESC LIMIT ?`),
    ofSession: database.prepare(
      "SELECT position, body FROM interaction_events WHERE bot = ? AND session = ? ORDER BY at DESC, position DESC LIMIT ?",
    ),
    count: database.prepare("SELECT count(*) AS count FROM interaction_events WHERE bot = ? AND received_at >= ?"),
    byVersion: database.prepare(`
      SELECT model_version AS modelVersion, action, count(*) AS count FROM interaction_events
      WHERE bot = ? AND model_version IS NOT NULL AND action IS NOT NULL GROUP BY model_version, action ORDER BY 1, 2`),
  };
}

function newest(rows: readonly unknown[]): readonly Interaction[] {
  return rows.map((row) => readBody(row).body).toReversed();
}

function createAdd({ database, write }: Connection, bot: string): InteractionStore["add"] {
  const insert = database.prepare(`
    INSERT OR IGNORE INTO interaction_events
      (bot, source, id, user, customer, session, type, action, model_version, at, received_at, body)
    VALUES (@bot, @source, @id, @userId, @customerId, @sessionId, @type, @action, @modelVersion, @at, @receivedAt, @body)`);
  const insertProduct = database.prepare(
    "INSERT OR IGNORE INTO interaction_products (product, position) VALUES (?, ?)",
  );
  const addOne = (interaction: Interaction): boolean => {
    const { source, id, userId, sessionId, type, productIds } = interaction;
    const { changes, lastInsertRowid } = insert.run({
      bot,
      customerId: interaction.customerId ?? null,
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
  {
    bot,
    size,
    filter,
  }: { readonly bot: string; readonly size: number; readonly filter: InteractionFilter | undefined },
): AsyncGenerator<readonly Interaction[]> {
  const page = database.prepare(`
    SELECT position, body FROM interaction_events
    WHERE bot = ? AND position > ? AND received_at >= ? ORDER BY position LIMIT ?`);
  let after = 0;
  for (;;) {
    const rows = await read(() => page.all(bot, after, sinceOf(filter), size).map(readBody));
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
