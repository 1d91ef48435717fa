import type { Database } from "better-sqlite3";
import type { Check } from "../../../core/check.ts";
import { readCount } from "../../../core/store/sqlite/rows.ts";

/** Re-adds the whole ledger: every entry sums to zero, every balance is the sum of its postings and above its minimum. */
export function checkLedger(database: Database): Check {
  const count = (sql: string): number => readCount(database.prepare(sql).get());
  const name = "bank ledger";
  const entries = count("SELECT count(*) AS count FROM entries");
  const unbalanced = count(`
    SELECT count(*) AS count FROM (
      SELECT 1 FROM postings JOIN accounts ON accounts.id = postings.account
      GROUP BY postings.entry, accounts.currency HAVING sum(postings.amount) <> 0)`);
  const drifted = count(`
    SELECT count(*) AS count FROM accounts WHERE posted <>
      (SELECT coalesce(sum(amount), 0) FROM postings WHERE account = accounts.id)`);
  const overdrawn = count("SELECT count(*) AS count FROM accounts WHERE minimum IS NOT NULL AND posted < minimum");
  if (unbalanced + drifted + overdrawn === 0)
    return { name, status: "ok", detail: `${entries} entries, all sums right` };
  return {
    name,
    status: "error",
    detail: `${unbalanced} unbalanced entries, ${drifted} wrong balances, ${overdrawn} accounts below their minimum`,
    remedy: `Somebody changed ${database.name} from outside. Stop the bot and restore a backup of it.`,
  };
}
