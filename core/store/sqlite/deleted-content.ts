/**
 * What SQLite keeps of deleted rows: the bytes in free space (overwritten, `secure_delete`), and older pages in the
 * write-ahead log, which is emptied from time to time.
 */
import { statSync } from "node:fs";
import type { Database } from "better-sqlite3";

/** After this time at most nothing of a deleted row is left in any file. */
const EVERY_MS = 60_000;

/** Moves the log into the file and cuts it to nothing. False when another connection is reading or writing just now. */
export function emptyLog(database: Database): boolean {
  const timeout = Number(database.pragma("busy_timeout", { simple: true }));
  // A reader in another process is no reason to hold up this one: the next round comes.
  database.pragma("busy_timeout = 0");
  try {
    return database.pragma("wal_checkpoint(TRUNCATE)", { simple: true }) === 0;
  } finally {
    database.pragma(`busy_timeout = ${timeout}`);
  }
}

/** Empties the log once a minute while the database is open, when there is something in it. */
export function keepLogEmpty(database: Database): void {
  const timer = setInterval(() => {
    if (!database.open) clearInterval(timer);
    else if (!database.inTransaction && hasLog(database.name)) emptyLog(database);
  }, EVERY_MS);
  timer.unref();
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
