import { sql } from "kysely";
import { z } from "zod";
import type { Check } from "../../../core/check.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import { bankQuery } from "./tables.ts";

const Findings = z.object({ entries: z.int(), unbalanced: z.int(), drifted: z.int(), overdrawn: z.int() });

// One query, so that nothing is booked in between.
const findings = bankQuery()("bank_postings", Findings, ({ db }) => {
  const count = sql<number>`CAST(count(*) AS BIGINT)`.as("count");
  const sum = sql<number>`CAST(coalesce(sum(amount), 0) AS BIGINT)`;
  const unbalanced = db
    .selectFrom("bank_postings")
    .innerJoin("bank_accounts", "bank_accounts.id", "bank_postings.account")
    .select("bank_postings.entry")
    .groupBy(["bank_postings.entry", "bank_accounts.currency"])
    .having(sum, "<>", 0);
  return db.selectNoFrom([
    db.selectFrom("bank_entries").select(count).as("entries"),
    db.selectFrom(unbalanced.as("unbalanced")).select(count).as("unbalanced"),
    db
      .selectFrom("bank_accounts")
      .select(count)
      .where("posted", "<>", (eb) =>
        eb.selectFrom("bank_postings").select(sum.as("sum")).whereRef("account", "=", "bank_accounts.id"),
      )
      .as("drifted"),
    db.selectFrom("bank_accounts").select(count).whereRef("posted", "<", "minimum").as("overdrawn"),
  ]);
});

/** Re-adds the whole ledger: every entry sums to zero, every balance is the sum of its postings and above its minimum. */
export async function checkLedger(database: Database): Promise<Check> {
  const name = "bank ledger";
  const { entries, unbalanced, drifted, overdrawn } = Findings.parse(await database.first(findings, {}));
  if (unbalanced + drifted + overdrawn === 0)
    return { name, status: "ok", detail: `${entries} entries, all sums right` };
  return {
    name,
    status: "error",
    detail: `${unbalanced} unbalanced entries, ${drifted} wrong balances, ${overdrawn} accounts below their minimum`,
    remedy: `Somebody changed ${database.place} from outside. Stop the bot and restore a backup of it.`,
  };
}
