/**
 * One fsync for many writes: the operations of one event-loop tick share a transaction. Each is atomic by a savepoint
 * of its own, and its promise settles only after COMMIT, so what is acknowledged is durable.
 *
 * While another process writes, the queue waits in the event loop and tries again; it never blocks inside SQLite.
 */
import { performance } from "node:perf_hooks";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { ParleyError, toError } from "../../errors.ts";
import { BrokerUnavailableError } from "../errors.ts";
import { BrokerClosedError } from "./errors.ts";

/** After this long behind another process's lock a write is given up (nothing of it is stored): a webhook wants an answer. */
const LOCK_DEADLINE_MS = 900;
const LOCK_RETRY_MS = 2;
/** Bounds how long one transaction keeps the event loop and other processes waiting. */
const LARGEST_BATCH = 500;

export interface GroupCommit {
  /** Runs the synchronous operation in the next shared transaction; resolves or rejects after its durable COMMIT. */
  readonly write: <Result>(operation: () => Result) => Promise<Result>;
  /**
   * The same for what a power loss may undo, because no process that relied on it survives the power loss (claims,
   * leases). It survives the death of the process, and costs no fsync of its own.
   */
  readonly writeLightly: <Result>(operation: () => Result) => Promise<Result>;
  /** Commits what waits, then refuses everything else. */
  readonly close: () => Promise<void>;
}

interface Pending {
  readonly durable: boolean;
  readonly since: number;
  readonly run: () => void;
  readonly settle: () => void;
  readonly fail: (error: Error) => void;
  /** What the operation itself threw. */
  readonly thrown: () => unknown;
}

/** Makes the group commit of one connection. `committed` is called after every COMMIT that changed something. */
export function createGroupCommit(database: Database, committed: () => void): GroupCommit {
  const transaction = transactionStatements(database);
  const durability = durabilitySwitch(database);
  let queue: Pending[] = [];
  let scheduled = false;
  let closed = false;
  let idle: (() => void)[] = [];

  function schedule(delayMs?: number): void {
    if (scheduled) return;
    scheduled = true;
    if (delayMs === undefined) setImmediate(flush);
    else setTimeout(flush, delayMs);
  }

  function flush(): void {
    scheduled = false;
    const batch = queue.slice(0, LARGEST_BATCH);
    durability.set(batch.some(({ durable }) => durable));
    const outcome = commitBatch(database, transaction, batch);
    if (outcome.status === "locked") {
      const now = performance.now();
      const overdue = queue.filter(({ since }) => now - since >= LOCK_DEADLINE_MS);
      queue = queue.filter(({ since }) => now - since < LOCK_DEADLINE_MS);
      for (const pending of overdue) pending.fail(new BrokerUnavailableError("write", outcome.error));
    } else {
      queue = queue.slice(batch.length);
      for (const pending of batch) {
        if (outcome.status === "committed") pending.settle();
        else pending.fail(new BrokerUnavailableError("write", outcome.error));
      }
      if (outcome.status === "committed") committed();
    }
    if (queue.length > 0) schedule(outcome.status === "locked" ? LOCK_RETRY_MS : undefined);
    else for (const resolve of idle.splice(0)) resolve();
  }

  const enqueue = <Result>(operation: () => Result, durable: boolean): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      if (closed) {
        reject(new BrokerClosedError());
        return;
      }
      queue.push({ durable, ...pendingWrite(operation, resolve, reject) });
      schedule();
    });

  return {
    write: (operation) => enqueue(operation, true),
    writeLightly: (operation) => enqueue(operation, false),
    close: async () => {
      closed = true;
      if (queue.length > 0) await new Promise<void>((resolve) => void idle.push(resolve));
    },
  };
}

/**
 * In WAL mode a commit without fsync is still atomic, and in order: the next commit with one makes it durable, too.
 * A file opened as NORMAL stays NORMAL.
 */
function durabilitySwitch(database: Database): { readonly set: (durable: boolean) => void } {
  const opened = Number(database.pragma("synchronous", { simple: true }));
  const NORMAL = 1;
  let current = opened;
  return {
    set: (durable) => {
      const wanted = durable ? opened : Math.min(opened, NORMAL);
      if (wanted !== current) database.pragma(`synchronous = ${wanted}`);
      current = wanted;
    },
  };
}

type Outcome =
  | { readonly status: "committed" }
  | { readonly status: "locked"; readonly error: Error }
  | { readonly status: "failed"; readonly error: Error };

type Transaction = ReturnType<typeof transactionStatements>;

function transactionStatements(database: Database) {
  return {
    begin: database.prepare("BEGIN IMMEDIATE"),
    commit: database.prepare("COMMIT"),
    rollback: database.prepare("ROLLBACK"),
    savepoint: database.prepare("SAVEPOINT one_write"),
    release: database.prepare("RELEASE one_write"),
    undo: database.prepare("ROLLBACK TO one_write"),
  };
}

function commitBatch(database: Database, transaction: Transaction, batch: readonly Pending[]): Outcome {
  try {
    transaction.begin.run();
  } catch (thrown) {
    return { status: isLocked(thrown) ? "locked" : "failed", error: toError(thrown) };
  }
  try {
    for (const pending of batch) {
      transaction.savepoint.run();
      pending.run();
      const thrown = pending.thrown();
      // A full disk or an I/O error may have ended the whole transaction: then nothing of the batch stands.
      if (thrown instanceof SqliteDatabase.SqliteError || !database.inTransaction) throw toError(thrown);
      if (thrown !== undefined) transaction.undo.run();
      transaction.release.run();
    }
    transaction.commit.run();
    return { status: "committed" };
  } catch (thrown) {
    if (database.inTransaction) transaction.rollback.run();
    return { status: isLocked(thrown) ? "locked" : "failed", error: toError(thrown) };
  }
}

function isLocked(thrown: unknown): boolean {
  return thrown instanceof SqliteDatabase.SqliteError && thrown.code.startsWith("SQLITE_BUSY");
}

function pendingWrite<Result>(
  operation: () => Result,
  resolve: (result: Result) => void,
  reject: (error: Error) => void,
): Omit<Pending, "durable"> {
  let outcome: { readonly result: Result } | { readonly thrown: unknown } | undefined;
  return {
    since: performance.now(),
    run: () => {
      try {
        outcome = { result: operation() };
      } catch (thrown) {
        outcome = { thrown };
      }
    },
    settle: () => {
      if (outcome === undefined) reject(new Error("A write was committed that had not run"));
      else if ("thrown" in outcome) reject(toError(outcome.thrown));
      else resolve(outcome.result);
    },
    fail: (error) => {
      const own = outcome !== undefined && "thrown" in outcome ? outcome.thrown : undefined;
      reject(own instanceof ParleyError ? own : error);
    },
    thrown: () => (outcome !== undefined && "thrown" in outcome ? outcome.thrown : undefined),
  };
}
