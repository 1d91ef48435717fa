/** Where the state of an experiment lies: SQLite files in its folder, or a PostgreSQL of its own. And what stands there. */
import { z } from "zod";
import type { Databases } from "../../core/store/databases.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";
import {
  type PostgresServer,
  type PostgresServerOptions,
  type Standby,
  startPostgres,
} from "../support/postgres-server.ts";
import type { Stored } from "./checker.ts";
import { openProxy, type Proxy } from "./proxy.ts";

export interface StateOptions extends Pick<PostgresServerOptions, "parent" | "settings"> {
  /** The processes reach it through a proxy. */
  readonly isProxied?: boolean;
}

/** A server and the way to it. */
export interface ServedState {
  readonly server: () => PostgresServer;
  /** Only where it was asked for. */
  readonly proxy: () => Proxy;
  /** The address that the processes are given. */
  readonly url: string;
  /** The server's own address of the database, past the proxy. */
  readonly direct: () => string;
  /** Starts a standby of the server. */
  readonly addStandby: () => Promise<Standby>;
  /** The standby takes the server's place; the proxy leads there. */
  readonly succeed: (standby: Standby) => void;
  /** Ends and removes all of it at once, for a harness that is interrupted. */
  readonly abandon: () => void;
  readonly close: () => Promise<void>;
}

/** Starts a server with an empty database. */
export async function serveState(options: StateOptions): Promise<ServedState> {
  const { isProxied = false, ...serving } = options;
  const first = await startPostgres(serving);
  const servers = [first];
  let current = first;
  const database = await first.createDatabase();
  const proxy = isProxied ? await openProxy(first.port) : undefined;
  const at = (port: number): string => database.replace(`:${first.port}/`, `:${port}/`);
  return {
    server: () => current,
    proxy: () => {
      if (proxy === undefined) throw new Error("There is no proxy in front of this server.");
      return proxy;
    },
    url: at(proxy?.port ?? first.port),
    direct: () => at(current.port),
    addStandby: async () => {
      const standby = await current.startStandby();
      servers.push(standby);
      return standby;
    },
    succeed: (standby) => {
      current = standby;
      proxy?.leadTo(standby.port);
    },
    abandon: () => {
      for (const server of servers) {
        server.abandon();
        server.remove();
      }
    },
    close: async () => {
      await proxy?.close();
      for (const server of servers) {
        await server.stop("immediate");
        server.remove();
      }
    },
  };
}

const query = defineQueries<{
  turns: { event_id: string; body: string | null };
  deliveries: { id: string; outcome: string };
}>();
const turns = query()("turns", z.object({ event_id: z.string() }), ({ db }) =>
  db.selectFrom("turns").select("event_id").where("body", "is not", null),
);
const deliveries = query()("deliveries", z.object({ id: z.string(), outcome: z.string() }), ({ db }) =>
  db.selectFrom("deliveries").select(["id", "outcome"]),
);

/** Reads all of it, past any proxy. */
export async function readState(databases: Databases): Promise<Stored> {
  const database = databases.open("store.sqlite");
  try {
    return {
      turns: (await database.all(turns, {})).map(({ event_id: id }) => id),
      deliveries: await database.all(deliveries, {}),
    };
  } finally {
    await database.close();
    await databases.close();
  }
}
