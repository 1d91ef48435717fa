/** PostgreSQL behind the interface of `sql/database.ts`, for several processes on several machines. */
import type { Database } from "../sql/database.ts";
import { checkPostgres } from "./checks.ts";
import { createListener, type Listener } from "./listener.ts";
import { migratePostgres } from "./migrate.ts";
import { openSession, type SessionOptions } from "./session.ts";
import { runRead, runReads, runStatement, runTransaction } from "./transaction.ts";
import { createTrips } from "./trips.ts";

export type PostgresOptions = SessionOptions;

/** Opens the database; connects with the first call. */
export function openPostgresDatabase(options: PostgresOptions): Database {
  const session = openSession(options);
  const road = { ...session, ...createTrips(session) };
  const { place, borrow, again } = session;
  const listener = listenerOf(options);
  return {
    engine: "postgres",
    place,
    migrate: async (module) =>
      await again(async () => await borrow(async (client) => await migratePostgres(client, module, place))),
    all: async (query, values) => {
      const { rows } = await runRead(road, query.bind("postgres", values));
      return rows.map((row) => query.read(row));
    },
    first: async (query, values) => {
      const { rows } = await runRead(road, query.bind("postgres", values));
      return rows.length === 0 ? undefined : query.read(rows[0]);
    },
    change: async (query, values, write = {}) =>
      (await runStatement(road, query.bind("postgres", values), write)).changes,
    read: async (work) => await runReads(road, work),
    write: async (work, write = {}) => await runTransaction(road, work, write),
    ...(listener !== undefined && { listen: listener.listen }),
    scrub: async () => undefined,
    check: async () => await checkPostgres(borrow, { place }),
    close: async () => {
      await listener?.close();
      await road.end();
      await session.close();
    },
  };
}

/** None where only a pooler is known. */
function listenerOf({ url, directUrl, pooler = false, ...options }: PostgresOptions): Listener | undefined {
  if (pooler && directUrl === undefined) return undefined;
  const { statementTimeoutMs = 10_000, lost = () => undefined } = options;
  return createListener({ url: directUrl ?? url, timeoutMs: statementTimeoutMs, lost });
}
