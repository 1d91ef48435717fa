/**
 * Durability costs one fsync per transaction, not per write: all writes of one event-loop tick share a transaction.
 * Each write is atomic by its own savepoint, so that one that throws takes nothing else with it.
 */
import type { Database } from "better-sqlite3";
import { toError } from "../../errors.ts";
import { DatabaseError, StoreClosedError } from "./errors.ts";

/** Collects synchronous writes to one database and commits them together. */
export interface GroupCommit {
  /**
   * Runs the operation in the next shared transaction and resolves with its result after COMMIT. When it throws, its
   * own changes are undone and the promise rejects with what it threw. The operation must be synchronous; it may use
   * `database.transaction`.
   */
  readonly write: <T>(operation: () => T) => Promise<T>;
  /** Commits what waits, now. Failures go to the writers, never to the caller of `flush`. */
  readonly flush: () => Promise<void>;
  /** Commits what waits and refuses later writes (`store/closed`). Leaves the database open; safe to call twice. */
  readonly close: () => Promise<void>;
}

interface PendingWrite {
  /** Runs the operation; gives how to settle its promise once the outcome of COMMIT is known. */
  readonly run: () => void;
  readonly settle: () => void;
  readonly fail: (error: Error) => void;
  readonly threw: () => boolean;
}

/** Makes the group commit of a database. Use one per connection: they share its transaction state. */
export function createGroupCommit(database: Database): GroupCommit {
  const statements = prepareStatements(database);
  let pending: PendingWrite[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let closed = false;

  function commitPending(): void {
    if (scheduled !== undefined) clearImmediate(scheduled);
    scheduled = undefined;
    const batch = pending;
    pending = [];
    if (batch.length === 0) return;
    try {
      commitBatch(database, statements, batch);
    } catch (thrown) {
      const error = databaseError(thrown);
      for (const write of batch) write.fail(error);
      return;
    }
    for (const write of batch) write.settle();
  }

  return {
    write: async <T>(operation: () => T) => {
      if (closed) throw new StoreClosedError();
      return await new Promise<T>((resolve, reject) => {
        pending.push(pendingWrite(operation, resolve, reject));
        scheduled ??= setImmediate(commitPending);
      });
    },
    flush: async () => {
      commitPending();
      await Promise.resolve();
    },
    close: async () => {
      closed = true;
      commitPending();
      await Promise.resolve();
    },
  };
}

type Statements = ReturnType<typeof prepareStatements>;

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

function commitBatch(database: Database, statements: Statements, batch: readonly PendingWrite[]): void {
  statements.begin.run();
  try {
    for (const write of batch) {
      statements.savepoint.run();
      write.run();
      // A full disk or an I/O error rolls the whole transaction back by itself: then nothing of the batch stands.
      if (!database.inTransaction) throw new Error("SQLite rolled the shared transaction back");
      if (write.threw()) statements.undo.run();
      statements.release.run();
    }
    statements.commit.run();
  } catch (thrown) {
    if (database.inTransaction) statements.rollback.run();
    throw thrown;
  }
}

function pendingWrite<T>(
  operation: () => T,
  resolve: (value: T) => void,
  reject: (error: Error) => void,
): PendingWrite {
  let outcome: { readonly value: T } | { readonly error: Error } | undefined;
  return {
    run: () => {
      try {
        outcome = { value: operation() };
      } catch (thrown) {
        outcome = { error: toError(thrown) };
      }
    },
    settle: () => {
      if (outcome === undefined) reject(new Error("The write was committed without having run"));
      else if ("error" in outcome) reject(outcome.error);
      else resolve(outcome.value);
    },
    // A write that failed by itself keeps its own reason; the others learn why the batch failed.
    fail: (error) => reject(outcome !== undefined && "error" in outcome ? outcome.error : error),
    threw: () => outcome !== undefined && "error" in outcome,
  };
}

/** SQLite's own failures as a named, retryable error. */
function databaseError(thrown: unknown): Error {
  const cause = toError(thrown);
  return new DatabaseError(
    `The database did not take a write (${cause.message}); nothing of it was stored. Is the disk full, or does another program hold the file?`,
    { retryable: true, cause },
  );
}
