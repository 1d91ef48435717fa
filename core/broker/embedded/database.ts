/** Opens the broker's file: WAL, durable commits, migrated to the newest version. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { z } from "zod";
import { NewerFileError } from "./errors.ts";
import { MIGRATIONS } from "./migrations.ts";

/** How long opening waits for another process that migrates or recovers the file. */
const OPEN_TIMEOUT_MS = 10_000;
/** Later waits happen in the event loop (group-commit.ts), never inside SQLite, which would block it. */
const BUSY_TIMEOUT_MS = 10;

/** `full` survives power loss; `normal` survives the death of the process, and may lose the last commits with the power. */
export type Synchronous = "full" | "normal";

/** Opens and migrates the file. Throws `broker/newer-file` for a file of a later version. */
export function openDatabase(path: string, synchronous: Synchronous): Database {
  mkdirSync(dirname(path), { recursive: true });
  const database = new SqliteDatabase(path, { timeout: OPEN_TIMEOUT_MS });
  database.pragma("journal_mode = WAL");
  database.pragma(`synchronous = ${synchronous}`);
  database.pragma("journal_size_limit = 67108864");
  database.pragma("temp_store = memory");
  database.transaction(() => migrate(database, path)).immediate();
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return database;
}

function migrate(database: Database, path: string): void {
  const version = z.number().parse(database.pragma("user_version", { simple: true }));
  if (version > MIGRATIONS.length) throw new NewerFileError(path, version, MIGRATIONS.length);
  for (const step of MIGRATIONS.slice(version)) database.exec(step);
  database.pragma(`user_version = ${MIGRATIONS.length}`);
}
