/** Webhooks at rest: endpoints, what is on its way to them, and every attempt. */
import type { Generated } from "kysely";
import { z } from "zod";
import { sealedColumn } from "../../core/privacy/sealing/index.ts";
import type { KeptTables } from "../../core/store/databases.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";
import { flag, jsonText } from "../../core/store/rows.ts";
import { WebhookType } from "./event.ts";

const webhooksModule: Module = {
  name: "webhooks",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      -- secret, previousSecret: sealed. alertDue: somebody is still to be told that it was disabled.
      CREATE TABLE webhook_endpoints (
        "number" INTEGER PRIMARY KEY AUTOINCREMENT,
        "id" TEXT NOT NULL UNIQUE, "bot" TEXT NOT NULL, "url" TEXT NOT NULL,
        "events" TEXT NOT NULL, "description" TEXT NOT NULL,
        "secret" TEXT NOT NULL, "previousSecret" TEXT, "previousUntil" INTEGER,
        "active" INTEGER NOT NULL DEFAULT 1,
        "disabledFor" TEXT CHECK ("disabledFor" IN ('asked', 'failing', 'gone')), "disabledAt" INTEGER,
        "alertDue" INTEGER NOT NULL DEFAULT 0,
        "failures" INTEGER NOT NULL DEFAULT 0, "failingSince" INTEGER,
        "createdAt" INTEGER NOT NULL) STRICT;
      CREATE INDEX webhook_endpoints_by_bot ON webhook_endpoints ("bot", "number");
      CREATE INDEX webhook_endpoints_to_tell ON webhook_endpoints ("number") WHERE "alertDue" = 1;
      -- round: counts up with each time that it is put into the queue anew; failures: of this round.
      CREATE TABLE webhook_deliveries (
        "number" INTEGER PRIMARY KEY AUTOINCREMENT,
        "id" TEXT NOT NULL UNIQUE, "endpoint" TEXT NOT NULL, "message" TEXT NOT NULL, "type" TEXT NOT NULL,
        "body" TEXT NOT NULL, "conversation" TEXT,
        "status" TEXT NOT NULL DEFAULT 'waiting'
          CHECK ("status" IN ('waiting', 'delivered', 'failed', 'cancelled')),
        "round" INTEGER NOT NULL DEFAULT 1, "failures" INTEGER NOT NULL DEFAULT 0,
        "attempts" INTEGER NOT NULL DEFAULT 0,
        "dueAt" INTEGER NOT NULL, "createdAt" INTEGER NOT NULL, "endedAt" INTEGER) STRICT;
      CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries ("endpoint", "number");
      CREATE INDEX webhook_deliveries_by_conversation ON webhook_deliveries ("conversation")
        WHERE "conversation" IS NOT NULL;
      CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries ("dueAt") WHERE "status" = 'waiting';
      CREATE INDEX webhook_deliveries_ended ON webhook_deliveries ("endedAt") WHERE "endedAt" IS NOT NULL;
      CREATE TABLE webhook_attempts (
        "delivery" TEXT NOT NULL, "attempt" INTEGER NOT NULL, "at" INTEGER NOT NULL, "tookMs" INTEGER NOT NULL,
        "status" INTEGER, "error" TEXT, PRIMARY KEY ("delivery", "attempt")) STRICT;`),
};

/** The secrets of endpoints: no copy of the tables signs anything. */
export const webhookSecrets = (["secret", "previousSecret"] as const).map((column) =>
  sealedColumn({ table: "webhook_endpoints", column, key: ["number"], row: ["id"] }),
);

/** Where they are kept. */
export const webhookTables: KeptTables = {
  file: "webhooks.sqlite",
  modules: [webhooksModule],
  sealed: webhookSecrets,
};

interface Tables {
  readonly webhook_endpoints: {
    number: Generated<number>;
    id: string;
    bot: string;
    url: string;
    events: string;
    description: string;
    secret: string;
    previousSecret: string | null;
    previousUntil: number | null;
    active: Generated<number>;
    disabledFor: string | null;
    disabledAt: number | null;
    alertDue: Generated<number>;
    failures: Generated<number>;
    failingSince: number | null;
    createdAt: number;
  };
  readonly webhook_deliveries: {
    number: Generated<number>;
    id: string;
    endpoint: string;
    message: string;
    type: string;
    body: string;
    conversation: string | null;
    status: Generated<string>;
    round: Generated<number>;
    failures: Generated<number>;
    attempts: Generated<number>;
    dueAt: number;
    createdAt: number;
    endedAt: number | null;
  };
  readonly webhook_attempts: {
    delivery: string;
    attempt: number;
    at: number;
    tookMs: number;
    status: number | null;
    error: string | null;
  };
}

export const query = defineQueries<Tables>();

export const EndpointRow = z.object({
  number: z.int(),
  id: z.string(),
  bot: z.string(),
  url: z.string(),
  events: jsonText(z.array(WebhookType)),
  description: z.string(),
  secret: z.string(),
  previousSecret: z.string().optional(),
  previousUntil: z.int().optional(),
  active: flag,
  disabledFor: z.enum(["asked", "failing", "gone"]).optional(),
  disabledAt: z.int().optional(),
  alertDue: flag,
  failures: z.int(),
  failingSince: z.int().optional(),
  createdAt: z.int(),
});
export type EndpointRow = z.output<typeof EndpointRow>;

export const DeliveryStatus = z.enum(["waiting", "delivered", "failed", "cancelled"]);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

export const DeliveryRow = z.object({
  number: z.int(),
  id: z.string(),
  endpoint: z.string(),
  message: z.string(),
  type: z.string(),
  body: z.string(),
  status: DeliveryStatus,
  round: z.int(),
  failures: z.int(),
  attempts: z.int(),
  dueAt: z.int(),
  createdAt: z.int(),
  endedAt: z.int().optional(),
});
export type DeliveryRow = z.output<typeof DeliveryRow>;

export const AttemptRow = z.object({
  attempt: z.int(),
  at: z.int(),
  tookMs: z.int(),
  status: z.int().optional(),
  error: z.string().optional(),
});
export type AttemptRow = z.output<typeof AttemptRow>;

/** The name under which bodies of one endpoint run one after the other. */
export const lockOf = (endpoint: string) => ({ lock: `webhooks:${endpoint}` });
