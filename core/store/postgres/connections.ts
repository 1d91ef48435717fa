/** The pool of connections: limits on everything that may hang. */
import { Pool, types } from "pg";
import { INT8, wholeNumber } from "./exchange.ts";

export interface ConnectionOptions {
  /** `postgres://user:password@host:port/database?sslmode=…` */
  readonly url: string;
  /** At most so many connections of this process. @default 10 */
  readonly connections?: number;
  /** True behind a pooler in transaction mode, such as PgBouncer: nothing is prepared, no session is relied on. @default false */
  readonly pooler?: boolean;
  /** The server itself, when `url` names a pooler: announcements are heard there. */
  readonly directUrl?: string | undefined;
  /** The longest that one statement may take, in ms. @default 10_000 */
  readonly statementTimeoutMs?: number;
}

export const CONNECT_MS = 3_000;

/** What a statement after a lock sees: everything that was committed until then. A server may be set to something else. */
const READ_COMMITTED = "-c default_transaction_isolation=read\\ committed";

/** A pool; nothing is connected yet. */
export function createPool(options: ConnectionOptions, lost: (error: Error) => void): Pool {
  const { url, connections = 10, pooler = false, statementTimeoutMs = 10_000 } = options;
  const limits = {
    statement_timeout: statementTimeoutMs,
    lock_timeout: Math.ceil(statementTimeoutMs / 2),
    idle_in_transaction_session_timeout: statementTimeoutMs * 2,
  };
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    // A server that does not even say that it timed out is given up on.
    query_timeout: statementTimeoutMs + 1_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline: true,
    application_name: "parley",
    // A pooler refuses parameters that it does not know.
    ...(pooler ? {} : { ...limits, options: READ_COMMITTED }),
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8 ? wholeNumber : types.getTypeParser(oid, format),
    },
  });
  // An idle connection that breaks is no error of anybody's work; the next one is new. While one is at work, its query
  // rejects; what it emits beside that would end the process.
  pool.on("error", lost);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
}
