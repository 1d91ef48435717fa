/** The queries on proposals, each compiled once. A literal status lets the partial indexes be used. */
import { sql } from "kysely";
import { z } from "zod";
import { type Proposals, query, TABLE } from "./proposal-module.ts";
import { ProposalRecord } from "./proposal-record.ts";

/** How many of a conversation's newest proposals a typed code may mean. */
const RECENT = 50;
const EXPIRED_AT_ONCE = 100;
const PRUNED_AT_ONCE = 500;

const pending = sql.lit("pending");
const confirmed = sql.lit("confirmed");
const unfinished = sql<string>`(${pending}, ${confirmed})`;
/** What is decided needs the requester's words no more. */
const NO_TEXTS = "[]";

export const byId = query<{ id: string }>()(TABLE, ProposalRecord, ({ db, value }) =>
  db.selectFrom(TABLE).selectAll().where("id", "=", value("id")),
);
export const newestOf = query<{ conversation: string }>()(TABLE, ProposalRecord, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .selectAll()
    .where("conversation", "=", value("conversation"))
    .orderBy("createdAt", "desc")
    .orderBy("number", "desc")
    .limit(RECENT),
);
export const confirmedOf = query<{ bot: string }>()(TABLE, ProposalRecord, ({ db, value }) =>
  db.selectFrom(TABLE).selectAll().where("status", "=", confirmed).where("bot", "=", value("bot")).orderBy("number"),
);
export const overdue = query<{ now: number }>()(TABLE, ProposalRecord, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .selectAll()
    .where("status", "=", pending)
    .where("expiresAt", "<", value("now"))
    .orderBy("expiresAt")
    .limit(EXPIRED_AT_ONCE),
);
export const ofPerson = query<{ person: string; bot: string }>()(TABLE, ProposalRecord, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .selectAll()
    .where("person", "=", value("person"))
    .where("bot", "=", value("bot"))
    .orderBy("number"),
);
export const pendingOf = query<{ person: string; bot: string }>()(TABLE, ProposalRecord, ({ db, value }) =>
  db
    .selectFrom(TABLE)
    .selectAll()
    .where("status", "=", pending)
    .where("person", "=", value("person"))
    .where("bot", "=", value("bot"))
    .orderBy("number"),
);

type Stored = Omit<
  Proposals,
  "number" | "codeAttempts" | "status" | "decidedAt" | "decidedBy" | "owner" | "leaseUntil" | "executions" | "outcome"
>;
export const insert = query<Stored>()(TABLE, ProposalRecord, ({ db, value }) =>
  db
    .insertInto(TABLE)
    .values({
      id: value("id"),
      tool: value("tool"),
      arguments: value("arguments"),
      argumentsHash: value("argumentsHash"),
      echo: value("echo"),
      risk: value("risk"),
      bot: value("bot"),
      person: value("person"),
      account: value("account"),
      userId: value("userId"),
      conversation: value("conversation"),
      chatType: value("chatType"),
      scopes: value("scopes"),
      locale: value("locale"),
      eventId: value("eventId"),
      callId: value("callId"),
      userTexts: value("userTexts"),
      code: value("code"),
      createdAt: value("createdAt"),
      expiresAt: value("expiresAt"),
    })
    .returningAll(),
);
export const confirm = query<
  Pick<Proposals, "id" | "bot" | "person" | "account" | "userId" | "conversation"> & {
    owner: string;
    leaseUntil: number;
    eventId: string;
    now: number;
    latest: number;
  }
>()(TABLE, ProposalRecord, ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({
      status: "confirmed",
      decidedAt: value("now"),
      decidedBy: value("eventId"),
      userTexts: NO_TEXTS,
      owner: value("owner"),
      leaseUntil: value("leaseUntil"),
      executions: 1,
    })
    .where("id", "=", value("id"))
    .where("status", "=", pending)
    .where("expiresAt", ">", value("now"))
    .where("createdAt", "<=", value("latest"))
    .where("bot", "=", value("bot"))
    .where("person", "=", value("person"))
    .where("account", "=", value("account"))
    .where("userId", "=", value("userId"))
    .where("conversation", "=", value("conversation"))
    .returningAll(),
);
export const close = query<{ id: string; status: string; now: number; eventId: string | null; outcome: string }>()(
  TABLE,
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable(TABLE)
      .set({
        status: value("status"),
        decidedAt: value("now"),
        decidedBy: value("eventId"),
        userTexts: NO_TEXTS,
        outcome: value("outcome"),
      })
      .where("id", "=", value("id"))
      .where("status", "=", pending),
);
export const attempt = query<{ id: string }>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set(({ eb }) => ({ codeAttempts: eb("codeAttempts", "+", sql.lit(1)) }))
    .where("id", "=", value("id"))
    .where("status", "=", pending),
);
export const takeOver = query<{
  id: string;
  executions: number;
  owner: string;
  leaseUntil: number;
  now: number;
  deadOwner: string | null;
}>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set(({ eb }) => ({
      owner: value("owner"),
      leaseUntil: value("leaseUntil"),
      executions: eb("executions", "+", sql.lit(1)),
    }))
    .where("id", "=", value("id"))
    .where("status", "=", confirmed)
    .where("executions", "=", value("executions"))
    .where((on) =>
      on.or([on("owner", "is", null), on("leaseUntil", "<=", value("now")), on("owner", "=", value("deadOwner"))]),
    ),
);
export const release = query<{ id: string; executions: number }>()(TABLE, z.unknown(), ({ db, value }) =>
  db
    .updateTable(TABLE)
    .set({ owner: null, leaseUntil: null })
    .where("id", "=", value("id"))
    .where("status", "=", confirmed)
    .where("executions", "=", value("executions")),
);
export const finish = query<{ id: string; executions: number; status: string; outcome: string }>()(
  TABLE,
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable(TABLE)
      .set({ status: value("status"), owner: null, leaseUntil: null, outcome: value("outcome") })
      .where("id", "=", value("id"))
      .where("status", "=", confirmed)
      .where("executions", "=", value("executions")),
);
const Id = z.object({ id: z.string() });
// They are in the order of their time: the first few tell whether any is old enough.
export const prune = query<{ before: number }>()(TABLE, Id, ({ db, value }) =>
  db
    .deleteFrom(TABLE)
    .where("number", "in", db.selectFrom(TABLE).select("number").orderBy("number").limit(PRUNED_AT_ONCE))
    .where("createdAt", "<", value("before"))
    .where("status", "not in", unfinished)
    .returning("id"),
);
export const erase = query<{ person: string; bot: string }>()(TABLE, Id, ({ db, value }) =>
  db
    .deleteFrom(TABLE)
    .where("person", "=", value("person"))
    .where("bot", "=", value("bot"))
    .where("status", "not in", unfinished)
    .returning("id"),
);

const text = z.string();
const none = { text: text.nullable().prefault(null), number: z.int().nullable().prefault(null) };
/** A row as it lies there, unread: what somebody changed in it may be no JSON. */
const StoredRow = z.object({
  number: z.int(),
  id: text,
  tool: text,
  arguments: text,
  argumentsHash: text,
  echo: text,
  risk: text,
  bot: text,
  person: text,
  account: text,
  userId: text,
  conversation: text,
  chatType: text,
  scopes: text,
  locale: text,
  eventId: text,
  callId: text,
  code: text,
  createdAt: z.int(),
  expiresAt: z.int(),
  status: text,
  decidedAt: none.number,
  decidedBy: none.text,
  outcome: none.text,
});
export type StoredRow = z.output<typeof StoredRow>;
export const listRows = query<{ after: number }>()(TABLE, StoredRow, ({ db, value }) =>
  db.selectFrom(TABLE).selectAll().where("number", ">", value("after")).orderBy("number").limit(PRUNED_AT_ONCE),
);
