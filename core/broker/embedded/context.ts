import type { Database } from "better-sqlite3";
import type { Environment } from "../../environment.ts";
import type { GroupCommit } from "../../store/sqlite/group-commit.ts";
import type { Telemetry } from "../../telemetry.ts";
import type { ChangeWatch } from "./change-watch.ts";

/** What the parts of one opened broker share. */
export interface EmbeddedContext {
  readonly database: Database;
  readonly write: GroupCommit["write"];
  readonly writeLightly: GroupCommit["writeLightly"];
  readonly watch: ChangeWatch;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Waiting events a conversation may have. */
  readonly maxWaiting: number;
}
