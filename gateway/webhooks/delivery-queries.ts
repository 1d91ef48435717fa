/** The queries on deliveries and their attempts, each compiled once. */
import { sql } from "kysely";
import { z } from "zod";
import { AttemptRow, DeliveryRow, query } from "./tables.ts";

const TABLE = "webhook_deliveries";
const ATTEMPTS = "webhook_attempts";
const AT_ONCE = 500;

const waiting = sql.lit("waiting");

/** The same message for the same endpoint is one delivery. */
export const insert = query<{
  id: string;
  endpoint: string;
  message: string;
  type: string;
  body: string;
  conversation: string | null;
  now: number;
}>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .insertInto(TABLE)
    .values({
      id: value("id"),
      endpoint: value("endpoint"),
      message: value("message"),
      type: value("type"),
      body: value("body"),
      conversation: value("conversation"),
      dueAt: value("now"),
      createdAt: value("now"),
    })
    .onConflict((conflict) => conflict.column("id").doNothing()),
);

export const byId = query<{ id: string }>()(TABLE, DeliveryRow, ({ db, value }) =>
  db.selectFrom(TABLE).selectAll().where("id", "=", value("id")),
);

/** Newest first, before a number. An empty text stands for every status or type. */
export const page = query<{ endpoint: string; before: number; limit: number; status: string; type: string }>()(
  TABLE,
  DeliveryRow,
  ({ db, value }) =>
    db
      .selectFrom(TABLE)
      .selectAll()
      .where("endpoint", "=", value("endpoint"))
      .where("number", "<", value("before"))
      .where(sql<boolean>`(${value("status")} = '' OR ${sql.ref("status")} = ${value("status")})`)
      .where(sql<boolean>`(${value("type")} = '' OR ${sql.ref("type")} = ${value("type")})`)
      .orderBy("number", "desc")
      .limit(value("limit")),
);

export const attemptsOf = query<{ delivery: string; limit: number }>()(ATTEMPTS, AttemptRow, ({ db, value }) =>
  db
    .selectFrom(ATTEMPTS)
    .select(["attempt", "at", "tookMs", "status", "error"])
    .where("delivery", "=", value("delivery"))
    .orderBy("attempt", "desc")
    .limit(value("limit")),
);

/** Counts the attempt up and says what it came to; nothing where it has ended, or another attempt was faster. */
export const settle = query<{
  id: string;
  round: number;
  attempts: number;
  status: string;
  failed: number;
  dueAt: number;
  endedAt: number | null;
}>()(TABLE, DeliveryRow, ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set(({ eb }) => ({
      status: value("status"),
      attempts: eb("attempts", "+", sql.lit(1)),
      failures: eb("failures", "+", value("failed")),
      dueAt: value("dueAt"),
      endedAt: value("endedAt"),
    }))
    .where("id", "=", value("id"))
    .where("round", "=", value("round"))
    .where("attempts", "=", value("attempts"))
    .where("status", "=", waiting)
    .returningAll(),
);

export const insertAttempt = query<{
  delivery: string;
  attempt: number;
  at: number;
  tookMs: number;
  status: number | null;
  error: string | null;
}>()(ATTEMPTS, z.unknown(), ({ db, value }) =>
  db.insertInto(ATTEMPTS).values({
    delivery: value("delivery"),
    attempt: value("attempt"),
    at: value("at"),
    tookMs: value("tookMs"),
    status: value("status"),
    error: value("error"),
  }),
);

/** Ends it without an attempt: its endpoint takes nothing any more. */
export const cancel = query<{ id: string; round: number; now: number }>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({ status: "cancelled", endedAt: value("now") })
    .where("id", "=", value("id"))
    .where("round", "=", value("round"))
    .where("status", "=", waiting),
);

/** Another life for one that has ended. */
export const revive = query<{ id: string; now: number }>()(TABLE, DeliveryRow, ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set(({ eb }) => ({
      status: "waiting",
      round: eb("round", "+", sql.lit(1)),
      failures: 0,
      dueAt: value("now"),
      endedAt: null,
    }))
    .where("id", "=", value("id"))
    .where("status", "!=", waiting)
    .returningAll(),
);

/** Waiting ones that the queue should have brought long ago. */
export const overdue = query<{ before: number }>()(TABLE, DeliveryRow, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .selectAll()
    .where("status", "=", waiting)
    .where("dueAt", "<", value("before"))
    .orderBy("dueAt")
    .limit(AT_ONCE),
);

export const requeue = query<{ id: string; round: number; now: number }>()(TABLE, DeliveryRow, ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set(({ eb }) => ({ round: eb("round", "+", sql.lit(1)), dueAt: value("now") }))
    .where("id", "=", value("id"))
    .where("round", "=", value("round"))
    .where("status", "=", waiting)
    .returningAll(),
);

const Id = z.object({ id: z.string() });

export const endedBefore = query<{ before: number }>()(TABLE, Id, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .select("id")
    .where("endedAt", "is not", null)
    .where("endedAt", "<", value("before"))
    .orderBy("endedAt")
    .limit(AT_ONCE),
);

export const ofConversations = query<{ conversations: string }>()(TABLE, Id, ({ db, value, dialect }) =>
  db
    .selectFrom(TABLE)
    .select("id")
    .where("conversation", "in", dialect.members(value("conversations")))
    .limit(AT_ONCE),
);

export const ofEndpoint = query<{ endpoint: string }>()(TABLE, Id, ({ db, value }) =>
  db.selectFrom(TABLE).select("id").where("endpoint", "=", value("endpoint")).limit(AT_ONCE),
);

export const removeAttempts = query<{ ids: string }>()(ATTEMPTS, z.unknown(), ({ db, value, dialect }) =>
  db.deleteFrom(ATTEMPTS).where("delivery", "in", dialect.members(value("ids"))),
);

export const removeDeliveries = query<{ ids: string }>()(TABLE, z.unknown(), ({ db, value, dialect }) =>
  db.deleteFrom(TABLE).where("id", "in", dialect.members(value("ids"))),
);
