import type { Database } from "better-sqlite3";
import { StoreClosedError } from "../errors.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";

/** One open database with its group commit: what each part of the store works on. */
export interface Connection {
  readonly database: Database;
  readonly write: GroupCommit["write"];
  /** Runs a read now; rejects with `store/closed` after close. */
  readonly read: <T>(operation: () => T) => Promise<T>;
  /** Commits what waits and closes the file. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** Puts reads and writes of a database behind promises. */
export function createConnection(database: Database): Connection {
  const commits = createGroupCommit(database);
  return {
    database,
    write: commits.write,
    // Async, so that a throw becomes a rejection, as it would with a store behind a network.
    read: async (operation) => {
      if (!database.open) throw new StoreClosedError();
      return operation();
    },
    close: async () => {
      await commits.close();
      database.close();
    },
  };
}
