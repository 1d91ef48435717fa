/** Opens SQLite files the one way that is safe here, and brings their tables up to date. */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { ParleyError, toError } from "../../errors.ts";
import { openSqlite } from "./driver.ts";
import { keepLogEmpty } from "./deleted-content.ts";
import { DatabaseError } from "../errors.ts";
import { explained } from "./trouble.ts";
import { useWriteAheadLog } from "./write-ahead-log.ts";

export interface DatabaseOptions {
  /** `full`: a committed write survives a power cut. `normal`: it survives a crash of the process. @default "full" */
  readonly synchronous?: "full" | "normal";
  /** How long a write waits for another process that holds the file, in ms. @default 5000 */
  readonly busyTimeoutMs?: number;
}

/** Pages that one connection keeps, in KiB. A process opens half a dozen files, and the system caches them as well. */
const PAGE_CACHE_KIB = 4_000;

/** One step of a module's tables. Versions count from 1 without gaps; a released step is never changed. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Opens (or makes) a database in WAL mode with foreign keys, readable by this user only. Folders are made.
 * Throws `store/database` with the path and the fix when it cannot be opened.
 */
export function openDatabase(path: string, options: DatabaseOptions = {}): Database {
  try {
    if (path !== ":memory:") createPrivateFile(path);
    const database = openSqlite(path, { timeout: options.busyTimeoutMs ?? 5000 });
    try {
      configure(database, options.synchronous ?? "full");
      if (path !== ":memory:") keepLogEmpty(database);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    return database;
  } catch (thrown) {
    if (thrown instanceof ParleyError) throw thrown;
    const known = explained(path, thrown);
    if (known instanceof DatabaseError) throw known;
    const cause = toError(thrown);
    throw new DatabaseError(
      `The database ${path} cannot be opened (${cause.message}). Check that the folder is writable and that the file is a SQLite database.`,
      { retryable: false, cause },
    );
  }
}

/**
 * Brings one module's tables to its newest version: each step in a transaction of its own, safe when several processes
 * start at once. Several modules may share a file. Throws `store/newer-database` when a newer Parley wrote it.
 */
export function migrate(database: Database, module: string, migrations: readonly Migration[]): void {
  if (migrations.some(({ version }, index) => version !== index + 1)) {
    throw new TypeError(`Migrations of "${module}" must be numbered 1, 2, 3, … in order`);
  }
  database.exec(
    "CREATE TABLE IF NOT EXISTS schema_versions (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT",
  );
  const select = database.prepare("SELECT version FROM schema_versions WHERE module = ?");
  const record = database.prepare(
    "INSERT INTO schema_versions (module, version) VALUES (?, ?) ON CONFLICT (module) DO UPDATE SET version = excluded.version",
  );
  const current = (): number => VersionRow.parse(select.get(module)).version;
  const found = current();
  if (found > migrations.length) {
    throw new ParleyError(
      "store/newer-database",
      `${database.name}: the "${module}" tables have version ${found}, this Parley knows up to ${migrations.length}. ` +
        "Install the Parley version that wrote it, or restore a copy made before the upgrade.",
    );
  }
  for (const { version, sql } of migrations.slice(found)) {
    database
      .transaction(() => {
        // Another process may have made this step since.
        if (current() >= version) return;
        database.exec(sql);
        record.run(module, version);
      })
      .immediate();
  }
}

const VersionRow = z.object({ version: z.number().int() }).default({ version: 0 });

/** The file holds conversations: nobody but its owner may read it. The -wal and -shm files take over its mode. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, "a", 0o600));
}

function configure(database: Database, synchronous: "full" | "normal"): void {
  useWriteAheadLog(database);
  database.pragma(`synchronous = ${synchronous}`);
  database.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
  database.pragma("foreign_keys = ON");
  database.pragma("trusted_schema = OFF");
  // What is deleted is overwritten: a person who asked to be forgotten is gone from the file, not only from its tables.
  database.pragma("secure_delete = ON");
}
