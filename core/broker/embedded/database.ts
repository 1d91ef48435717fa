/** The broker's file: opened, migrated to the newest version, and written in groups. */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import type { Environment } from "../../environment.ts";
import { ParleyError } from "../../errors.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { createGroupCommit, type GroupCommit } from "../../store/sqlite/group-commit.ts";
import { explained, troubleWith } from "../../store/sqlite/trouble.ts";
import type { Telemetry } from "../../telemetry.ts";
import { BrokerUnavailableError } from "../errors.ts";
import type { ChangeWatch } from "./change-watch.ts";

/** How long opening waits for another process that migrates or recovers the file. */
const OPEN_TIMEOUT_MS = 10_000;

/** `full` survives power loss; `normal` survives the death of the process, and may lose the last commits with the power. */
export type Synchronous = "full" | "normal";

/** Opens and migrates the file. Throws `broker/newer-file` for a file of a later version. */
export function openBrokerDatabase(path: string, synchronous: Synchronous): Database {
  const database = openDatabase(path, { synchronous, busyTimeoutMs: OPEN_TIMEOUT_MS });
  try {
    database.pragma("journal_size_limit = 67108864");
    database.pragma("temp_store = memory");
    database.transaction(() => migrate(database, path)).immediate();
  } catch (thrown) {
    database.close();
    throw explained(path, thrown);
  }
  return database;
}

function migrate(database: Database, path: string): void {
  const version = z.number().parse(database.pragma("user_version", { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new ParleyError(
      "broker/newer-file",
      `${path} has version ${version}, this program knows up to ${MIGRATIONS.length}. Run the newer program, or use another path.`,
    );
  }
  for (const step of MIGRATIONS.slice(version)) database.exec(step);
  database.pragma(`user_version = ${MIGRATIONS.length}`);
}

/** After this long behind another process's lock a write is given up (nothing of it is stored): a webhook wants an answer. */
const LOCK_DEADLINE_MS = 900;

/** Makes the writes of one connection. `committed` is called after every COMMIT. */
export function createWrites(database: Database, committed: () => void): GroupCommit {
  return createGroupCommit(database, {
    committed,
    lockDeadlineMs: LOCK_DEADLINE_MS,
    closedError: () =>
      new ParleyError(
        "broker/closed",
        "The broker is closed; the call did nothing. It is closed last, after its users.",
        { status: 503 },
      ),
    failedError: (cause) => new BrokerUnavailableError("write", cause, troubleWith(database.name, cause)?.says),
  });
}

/** What the parts of one opened broker share. */
export interface EmbeddedContext {
  readonly database: Database;
  readonly write: GroupCommit["write"];
  readonly writeLightly: GroupCommit["writeLightly"];
  readonly watch: ChangeWatch;
  /** Names this opened broker among those on the file. */
  readonly process: string;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Waiting events a conversation may have. */
  readonly maxWaiting: number;
}

/** The file's versions, oldest first. A released step is never changed; a new one is appended. */
export const MIGRATIONS: readonly string[] = [
  `
  -- Deduplication keys. The time of first acceptance decides when a key is forgotten.
  CREATE TABLE seen (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

  -- One row per conversation, for ever: its sequence must not start again.
  -- due: idle = NULL, ready = claimable from, running = end of the lease; span: how far due lay ahead when it was set.
  -- taken: last sequence handed out to the running claim.
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, state TEXT NOT NULL, due INTEGER, span INTEGER NOT NULL,
    sequence INTEGER NOT NULL, waiting INTEGER NOT NULL, epoch INTEGER NOT NULL,
    attempts INTEGER NOT NULL, failures INTEGER NOT NULL, taken INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX conversations_due ON conversations (due) WHERE due IS NOT NULL;

  CREATE TABLE mailbox (
    conversation TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, message TEXT, event TEXT NOT NULL,
    PRIMARY KEY (conversation, sequence)
  ) WITHOUT ROWID;

  -- AUTOINCREMENT: a position is never used twice, so a reader's cursor stays good after removals.
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, conversation TEXT NOT NULL, id TEXT NOT NULL,
    entry TEXT NOT NULL
  );
  CREATE INDEX outbox_account ON outbox (account, position);
  CREATE TABLE progress (
    account TEXT NOT NULL, entry TEXT NOT NULL, progress TEXT NOT NULL, PRIMARY KEY (account, entry)
  ) WITHOUT ROWID;
  CREATE TABLE owners (
    account TEXT PRIMARY KEY, owner TEXT, epoch INTEGER NOT NULL, due INTEGER NOT NULL, span INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- kind: an event, or a reply that could not be read back from the outbox.
  CREATE TABLE dead (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, conversation TEXT NOT NULL,
    account TEXT NOT NULL, sequence INTEGER NOT NULL, payload TEXT NOT NULL, reason TEXT NOT NULL,
    attempts INTEGER NOT NULL, at INTEGER NOT NULL
  );

  CREATE TABLE scheduled (id TEXT PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX scheduled_at ON scheduled (at);

  CREATE TABLE paused (scope TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE lifecycle (n INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);
  CREATE TABLE remembered (key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;

  -- Live signals between processes, and who listens.
  CREATE TABLE signals (
    n INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, topic TEXT NOT NULL, message TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE TABLE listeners (origin TEXT PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- holder: the process that holds the claim; alone: 1 when nothing else ran beside it.
  -- crashes: deaths of a process in which the head was in flight; deaths: those at which nothing else was.
  ALTER TABLE conversations ADD COLUMN holder TEXT;
  ALTER TABLE conversations ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;

  -- Who works, delivers or holds a connection.
  CREATE TABLE processes (id TEXT PRIMARY KEY, member TEXT NOT NULL) WITHOUT ROWID;
  `,
];
