/** The job that deletes what is older than its class allows, a few hundred rows at a time. */
import type { Store } from "../store.ts";
import { expiryOf, type Pruned, type RetentionClass } from "../../retention.ts";
import type { Connection } from "./connection.ts";
import { orphanRules, type RetentionRule, retentionRules } from "./retention-rules.ts";

/** Rows a step looks at: it holds the file for a few milliseconds. */
const STEP = 500;

/** Makes the job of one store. */
export function createPruning({ database, write }: Connection): Store["prune"] {
  const rules = retentionRules.map((rule) => ({ rule, step: prepareStep(database, rule) }));
  const expiredCodes = database.prepare("DELETE FROM link_codes WHERE expires_at < ?");
  const orphans = orphanRules.map((sql) => database.prepare(sql));

  return async (policy, now) => {
    const pruned: Record<string, number> = {};
    for (const { rule, step } of rules) {
      const before = new Date(expiryOf(policy, rule.class, now)).toISOString();
      for (;;) {
        const gone = await write(() => step(before));
        add(pruned, rule.class, gone);
        if (gone === 0) break;
      }
    }
    await write(() => {
      expiredCodes.run(new Date(now).toISOString());
      for (const orphan of orphans) add(pruned, "history", orphan.run().changes);
    });
    return pruned satisfies Pruned;
  };
}

function add(pruned: Record<string, number>, kind: RetentionClass, count: number): void {
  pruned[kind] = (pruned[kind] ?? 0) + count;
}

/**
 * Rows are written about in the order of their age, so the oldest are the first of the table: no index by time is
 * needed, which would cost every message a write.
 */
function prepareStep(
  database: Connection["database"],
  { table, column, where = "1", first = [] }: RetentionRule,
): (before: string) => number {
  const old = `
    WITH old AS (
      SELECT rowid AS row, * FROM ${table} WHERE rowid IN (
        SELECT rowid FROM ${table} WHERE ${where} ORDER BY rowid LIMIT ${STEP}) AND ${column} < @before)`;
  const firsts = first.map((sql) => database.prepare(`${old} ${sql}`));
  const remove = database.prepare(`${old} DELETE FROM ${table} WHERE rowid IN (SELECT row FROM old)`);
  return (before) => {
    for (const statement of firsts) statement.run({ before });
    return remove.run({ before }).changes;
  };
}
