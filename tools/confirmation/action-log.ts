/** What became of actions, in the order of the audit: for whoever follows it from a place on. */
import type { Database } from "../../core/store/sql/database.ts";
import { AuditEntry } from "../audit/entry.ts";
import { findHead, listAfter } from "../audit/tables.ts";
import { byId } from "./proposal-queries.ts";
import type { ProposalRecord } from "./proposal-record.ts";

export interface LoggedAction {
  readonly sequence: number;
  readonly entry: AuditEntry;
}

export type ActionLog = ReturnType<typeof createActionLog>;

/** The log in a database that was migrated. */
export function createActionLog(database: Database) {
  return {
    /** The place of the newest entry; 0 where there is none. */
    newest: async (): Promise<number> => (await database.first(findHead, {}))?.sequence ?? 0,
    /** The next ones after a place, some hundred at once. */
    after: async (sequence: number): Promise<readonly LoggedAction[]> => {
      const rows = await database.all(listAfter, { sequence });
      return rows.map(({ sequence: at, body }) => ({ sequence: at, entry: AuditEntry.parse(JSON.parse(body)) }));
    },
    /** Undefined where it was forgotten with its person. */
    proposal: async (id: string): Promise<Pick<ProposalRecord, "risk" | "expiresAt"> | undefined> =>
      await database.first(byId, { id }),
  };
}
