import { z } from "zod";
import { sealedColumn } from "../../core/privacy/sealing/index.ts";
import type { KeptTables } from "../../core/store/databases.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";

/** What all gateways of an installation know together: calls under idempotency keys, and tickets. */
export const gatewayModule: Module = {
  name: "gateway",
  version: 1,
  tables: ({ tables }) =>
    tables(`
  -- id: a hash of the caller, the call and its key. While a call runs it has a holder; then it has a status.
  CREATE TABLE gateway_calls (
    id TEXT PRIMARY KEY,
    caller TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    holder TEXT,
    held_until INTEGER NOT NULL,
    status INTEGER,
    headers TEXT,
    body TEXT,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX gateway_calls_expiry ON gateway_calls (expires_at);
  CREATE INDEX gateway_calls_caller ON gateway_calls (caller);
  -- hash: of the ticket, so that whoever reads the table can use none.
  CREATE TABLE gateway_tickets (
    hash TEXT PRIMARY KEY,
    principal TEXT NOT NULL,
    path TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX gateway_tickets_expiry ON gateway_tickets (expires_at);
`),
};

/** An answer tells what somebody asked. */
export const ANSWER = sealedColumn({ table: "gateway_calls", column: "body", key: ["id"], row: ["id"] });

/** Where they are kept. */
export const gatewayTables: KeptTables = { file: "gateway.sqlite", modules: [gatewayModule], sealed: [ANSWER] };

interface Tables {
  readonly gateway_calls: {
    id: string;
    caller: string;
    fingerprint: string;
    holder: string | null;
    held_until: number;
    status: number | null;
    headers: string | null;
    body: string | null;
    expires_at: number;
  };
  readonly gateway_tickets: { hash: string; principal: string; path: string; expires_at: number };
}

const query = defineQueries<Tables>();

const Call = z.object({
  fingerprint: z.string(),
  held_until: z.number(),
  status: z.number().optional(),
  headers: z.string().optional(),
  body: z.string().optional(),
});
export type StoredCall = z.infer<typeof Call>;

/** A call that is not too old. */
export const findCall = query<{ id: string; now: number }>()("gateway_calls", Call, ({ db, value }) =>
  db
    .selectFrom("gateway_calls")
    .select(["fingerprint", "held_until", "status", "headers", "body"])
    .where("id", "=", value("id"))
    .where("expires_at", ">", value("now")),
);

export const takeCall = query<{
  id: string;
  caller: string;
  fingerprint: string;
  holder: string;
  heldUntil: number;
  expiresAt: number;
}>()("gateway_calls", z.unknown(), ({ db, value }) =>
  db
    .insertInto("gateway_calls")
    .values({
      id: value("id"),
      caller: value("caller"),
      fingerprint: value("fingerprint"),
      holder: value("holder"),
      held_until: value("heldUntil"),
      status: null,
      headers: null,
      body: null,
      expires_at: value("expiresAt"),
    })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((row) => ({
        fingerprint: row.ref("excluded.fingerprint"),
        holder: row.ref("excluded.holder"),
        held_until: row.ref("excluded.held_until"),
        status: null,
        headers: null,
        body: null,
        expires_at: row.ref("excluded.expires_at"),
      })),
    ),
);

type Held = { readonly id: string; readonly holder: string };

export const holdCall = query<Held & { readonly heldUntil: number }>()("gateway_calls", z.unknown(), ({ db, value }) =>
  db
    .updateTable("gateway_calls")
    .set({ held_until: value("heldUntil") })
    .where("id", "=", value("id"))
    .where("holder", "=", value("holder")),
);

type Answer = { readonly status: number; readonly headers: string; readonly body: string | null };

/** Only by whoever holds it: one that was taken for dead and comes back changes nothing. */
export const answerCall = query<Held & Answer & { readonly expiresAt: number }>()(
  "gateway_calls",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("gateway_calls")
      .set({
        holder: null,
        status: value("status"),
        headers: value("headers"),
        body: value("body"),
        expires_at: value("expiresAt"),
      })
      .where("id", "=", value("id"))
      .where("holder", "=", value("holder")),
);

export const releaseCall = query<Held>()("gateway_calls", z.unknown(), ({ db, value }) =>
  db.deleteFrom("gateway_calls").where("id", "=", value("id")).where("holder", "=", value("holder")),
);

export const forgetCalls = query<{ caller: string }>()("gateway_calls", z.unknown(), ({ db, value }) =>
  db.deleteFrom("gateway_calls").where("caller", "=", value("caller")),
);

export const pruneCalls = query<{ now: number }>()("gateway_calls", z.unknown(), ({ db, value }) =>
  db.deleteFrom("gateway_calls").where("expires_at", "<=", value("now")),
);

export const addTicket = query<{ hash: string; principal: string; path: string; expiresAt: number }>()(
  "gateway_tickets",
  z.unknown(),
  ({ db, value }) =>
    db.insertInto("gateway_tickets").values({
      hash: value("hash"),
      principal: value("principal"),
      path: value("path"),
      expires_at: value("expiresAt"),
    }),
);

const Ticket = z.object({ principal: z.string(), path: z.string(), expires_at: z.number() });

/** Finding it and removing it are one statement: of two that bring it, one gets it. */
export const takeTicket = query<{ hash: string }>()("gateway_tickets", Ticket, ({ db, value }) =>
  db.deleteFrom("gateway_tickets").where("hash", "=", value("hash")).returning(["principal", "path", "expires_at"]),
);

export const pruneTickets = query<{ now: number }>()("gateway_tickets", z.unknown(), ({ db, value }) =>
  db.deleteFrom("gateway_tickets").where("expires_at", "<=", value("now")),
);
