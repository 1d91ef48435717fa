/** Opens the broker's file: as every SQLite file here, migrated to the newest version. */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { openDatabase } from "../../store/sqlite/database.ts";
import { NewerFileError } from "./errors.ts";
import { MIGRATIONS } from "./migrations.ts";

/** How long opening waits for another process that migrates or recovers the file. */
const OPEN_TIMEOUT_MS = 10_000;

/** `full` survives power loss; `normal` survives the death of the process, and may lose the last commits with the power. */
export type Synchronous = "full" | "normal";

/** Opens and migrates the file. Throws `broker/newer-file` for a file of a later version. */
export function openBrokerDatabase(path: string, synchronous: Synchronous): Database {
  const database = openDatabase(path, { synchronous, busyTimeoutMs: OPEN_TIMEOUT_MS });
  try {
    database.pragma("journal_size_limit = 67108864");
    database.pragma("temp_store = memory");
    database.transaction(() => migrate(database, path)).immediate();
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return database;
}

function migrate(database: Database, path: string): void {
  const version = z.number().parse(database.pragma("user_version", { simple: true }));
  if (version > MIGRATIONS.length) throw new NewerFileError(path, version, MIGRATIONS.length);
  for (const step of MIGRATIONS.slice(version)) database.exec(step);
  database.pragma(`user_version = ${MIGRATIONS.length}`);
}
