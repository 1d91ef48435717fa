/** Connections of the pool, each borrowed for one piece of work, and the work done again while nothing of it was stored. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { StoreClosedError } from "../errors.ts";
import type { BoundQuery, Outcome } from "../sql/database.ts";
import { type ConnectionOptions, createPool } from "./connections.ts";
import { exchange } from "./exchange.ts";
import { CommitUnknownError, explainedFailure, verdictOn } from "./failures.ts";
import { placeOf } from "./place.ts";

export interface SessionOptions extends ConnectionOptions {
  /** Hears of connections that broke while idle. */
  readonly lost?: (error: Error) => void;
  /** How long a read, or a write whose transaction was undone, is tried again, in ms. @default 5_000 */
  readonly retryMs?: number;
}

/** What every call works with. */
export interface Session {
  readonly place: string;
  /** Borrows a connection, gives it back, and closes it where the work broke it. */
  readonly borrow: <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>;
  /** How many connections there are at most. */
  readonly connections: number;
  /** Whether a transaction without a BEGIN sees at each statement what was committed until then. A pooler's may not. */
  readonly isReadCommitted: boolean;
  /** Sends them all in one round trip; outside of a transaction they are one. */
  readonly send: (client: PoolClient, queries: readonly BoundQuery[]) => Promise<readonly Outcome[]>;
  /** Does it again while nothing of it was stored, for a while. */
  readonly again: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/** Makes the pool; nothing is connected yet. */
export function openSession(options: SessionOptions): Session {
  const { url, pooler = false, connections = 10, lost = () => undefined, retryMs = 5_000 } = options;
  const place = placeOf(url);
  const pool = createPool(options, lost);
  const nameOf = createNames();
  let closed: Promise<void> | undefined;
  const lend = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    let isBroken = true;
    try {
      const result = await work(client);
      isBroken = false;
      return result;
    } catch (thrown) {
      isBroken = verdictOn(thrown) === "lost";
      throw thrown;
    } finally {
      client.release(isBroken);
    }
  };
  const lent = new Set<Promise<unknown>>();
  return {
    place,
    borrow: async (work) => {
      if (closed !== undefined) throw new StoreClosedError();
      const lending = lend(work);
      lent.add(lending);
      try {
        return await lending;
      } finally {
        lent.delete(lending);
      }
    },
    connections,
    isReadCommitted: !pooler,
    send: async (client, queries) =>
      await exchange(client, pooler ? queries : queries.map(({ sql, values }) => ({ sql, values, name: nameOf(sql) }))),
    again: async (work) => await tryAgain(work, { place, retryMs }),
    // Once it is told to end, the pool serves nobody any more, not even those who wait for a connection.
    close: async () => await (closed ??= Promise.allSettled(lent).then(async () => await pool.end())),
  };
}

/** The name under which a statement is prepared on each connection: the same in every process, whatever stands between. */
function createNames(): (sql: string) => string {
  const names = new Map<string, string>();
  return (sql) => {
    let name = names.get(sql);
    if (name === undefined) {
      name = createHash("sha256").update(sql).digest("base64url").slice(0, 22);
      names.set(sql, name);
    }
    return name;
  };
}

/** Nearly at once after a conflict, with growing pauses while the server is away. */
async function tryAgain<T>(
  work: () => Promise<T>,
  { place, retryMs }: { readonly place: string; readonly retryMs: number },
): Promise<T> {
  const deadline = performance.now() + retryMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof CommitUnknownError) throw explainedFailure(place, thrown.cause);
      const isOver = verdictOn(thrown) === "refused" || performance.now() + pause > deadline;
      if (isOver) throw explainedFailure(place, thrown);
    }
    // Two that ran into each other do not meet again.
    await sleep(pause * (0.5 + Math.random() / 2));
  }
}
