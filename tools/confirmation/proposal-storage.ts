import type { Clock } from "../../core/environment.ts";
import type { Database } from "../../core/store/sql/database.ts";
import type { Audit } from "../audit/index.ts";

/** What proposals are kept with. */
export interface ProposalStorage {
  readonly audit: Audit;
  /** Outside a transaction. */
  readonly read: Database["read"];
  /** A transaction that may append to the audit. */
  readonly write: Audit["write"];
  readonly clock: Clock;
}
