import type { Database } from "better-sqlite3";
import { sqliteErrorCode } from "./driver.ts";

/** Sets WAL mode. Switching a fresh file ignores the busy timeout, so processes that start at once try again, 2 s at most. */
export function useWriteAheadLog(database: Database): void {
  const attempts = 100;
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.pragma("journal_mode = WAL");
      return;
    } catch (thrown) {
      const busy = sqliteErrorCode(thrown)?.startsWith("SQLITE_BUSY") === true;
      if (!busy || attempt === attempts) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
