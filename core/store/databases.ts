/** Where the modules of an installation keep their tables: a SQLite file each, or one PostgreSQL database for all of them. */
import { join } from "node:path";
import { createSealing, fileKeyPort, type KeyPort, type SealedColumn, type Sealing } from "../privacy/sealing/index.ts";
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
  /** Seals columns of these databases. Whoever keeps some waits for `ready` when it opens. */
  readonly sealing: Sealing;
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
  /** Columns whose texts are sealed: they are sealed again when the keys are made anew. */
  readonly sealed?: readonly SealedColumn[];
}

/** How columns are sealed. */
export interface SealingSettings {
  /** @default a file in the directory of SQLite's files, made at the first start; PostgreSQL has no such place */
  readonly keys?: KeyPort;
  /** True where a text that is not sealed is refused. @default false */
  readonly refusesPlain?: boolean;
}

/** The file of the data keys. */
export const SEALING_FILE = "sealing.sqlite";

/** SQLite files in one directory. */
export function sqliteDatabases(directory: string, sealing: SealingSettings = {}): Databases {
  const open: Databases["open"] = (file, options) => openSqliteDatabase(join(directory, file), options);
  const keys = sealing.keys ?? fileKeyPort(join(directory, "sealing.key"));
  const sealed = createSealing({ ...sealing, keys, open: () => open(SEALING_FILE) });
  return { engine: "sqlite", origin: { kind: "sqlite", directory }, open, sealing: sealed, close: sealed.close };
}

export interface PostgresPlace extends SealingSettings {
  readonly lost?: PostgresOptions["lost"];
}

/** One PostgreSQL database, whatever the file is called. The driver is loaded only where it is used. */
export async function postgresDatabases(
  connection: ConnectionOptions,
  { lost, keys = noKeys, refusesPlain = false }: PostgresPlace = {},
): Promise<Databases> {
  const { openPostgresDatabase } = await import("./postgres/postgres-database.ts");
  const database = openPostgresDatabase({ ...connection, ...(lost !== undefined && { lost }) });
  // The connections are everybody's: whoever closes its part leaves them to the others.
  const open: Databases["open"] = () => ({ ...database, close: async () => undefined });
  return {
    engine: "postgres",
    origin: { ...connection, kind: "postgres" },
    open,
    sealing: createSealing({ keys, refusesPlain, open: () => open(SEALING_FILE) }),
    close: database.close,
  };
}

/** For whoever only copies, or reads what is not sealed. */
const noKeys: KeyPort = {
  place: "nowhere",
  prepare: async () => refuseKeys(),
  current: async () => refuseKeys(),
  wrap: async () => refuseKeys(),
  unwrap: async () => refuseKeys(),
  check: async () => [],
};

function refuseKeys(): never {
  throw new Error("These databases were opened without the key that seals them");
}
