/**
 * Durability costs one fsync per transaction, not per write: all writes of one event-loop tick share a transaction.
 * Each write is atomic by itself: one that throws takes nothing else with it. Its promise settles only after COMMIT:
 * what is acknowledged is durable.
 *
 * While another process writes, the queue waits in the event loop and tries again; it does not block inside SQLite.
 */
import { performance } from "node:perf_hooks";
import type { Database } from "better-sqlite3";
import { toError } from "../../errors.ts";
import { DatabaseError, StoreClosedError } from "../errors.ts";
import { createTransactions } from "./group-transaction.ts";
import { type PendingWrite, pendingWrite } from "./pending-write.ts";
import { explained } from "./trouble.ts";

const LOCK_RETRY_MS = 2;
/** Bounds how long one transaction keeps the event loop and other processes waiting. */
const LARGEST_BATCH = 500;

/** Collects synchronous writes to one database and commits them together. */
export interface GroupCommit {
  /**
   * Runs the operation in the next shared transaction and resolves with its result after COMMIT. When it throws, its
   * own changes are undone and the promise rejects with what it threw. The operation must be synchronous; it may use
   * `database.transaction`. It may run twice, the first time undone, when another one throws: let it change nothing
   * but the database.
   */
  readonly write: <T>(operation: () => T) => Promise<T>;
  /**
   * The same for what a power loss may undo, because no process that relied on it survives the power loss (claims,
   * leases). It survives the death of the process, and costs no fsync of its own.
   */
  readonly writeLightly: <T>(operation: () => T) => Promise<T>;
  /** Commits what waits, now. Failures go to the writers, never to the caller of `flush`. */
  readonly flush: () => Promise<void>;
  /** Commits what waits and refuses later writes. Leaves the database open; safe to call twice. */
  readonly close: () => Promise<void>;
}

export interface GroupCommitOptions {
  /** How long a write waits for another process that holds the file. @default the connection's busy timeout */
  readonly lockDeadlineMs?: number;
  /** Called after every COMMIT. */
  readonly committed?: () => void;
  /** What a write after `close` rejects with. @default `store/closed` */
  readonly closedError?: () => Error;
  /** What the writes of a failed transaction reject with; nothing of them was stored. @default `store/database` */
  readonly failedError?: (cause: Error) => Error;
}

/** Makes the group commit of a database. Use one per connection: they share its transaction state. */
export function createGroupCommit(database: Database, options: GroupCommitOptions = {}): GroupCommit {
  const { committed, closedError = () => new StoreClosedError() } = options;
  const failedError = options.failedError ?? ((cause: Error) => databaseError(database.name, cause));
  const transactions = createTransactions(database);
  const lockDeadlineMs = options.lockDeadlineMs ?? transactions.busyTimeoutMs;
  let queue: PendingWrite[] = [];
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let closed = false;
  let idle: (() => void)[] = [];

  function failOverdue(cause: Error): void {
    const oldest = performance.now() - lockDeadlineMs;
    const overdue = queue.filter(({ since }) => since <= oldest);
    queue = queue.filter(({ since }) => since > oldest);
    failAll(overdue, failedError(cause));
  }

  function commitNext(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = undefined;
    immediate = undefined;
    if (queue.length > 0) {
      const batch = queue.slice(0, LARGEST_BATCH);
      const outcome = transactions.commit(batch);
      if (outcome.status === "locked") {
        failOverdue(outcome.error);
        if (queue.length > 0) timer = setTimeout(commitNext, LOCK_RETRY_MS);
      } else {
        queue = queue.slice(batch.length);
        if (outcome.status === "failed") failAll(batch, failedError(outcome.error));
        else for (const pending of batch) pending.settle();
        if (outcome.status === "committed") committed?.();
        if (queue.length > 0) immediate = setImmediate(commitNext);
      }
    }
    if (queue.length === 0) for (const resolve of idle.splice(0)) resolve();
  }

  function enqueue<T>(operation: () => T, durable: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(closedError());
      queue.push(pendingWrite(operation, durable, { resolve, reject }));
      if (timer === undefined) immediate ??= setImmediate(commitNext);
    });
  }

  async function flush(): Promise<void> {
    commitNext();
    if (queue.length > 0) await new Promise<void>((resolve) => void idle.push(resolve));
  }

  return {
    write: (operation) => enqueue(operation, true),
    writeLightly: (operation) => enqueue(operation, false),
    flush,
    close: async () => {
      closed = true;
      await flush();
    },
  };
}

function failAll(writes: readonly PendingWrite[], error: Error): void {
  for (const pending of writes) pending.fail(error);
}

/** SQLite's own failures as a named, retryable error. */
function databaseError(path: string, cause: Error): Error {
  const known = explained(path, cause);
  if (known instanceof DatabaseError) return known;
  return new DatabaseError(
    `The database did not take a write (${cause.message}); nothing of it was stored. Is the disk full, or does another program hold the file?`,
    { retryable: true, cause: toError(cause) },
  );
}
