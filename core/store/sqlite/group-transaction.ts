/** The shared transaction of a group commit. */
import type { Database } from "better-sqlite3";
import { toError } from "../../errors.ts";
import { sqliteErrorCode } from "./driver.ts";
import { isStorageFailure, type PendingWrite } from "./pending-write.ts";

/** How long BEGIN may wait inside SQLite, which blocks the event loop: most locks are shorter. */
const BRIEF_WAIT_MS = 5;
const NORMAL = 1;

export type TransactionOutcome =
  | { readonly status: "committed" }
  /** Another process holds the file; nothing of the batch was stored. */
  | { readonly status: "locked"; readonly error: Error }
  /** Nothing of the batch was stored. */
  | { readonly status: "failed"; readonly error: Error };

export interface Transactions {
  /** Runs the writes in one transaction. */
  readonly commit: (batch: readonly PendingWrite[]) => TransactionOutcome;
  /** How long the connection waits for locks by itself. */
  readonly busyTimeoutMs: number;
}

/** Prepares the transactions of one connection. */
export function createTransactions(database: Database): Transactions {
  const busyTimeoutMs = Number(database.pragma("busy_timeout", { simple: true }));
  const briefWaitMs = Math.min(busyTimeoutMs, BRIEF_WAIT_MS);
  const statements = prepareStatements(database);
  const setDurable = durabilitySwitch(database);

  function begin(): void {
    // Only here: reads that meet a recovery or a closing checkpoint wait as long as the connection was opened for.
    // Not prepared, as this pragma takes effect when it is compiled.
    database.pragma(`busy_timeout = ${briefWaitMs}`);
    try {
      statements.begin.run();
    } finally {
      database.pragma(`busy_timeout = ${busyTimeoutMs}`);
    }
  }

  /** Runs one write; gives whether it threw by a fault of its own. */
  function runOne(pending: PendingWrite): boolean {
    pending.run();
    const own = pending.thrown();
    if (own !== undefined && isStorageFailure(own.thrown)) throw toError(own.thrown);
    // A full disk or an I/O error may end the whole transaction by itself: then nothing of the batch stands.
    if (!database.inTransaction) throw new Error("SQLite rolled the shared transaction back");
    return own !== undefined;
  }

  /**
   * Nearly never does a write throw, so the batch runs without savepoints, for which SQLite would copy every page that
   * is touched. Where one throws, all are undone and run again, each under its savepoint.
   */
  function runAll(batch: readonly PendingWrite[]): void {
    if (batch.some(runOne)) {
      statements.rollback.run();
      begin();
      for (const pending of batch) {
        statements.savepoint.run();
        if (runOne(pending)) statements.undo.run();
        statements.release.run();
      }
    }
    statements.commit.run();
  }

  return {
    busyTimeoutMs,
    commit: (batch) => {
      try {
        setDurable(batch.some(({ durable }) => durable));
        begin();
      } catch (thrown) {
        return { status: isLocked(thrown) ? "locked" : "failed", error: toError(thrown) };
      }
      try {
        runAll(batch);
        return { status: "committed" };
      } catch (thrown) {
        if (database.inTransaction) statements.rollback.run();
        return { status: isLocked(thrown) ? "locked" : "failed", error: toError(thrown) };
      }
    },
  };
}

function prepareStatements(database: Database) {
  return {
    begin: database.prepare("BEGIN IMMEDIATE"),
    commit: database.prepare("COMMIT"),
    rollback: database.prepare("ROLLBACK"),
    savepoint: database.prepare("SAVEPOINT group_write"),
    release: database.prepare("RELEASE group_write"),
    undo: database.prepare("ROLLBACK TO group_write"),
  };
}

/**
 * In WAL mode a commit without fsync is still atomic, and in order: the next commit with one makes it durable, too.
 * A file opened as NORMAL stays NORMAL.
 */
function durabilitySwitch(database: Database): (durable: boolean) => void {
  const opened = Number(database.pragma("synchronous", { simple: true }));
  let current = opened;
  return (durable) => {
    const wanted = durable ? opened : Math.min(opened, NORMAL);
    if (wanted !== current) database.pragma(`synchronous = ${wanted}`);
    current = wanted;
  };
}

function isLocked(thrown: unknown): boolean {
  return sqliteErrorCode(thrown)?.startsWith("SQLITE_BUSY") === true;
}
