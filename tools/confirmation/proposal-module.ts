/** The table of proposals: what was proposed never changes, and what was decided stays decided. */
import type { Generated } from "kysely";
import type { Definitions } from "../../core/store/sql/definitions.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";

export const TABLE = "proposals";

export const proposalModule: Module = {
  name: "proposals",
  version: 2,
  tables: proposalTables,
  upgrades: [
    {
      from: 1,
      to: 2,
      // The first version had no column for the order in which they were made.
      sql: (dialect) => `
        DROP TRIGGER proposals_are_bound; DROP TRIGGER proposals_stay_decided;
        DROP INDEX proposals_by_conversation; DROP INDEX proposals_by_person; DROP INDEX proposals_unfinished;
        ALTER TABLE proposals RENAME TO proposals_1;
        ${proposalTables(dialect)}
        INSERT INTO proposals SELECT rowid, * FROM proposals_1 ORDER BY rowid;
        DROP TABLE proposals_1;`,
    },
  ],
};

function proposalTables({ tables, refuse }: Definitions): string {
  return (
    tables(`
      CREATE TABLE ${TABLE} (
        "number" INTEGER PRIMARY KEY AUTOINCREMENT,
        "id" TEXT NOT NULL UNIQUE,
        "tool" TEXT NOT NULL, "arguments" TEXT NOT NULL, "argumentsHash" TEXT NOT NULL, "echo" TEXT NOT NULL,
        "risk" TEXT NOT NULL,
        "bot" TEXT NOT NULL, "person" TEXT NOT NULL, "account" TEXT NOT NULL, "userId" TEXT NOT NULL,
        "conversation" TEXT NOT NULL, "chatType" TEXT NOT NULL, "scopes" TEXT NOT NULL, "locale" TEXT NOT NULL,
        "eventId" TEXT NOT NULL, "callId" TEXT NOT NULL, "userTexts" TEXT NOT NULL,
        "code" TEXT NOT NULL, "codeAttempts" INTEGER NOT NULL DEFAULT 0,
        "createdAt" INTEGER NOT NULL, "expiresAt" INTEGER NOT NULL,
        "status" TEXT NOT NULL DEFAULT 'pending'
          CHECK ("status" IN ('pending', 'confirmed', 'executed', 'failed', 'cancelled', 'expired')),
        "decidedAt" INTEGER, "decidedBy" TEXT, "owner" TEXT, "leaseUntil" INTEGER,
        "executions" INTEGER NOT NULL DEFAULT 0, "outcome" TEXT) STRICT;
      CREATE INDEX proposals_by_conversation ON ${TABLE} ("conversation", "createdAt");
      CREATE INDEX proposals_by_person ON ${TABLE} ("person");
      CREATE INDEX proposals_unfinished ON ${TABLE} ("bot") WHERE "status" = 'confirmed';
      CREATE INDEX proposals_pending ON ${TABLE} ("expiresAt") WHERE "status" = 'pending';`) +
    refuse("proposals_are_bound", {
      event: `UPDATE OF "id", "tool", "arguments", "argumentsHash", "echo", "risk", "bot", "person", "account", "userId",
        "conversation", "chatType", "scopes", "eventId", "callId", "code", "createdAt", "expiresAt"`,
      table: TABLE,
      message: "what was proposed is never changed",
    }) +
    refuse("proposals_stay_decided", {
      event: 'UPDATE OF "status"',
      table: TABLE,
      message: "a decided proposal stays decided",
      when: `NOT (OLD."status" = 'pending' AND NEW."status" IN ('confirmed', 'cancelled', 'expired')
        OR OLD."status" = 'confirmed' AND NEW."status" IN ('executed', 'failed'))`,
    })
  );
}

export interface Proposals {
  number: Generated<number>;
  id: string;
  tool: string;
  arguments: string;
  argumentsHash: string;
  echo: string;
  risk: string;
  bot: string;
  person: string;
  account: string;
  userId: string;
  conversation: string;
  chatType: string;
  scopes: string;
  locale: string;
  eventId: string;
  callId: string;
  userTexts: string;
  code: string;
  codeAttempts: Generated<number>;
  createdAt: number;
  expiresAt: number;
  status: Generated<string>;
  decidedAt: number | null;
  decidedBy: string | null;
  owner: string | null;
  leaseUntil: number | null;
  executions: Generated<number>;
  outcome: string | null;
}

export const query = defineQueries<{ proposals: Proposals }>();
