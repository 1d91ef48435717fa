/** Interactions in a SQLite file of their own, or in PostgreSQL. */
import { sql } from "kysely";
import { z } from "zod";
import type { Database, Query, Value } from "../sql/database.ts";
import { defineQueries, type QueryParts } from "../sql/queries.ts";
import { change } from "../sql/work.ts";
import { jsonText } from "../rows.ts";
import { Interaction, InteractionAction } from "./interaction.ts";
import type { InteractionFilter, InteractionStore } from "./interaction-store.ts";
import { type InteractionRow, interactions, TABLE, type Tables } from "./tables.ts";

const query = defineQueries<Tables>();
const Body = z.object({ position: z.int(), body: jsonText(Interaction) });
const Count = z.object({ count: z.int() });
const Grouped = z.object({ modelVersion: z.string(), action: InteractionAction, count: z.int() });

type Person = { readonly bot: string; readonly user: string };
type Newest = { readonly limit: number };

/** Two searches by index: one over both columns with OR would read every row of the bot. */
function ofPerson({ db, value }: QueryParts<Tables, Person & Newest>) {
  const own = db.selectFrom(TABLE).selectAll().where("bot", "=", value("bot"));
  const noted = own.where("customer", "=", value("user")).where("user", "!=", value("user"));
  return db
    .selectFrom(own.where("user", "=", value("user")).unionAll(noted).as("events"))
    .select(["position", "body"])
    .orderBy("at", "desc")
    .orderBy("position", "desc")
    .limit(value("limit"));
}

const findOfUser = query<Person & Newest>()(TABLE, Body, ofPerson);
const findActsOf = query<Person & Newest & { actions: string }>()(TABLE, Body, ({ db, value, dialect }) =>
  ofPerson({ db, value, dialect }).where("action", "in", dialect.members(value("actions"))),
);
const findOfSession = query<{ bot: string; session: string } & Newest>()(TABLE, Body, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .select(["position", "body"])
    .where("bot", "=", value("bot"))
    .where("session", "=", value("session"))
    .orderBy("at", "desc")
    .orderBy("position", "desc")
    .limit(value("limit")),
);
const findPage = query<{ bot: string; after: number; since: number } & Newest>()(TABLE, Body, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .select(["position", "body"])
    .where("bot", "=", value("bot"))
    .where("position", ">", value("after"))
    .where("received_at", ">=", value("since"))
    .orderBy("position")
    .limit(value("limit")),
);
const countSince = query<{ bot: string; since: number }>()(TABLE, Count, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .select(({ fn }) => fn.countAll().as("count"))
    .where("bot", "=", value("bot"))
    .where("received_at", ">=", value("since")),
);
const countByVersion = query<{ bot: string }>()(TABLE, Grouped, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .select(({ fn }) => ["model_version as modelVersion", "action", fn.countAll().as("count")])
    .where("bot", "=", value("bot"))
    .where("model_version", "is not", null)
    .where("action", "is not", null)
    .groupBy(["model_version", "action"])
    .orderBy("model_version")
    .orderBy("action"),
);
const forgetPerson = query<Person>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .deleteFrom(TABLE)
    .where("bot", "=", value("bot"))
    .where((by) => by.or([by("user", "=", value("user")), by("customer", "=", value("user"))])),
);
const pruneBefore = query<{ bot: string; before: number }>()(TABLE, z.unknown(), ({ db, value }) =>
  db.deleteFrom(TABLE).where("bot", "=", value("bot")).where("at", "<", value("before")),
);

const COLUMNS = [
  "bot",
  "source",
  "id",
  "user",
  "customer",
  "session",
  "type",
  "action",
  "model_version",
  "at",
  "received_at",
  "body",
] as const satisfies readonly (keyof InteractionRow)[];

/** Rows of one statement, which is one way to the server. A batch is filled up to such a size, so that few are prepared. */
const [ONE, SOME, MOST] = [1, 16, 256];
const inserts = { one: insertOf(ONE), some: insertOf(SOME), most: insertOf(MOST) };

function insertOf(size: number) {
  return query<Record<string, Value>>()(TABLE, z.unknown(), ({ db, value }) => {
    const rows = Array.from(
      { length: size },
      (_, row) => sql`(${sql.join(COLUMNS.map((column) => value(`${row} ${column}`)))})`,
    );
    return db
      .insertInto(TABLE)
      .columns(COLUMNS)
      .expression(sql`values ${sql.join(rows)}`)
      .onConflict((conflict) => conflict.doNothing());
  });
}

/** Opens the tables for one bot; closing it closes the database. Throws `store/database` when they cannot be made. */
export async function openInteractions(database: Database, bot: string): Promise<InteractionStore> {
  try {
    await database.migrate(interactions);
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
  const newest = async <Given>(find: Query<Given, z.output<typeof Body>>, given: Given) =>
    (await database.all(find, given)).map(({ body }) => body).toReversed();
  return {
    add: async (added) => await add(database, bot, added),
    ofUser: async (user, limit, actions) =>
      actions === undefined
        ? await newest(findOfUser, { bot, user, limit })
        : await newest(findActsOf, { bot, user, limit, actions: JSON.stringify(actions) }),
    ofSession: async (session, limit) => await newest(findOfSession, { bot, session, limit }),
    batches: (size, filter) => readBatches(database, { bot, size, since: sinceOf(filter) }),
    count: async (filter) => await countOf(database, bot, sinceOf(filter)),
    countByVersion: async () => await database.all(countByVersion, { bot }),
    forget: async (user) => await database.change(forgetPerson, { bot, user }),
    prune: async (before) => await database.change(pruneBefore, { bot, before: Date.parse(before) }),
    check: async () => {
      const detail = `${await countOf(database, bot, 0)} in ${database.place}, of ${bot}`;
      return [{ name: "interactions", status: "ok", detail }];
    },
    close: database.close,
  };
}

async function countOf(database: Database, bot: string, since: number): Promise<number> {
  return (await database.first(countSince, { bot, since }))?.count ?? 0;
}

/** All or none; gives how many were new. */
async function add(database: Database, bot: string, added: readonly Interaction[]): Promise<number> {
  const rows = added.map((one) => rowOf(bot, one));
  const parts = Array.from({ length: Math.ceil(rows.length / MOST) }, (_, index) =>
    insertion(rows.slice(index * MOST, (index + 1) * MOST)),
  );
  const [first, ...more] = parts;
  if (first === undefined) return 0;
  if (more.length === 0) return await database.change(first.insert, first.values);
  return await database.write(
    function* () {
      let count = 0;
      for (const { insert, values } of parts) count += yield* change(insert, values);
      return count;
    },
    // The order of one bot's batches, so that two with the same rows do not wait for each other.
    { lock: `interactions:${bot}` },
  );
}

function insertion(rows: readonly InteractionRow[]) {
  const size = [ONE, SOME].find((few) => rows.length <= few) ?? MOST;
  const insert = { [ONE]: inserts.one, [SOME]: inserts.some }[size] ?? inserts.most;
  const values: Record<string, Value> = {};
  for (let place = 0; place < size; place += 1) {
    // What fills the statement up is there already.
    const row = rows[place] ?? rows[0];
    for (const column of COLUMNS) values[`${place} ${column}`] = row?.[column] ?? null;
  }
  return { insert, values };
}

function rowOf(bot: string, interaction: Interaction): InteractionRow {
  const { source, id, userId, customerId = null, sessionId, type, action = null, modelVersion = null } = interaction;
  return {
    bot,
    source,
    id,
    user: userId,
    customer: customerId,
    session: sessionId,
    type,
    action,
    model_version: modelVersion,
    at: Date.parse(interaction.timestamp),
    received_at: Date.parse(interaction.receivedAt),
    body: JSON.stringify(interaction),
  };
}

// Pages by position, so that no read holds the database for long and rows that arrive meanwhile harm nothing.
async function* readBatches(
  database: Database,
  { bot, size, since }: { readonly bot: string; readonly size: number; readonly since: number },
): AsyncGenerator<readonly Interaction[]> {
  let after = 0;
  for (;;) {
    const rows = await database.all(findPage, { bot, after, since, limit: size });
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
