/** Where a test keeps what it keeps: a folder of SQLite files, or a database in PostgreSQL. */
import { testKeys } from "./test-sealing.ts";
import { join } from "node:path";
import { Client } from "pg";
import { type Databases, postgresDatabases, sqliteDatabases } from "../../core/store/databases.ts";
import type { Engine } from "../../core/store/sql/database.ts";
import { openSqlite } from "../../core/store/sqlite/driver.ts";

/** A place of one test, empty at first. */
export interface TestPlace {
  readonly engine: Engine;
  /** Left out for SQLite. */
  readonly url?: string;
  /** As each process does; close it. */
  readonly open: () => Promise<Databases>;
  /** Statements past everything that guards the tables, as somebody with access to the database may run them. */
  readonly execute: (file: string, statements: string) => Promise<void>;
}

/** The folder, or the database of this address. */
export function placeAt(folder: string, url?: string): TestPlace {
  return url === undefined ? sqlitePlace(folder) : postgresPlace(url);
}

function sqlitePlace(folder: string): TestPlace {
  return {
    engine: "sqlite",
    open: async () => sqliteDatabases(folder),
    execute: async (file, statements) => {
      const database = openSqlite(join(folder, file));
      database.exec(statements);
      database.close();
    },
  };
}

function postgresPlace(url: string): TestPlace {
  return {
    engine: "postgres",
    url,
    open: async () => await postgresDatabases({ url }, { keys: testKeys }),
    execute: async (_file, statements) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(statements);
      } finally {
        await client.end();
      }
    },
  };
}
