/** The tables of accounts, sessions and keys. Secrets are in them only as hashes or sealed. */
import { z } from "zod";
import { sealedColumn } from "../../../core/privacy/sealing/index.ts";
import type { KeptTables } from "../../../core/store/databases.ts";
import type { Module } from "../../../core/store/sql/module.ts";
import { defineQueries } from "../../../core/store/sql/queries.ts";
import type { Role } from "../../access/roles.ts";

/** Accounts of a provider that users log in with. */
const LINKS = `
      CREATE TABLE identity_links (
        issuer TEXT NOT NULL, subject TEXT NOT NULL,
        "userId" TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        "linkedAt" INTEGER NOT NULL, PRIMARY KEY (issuer, subject)) STRICT;
      CREATE UNIQUE INDEX identity_links_by_user ON identity_links ("userId", issuer);`;

const identityModule: Module = {
  name: "identity",
  version: 2,
  upgrades: [{ from: 1, to: 2, sql: ({ tables }) => tables(LINKS) }],
  tables: ({ tables }) =>
    tables(`
      CREATE TABLE identity_users (
        id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, contact BLOB,
        password TEXT, "passwordAt" INTEGER, "createdAt" INTEGER NOT NULL, "disabledAt" INTEGER) STRICT;
      CREATE TABLE identity_roles (
        "userId" TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        bot TEXT NOT NULL, role TEXT NOT NULL, "grantedBy" TEXT NOT NULL, "grantedAt" INTEGER NOT NULL,
        PRIMARY KEY ("userId", bot, role)) STRICT;
      CREATE TABLE identity_totp (
        "userId" TEXT PRIMARY KEY REFERENCES identity_users (id) ON DELETE CASCADE,
        secret BLOB NOT NULL, "confirmedAt" INTEGER, "lastStep" INTEGER NOT NULL) STRICT;
      CREATE TABLE identity_recovery_codes (
        "userId" TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        hash TEXT NOT NULL, PRIMARY KEY ("userId", hash)) STRICT;
      CREATE TABLE identity_passkeys (
        id TEXT PRIMARY KEY, "userId" TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        name TEXT NOT NULL, "publicKey" BLOB NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL,
        "createdAt" INTEGER NOT NULL, "lastUsedAt" INTEGER) STRICT;
      CREATE INDEX identity_passkeys_by_user ON identity_passkeys ("userId");
      CREATE TABLE identity_one_use (
        hash TEXT PRIMARY KEY, purpose TEXT NOT NULL,
        "userId" TEXT REFERENCES identity_users (id) ON DELETE CASCADE, payload BLOB,
        "attemptsLeft" INTEGER NOT NULL, "createdAt" INTEGER NOT NULL, "expiresAt" INTEGER NOT NULL) STRICT;
      CREATE INDEX identity_one_use_by_user ON identity_one_use ("userId", purpose);
      CREATE TABLE identity_sessions (
        id TEXT PRIMARY KEY, "userId" TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        place TEXT NOT NULL, "createdAt" INTEGER NOT NULL, "lastUsedAt" INTEGER NOT NULL,
        "expiresAt" INTEGER NOT NULL, "revokedAt" INTEGER, "revokedFor" TEXT) STRICT;
      CREATE INDEX identity_sessions_by_user ON identity_sessions ("userId");
      CREATE TABLE identity_refresh_tokens (
        hash TEXT PRIMARY KEY, "sessionId" TEXT NOT NULL REFERENCES identity_sessions (id) ON DELETE CASCADE,
        "issuedAt" INTEGER NOT NULL, "expiresAt" INTEGER NOT NULL, "usedAt" INTEGER) STRICT;
      CREATE INDEX identity_refresh_tokens_by_session ON identity_refresh_tokens ("sessionId");
      CREATE TABLE identity_api_keys (
        id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE,
        "userId" TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        bot TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL, "createdAt" INTEGER NOT NULL,
        "expiresAt" INTEGER NOT NULL, "lastUsedAt" INTEGER, "revokedAt" INTEGER) STRICT;
      CREATE INDEX identity_api_keys_by_user ON identity_api_keys ("userId");
      CREATE TABLE identity_attempts (
        key TEXT PRIMARY KEY, failures INTEGER NOT NULL, since INTEGER NOT NULL,
        locks INTEGER NOT NULL, "lockedUntil" INTEGER NOT NULL) STRICT;
      CREATE TABLE identity_places (
        "userId" TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        place TEXT NOT NULL, "firstSeenAt" INTEGER NOT NULL, "lastSeenAt" INTEGER NOT NULL,
        PRIMARY KEY ("userId", place)) STRICT;
      CREATE TABLE identity_alerts (
        id TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL,
        "userId" TEXT REFERENCES identity_users (id) ON DELETE CASCADE, detail TEXT NOT NULL) STRICT;
      CREATE INDEX identity_alerts_by_time ON identity_alerts (at);
      ${LINKS}`),
};

/** What an `identity_` table holds sealed, as the sealer of identities binds it: to its row's key. */
const sealedBytes = (table: string, column: string, key: string) =>
  sealedColumn({ table, column, key: [key], row: [key], isBytes: true });

/** Where they are kept. */
export const identityTables: KeptTables = {
  file: "identity.sqlite",
  modules: [identityModule],
  sealed: [
    sealedBytes("identity_totp", "secret", "userId"),
    sealedBytes("identity_users", "contact", "id"),
    sealedBytes("identity_one_use", "payload", "hash"),
  ],
};

/** Times are milliseconds since 1970; absent is NULL. */
export interface Tables {
  readonly identity_users: {
    id: string;
    login: string;
    name: string;
    contact: Uint8Array | null;
    password: string | null;
    passwordAt: number | null;
    createdAt: number;
    disabledAt: number | null;
  };
  readonly identity_roles: { userId: string; bot: string; role: Role; grantedBy: string; grantedAt: number };
  readonly identity_totp: { userId: string; secret: Uint8Array; confirmedAt: number | null; lastStep: number };
  readonly identity_recovery_codes: { userId: string; hash: string };
  readonly identity_passkeys: {
    id: string;
    userId: string;
    name: string;
    publicKey: Uint8Array;
    counter: number;
    transports: string;
    createdAt: number;
    lastUsedAt: number | null;
  };
  readonly identity_one_use: {
    hash: string;
    purpose: string;
    userId: string | null;
    payload: Uint8Array | null;
    attemptsLeft: number;
    createdAt: number;
    expiresAt: number;
  };
  readonly identity_sessions: {
    id: string;
    userId: string;
    place: string;
    createdAt: number;
    lastUsedAt: number;
    expiresAt: number;
    revokedAt: number | null;
    revokedFor: string | null;
  };
  readonly identity_refresh_tokens: {
    hash: string;
    sessionId: string;
    issuedAt: number;
    expiresAt: number;
    usedAt: number | null;
  };
  readonly identity_api_keys: {
    id: string;
    hash: string;
    userId: string;
    bot: string;
    name: string;
    scopes: string;
    createdAt: number;
    expiresAt: number;
    lastUsedAt: number | null;
    revokedAt: number | null;
  };
  readonly identity_links: { issuer: string; subject: string; userId: string; linkedAt: number };
  readonly identity_attempts: { key: string; failures: number; since: number; locks: number; lockedUntil: number };
  readonly identity_places: { userId: string; place: string; firstSeenAt: number; lastSeenAt: number };
  readonly identity_alerts: { id: string; at: number; kind: string; userId: string | null; detail: string };
}

export const query = defineQueries<Tables>();

/** A column of bytes. PostgreSQL's driver gives a `Buffer`, which is one. */
export const Bytes = z.instanceof(Uint8Array);
