/** Deleting the oldest entries of the chain, so that what is left still proves itself. */
import type { Database } from "better-sqlite3";
import { rowReader } from "../../core/store/sqlite/rows.ts";
import { type Checkpoint, Head } from "./checkpoint.ts";
import { verifyAudit } from "./verify.ts";

/** Keeps entries from being deleted by anybody but this job. */
export const NOT_CUT = `CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;`;

const readPosition = rowReader("audit_entries", Head.optional());

// Entries are in the order of their time, but for a clock that was put back: only an unbroken old front goes. The
// newest entry stays, whatever its age, so that the chain always has a head.
const LAST_OLD = `
  SELECT sequence, hash FROM audit_entries WHERE sequence < coalesce(
    (SELECT min(sequence) FROM audit_entries WHERE json_extract(body, '$.at') >= ?),
    (SELECT max(sequence) FROM audit_entries))
  ORDER BY sequence DESC LIMIT 1`;
const HEAD = "SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1";

/**
 * Deletes what is older than `before` (ISO 8601) and signs where the chain now begins; gives the count. A chain that
 * does not verify is left alone: it is evidence.
 */
export function pruneAudit(database: Database, checkpoint: Checkpoint, before: string, now: string): number {
  return database.transaction((): number => {
    const base = readPosition(database.prepare(LAST_OLD).get(before));
    const head = readPosition(database.prepare(HEAD).get());
    if (base === undefined || head === undefined || !verifyAudit(database, checkpoint).intact) return 0;
    database.exec("DROP TRIGGER audit_is_not_cut");
    const { changes } = database.prepare("DELETE FROM audit_entries WHERE sequence <= ?").run(base.sequence);
    database.exec(NOT_CUT);
    checkpoint.write(head, now, base);
    return changes;
  })();
}
