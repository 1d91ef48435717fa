/** The queries on endpoints, each compiled once. */
import { sql } from "kysely";
import { z } from "zod";
import { EndpointRow, query } from "./tables.ts";

const TABLE = "webhook_endpoints";

export const insert = query<{
  id: string;
  bot: string;
  url: string;
  events: string;
  description: string;
  secret: string;
  createdAt: number;
}>()(TABLE, EndpointRow, ({ db, value }) =>
  db
    .insertInto(TABLE)
    .values({
      id: value("id"),
      bot: value("bot"),
      url: value("url"),
      events: value("events"),
      description: value("description"),
      secret: value("secret"),
      createdAt: value("createdAt"),
    })
    .returningAll(),
);

export const byId = query<{ id: string }>()(TABLE, EndpointRow, ({ db, value }) =>
  db.selectFrom(TABLE).selectAll().where("id", "=", value("id")),
);

export const countOf = query<{ bot: string }>()(TABLE, z.object({ count: z.int() }), ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("bot", "=", value("bot")),
);

/** Oldest first, after a number. */
export const page = query<{ bot: string; after: number; limit: number }>()(TABLE, EndpointRow, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .selectAll()
    .where("bot", "=", value("bot"))
    .where("number", ">", value("after"))
    .orderBy("number")
    .limit(value("limit")),
);

export const activeOf = query<{ bot: string }>()(TABLE, EndpointRow, ({ db, value }) =>
  db.selectFrom(TABLE).selectAll().where("bot", "=", value("bot")).where("active", "=", sql.lit(1)).orderBy("number"),
);

export const update = query<{
  id: string;
  url: string;
  events: string;
  description: string;
  active: number;
  disabledFor: string | null;
  disabledAt: number | null;
  alertDue: number;
  failures: number;
  failingSince: number | null;
}>()(TABLE, EndpointRow, ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({
      url: value("url"),
      events: value("events"),
      description: value("description"),
      active: value("active"),
      disabledFor: value("disabledFor"),
      disabledAt: value("disabledAt"),
      failures: value("failures"),
      failingSince: value("failingSince"),
      alertDue: value("alertDue"),
    })
    .where("id", "=", value("id"))
    .returningAll(),
);

/** Nothing where another rotation was faster. */
export const rotate = query<{
  id: string;
  secret: string;
  before: string;
  previousSecret: string | null;
  previousUntil: number | null;
}>()(TABLE, EndpointRow, ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({
      secret: value("secret"),
      previousSecret: value("previousSecret"),
      previousUntil: value("previousUntil"),
    })
    .where("id", "=", value("id"))
    .where("secret", "=", value("before"))
    .returningAll(),
);

/** A secret whose time is over is not kept. */
export const dropOldSecrets = query<{ now: number }>()(TABLE, z.unknown(), ({ db, value }) =>
  db.updateTable(TABLE).set({ previousSecret: null, previousUntil: null }).where("previousUntil", "<=", value("now")),
);

export const remove = query<{ id: string }>()(TABLE, z.unknown(), ({ db, value }) =>
  db.deleteFrom(TABLE).where("id", "=", value("id")),
);

export const noteSuccess = query<{ id: string }>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({ failures: 0, failingSince: null })
    .where("id", "=", value("id"))
    .where("failures", ">", sql.lit(0)),
);

export const noteFailure = query<{ id: string; now: number }>()(TABLE, EndpointRow, ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set((row) => ({
      failures: row("failures", "+", sql.lit(1)),
      failingSince: row.fn.coalesce(row.ref("failingSince"), value("now")),
    }))
    .where("id", "=", value("id"))
    .returningAll(),
);

export const disable = query<{ id: string; why: string; now: number }>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({ active: 0, disabledFor: value("why"), disabledAt: value("now"), alertDue: 1 })
    .where("id", "=", value("id"))
    .where("active", "=", sql.lit(1)),
);

export const toTell = query()(TABLE, EndpointRow, ({ db }) =>
  db.selectFrom(TABLE).selectAll().where("alertDue", "=", sql.lit(1)).orderBy("number").limit(100),
);

export const told = query<{ id: string; disabledAt: number }>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({ alertDue: 0 })
    .where("id", "=", value("id"))
    .where("disabledAt", "=", value("disabledAt")),
);
