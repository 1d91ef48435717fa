/** How the broker writes: in groups, with the broker's own errors. */
import type { Database } from "better-sqlite3";
import { createGroupCommit, type GroupCommit } from "../../store/sqlite/group-commit.ts";
import { BrokerUnavailableError } from "../errors.ts";
import { BrokerClosedError } from "./errors.ts";

/** After this long behind another process's lock a write is given up (nothing of it is stored): a webhook wants an answer. */
const LOCK_DEADLINE_MS = 900;

/** Makes the writes of one connection. `committed` is called after every COMMIT. */
export function createWrites(database: Database, committed: () => void): GroupCommit {
  return createGroupCommit(database, {
    committed,
    lockDeadlineMs: LOCK_DEADLINE_MS,
    closedError: () => new BrokerClosedError(),
    failedError: (cause) => new BrokerUnavailableError("write", cause),
  });
}
