/** Where the modules of an installation keep their tables: a SQLite file each, or one PostgreSQL database for all of them. */
import { join } from "node:path";
import type { ConnectionOptions } from "./postgres/connections.ts";
import type { PostgresOptions } from "./postgres/postgres-database.ts";
import type { Database } from "./sql/database.ts";
import type { Module } from "./sql/module.ts";
import type { DatabaseOptions } from "./sqlite/database.ts";
import { openSqliteDatabase } from "./sqlite/sqlite-database.ts";

/** Opens databases by the name of their file, such as `store.sqlite`. Close each of them, and this in the end. */
export interface Databases {
  readonly engine: Database["engine"];
  /** From which another thread opens the same ones: plain data, a server's password within. */
  readonly origin: DatabasesOrigin;
  /** `options` are SQLite's alone. */
  readonly open: (file: string, options?: DatabaseOptions) => Database;
  readonly close: () => Promise<void>;
}

export type DatabasesOrigin =
  | { readonly kind: "sqlite"; readonly directory: string }
  | ({ readonly kind: "postgres" } & ConnectionOptions);

/** Opens those of another thread. */
export async function openDatabasesOf(origin: DatabasesOrigin): Promise<Databases> {
  return origin.kind === "sqlite" ? sqliteDatabases(origin.directory) : await postgresDatabases(origin);
}

/** What is kept in one of them. */
export interface KeptTables {
  readonly file: string;
  readonly modules: readonly Module[];
}

/** SQLite files in one directory. */
export function sqliteDatabases(directory: string): Databases {
  return {
    engine: "sqlite",
    origin: { kind: "sqlite", directory },
    open: (file, options) => openSqliteDatabase(join(directory, file), options),
    close: async () => undefined,
  };
}

/** One PostgreSQL database, whatever the file is called. The driver is loaded only where it is used. */
export async function postgresDatabases(
  connection: ConnectionOptions,
  lost?: PostgresOptions["lost"],
): Promise<Databases> {
  const { openPostgresDatabase } = await import("./postgres/postgres-database.ts");
  const database = openPostgresDatabase({ ...connection, ...(lost !== undefined && { lost }) });
  return {
    engine: "postgres",
    origin: { ...connection, kind: "postgres" },
    // The connections are everybody's: whoever closes its part leaves them to the others.
    open: () => ({ ...database, close: async () => undefined }),
    close: database.close,
  };
}
