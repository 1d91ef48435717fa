import { sql } from "kysely";
import { z } from "zod";
import type { ModelUsage } from "../../crew.ts";
import type { Database, Work } from "../sql/database.ts";
import { all, run } from "../sql/work.ts";
import type { Usage } from "../store.ts";
import { query } from "./schema.ts";
import { createHit } from "./usage-hits.ts";

const DAY_MS = 86_400_000;
/** A replay after a crash comes within the broker's own deduplication window. */
const SPENT_DAYS = 8;
const NEVER = Number.MAX_SAFE_INTEGER;
/** Rows of a step: it holds the file for a few milliseconds. */
const STEP = 500;

const totals = query<{ key: string; day: string }>()(
  "usage_spent",
  z.object({ tokens: z.number().int(), costMicroDollars: z.number().int() }),
  ({ db, value }) =>
    db
      .selectFrom("usage_spent")
      .select(["tokens", "cost_micro_dollars as costMicroDollars"])
      .where("key", "=", value("key"))
      .where("day", "=", value("day")),
);
/** From one key on and before another: their order is that of their bytes. */
const reached = query<{ from: string; before: string; day: string; tokens: number; cost: number }>()(
  "usage_spent",
  z.object({ keys: z.number().int() }),
  ({ db, value }) =>
    db
      .selectFrom("usage_spent")
      .select(sql<number>`count(*)`.as("keys"))
      .where("key", ">=", value("from"))
      .where("key", "<", value("before"))
      .where("day", "=", value("day"))
      .where(sql<boolean>`(tokens >= ${value("tokens")} OR cost_micro_dollars >= ${value("cost")})`),
);
/** Unless the spending is in there. */
const addTotals = query<{ id: string; key: string; day: string; tokens: number; cost: number }>()(
  "usage_spent",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("usage_spent")
      .columns(["key", "day", "tokens", "cost_micro_dollars"])
      .expression(
        db
          .selectNoFrom([
            sql<string>`CAST(${value("key")} AS TEXT)`.as("key"),
            sql<string>`CAST(${value("day")} AS TEXT)`.as("day"),
            sql<number>`CAST(${value("tokens")} AS BIGINT)`.as("tokens"),
            sql<number>`CAST(${value("cost")} AS BIGINT)`.as("cost"),
          ])
          .where(
            sql<boolean>`NOT EXISTS (
              SELECT 1 FROM usage_spent_ids WHERE id = ${value("id")} AND key = ${value("key")})`,
          ),
      )
      .onConflict((conflict) =>
        conflict.columns(["key", "day"]).doUpdateSet(({ eb, ref }) => ({
          tokens: eb("usage_spent.tokens", "+", ref("excluded.tokens")),
          cost_micro_dollars: eb("usage_spent.cost_micro_dollars", "+", ref("excluded.cost_micro_dollars")),
        })),
      ),
);
const addId = query<{ id: string; key: string; day: string }>()("usage_spent_ids", z.unknown(), ({ db, value }) =>
  db
    .insertInto("usage_spent_ids")
    .values({ id: value("id"), key: value("key"), day: value("day") })
    .onConflict((conflict) => conflict.doNothing()),
);
/** By their index: no total needs one by its day. */
const firstSpendings = query<{ before: string }>()(
  "usage_spent_ids",
  z.object({ id: z.string(), key: z.string(), day: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("usage_spent_ids")
      .select(["id", "key", "day"])
      .where("day", "<", value("before"))
      .orderBy("day")
      .limit(sql.lit(STEP)),
);
const removeTotal = query<{ key: string; day: string }>()("usage_spent", z.unknown(), ({ db, value }) =>
  db.deleteFrom("usage_spent").where("key", "=", value("key")).where("day", "=", value("day")),
);
const removeId = query<{ id: string; key: string }>()("usage_spent_ids", z.unknown(), ({ db, value }) =>
  db.deleteFrom("usage_spent_ids").where("id", "=", value("id")).where("key", "=", value("key")),
);

/** Sliding windows and budgets. */
export function createUsage(database: Database): Usage {
  return {
    hit: createHit(database),
    spend: async (keys, usage, { id, day }) =>
      await database.write(() => spend(keys, usage, { id, day }), { lock: `spending:${id}`, isRepeatable: true }),
    spent: async (key, day) => (await database.first(totals, { key, day })) ?? { tokens: 0, costMicroDollars: 0 },
    reached: async (prefix, day, { tokens = NEVER, costMicroDollars: cost = NEVER }) => {
      const found = await database.first(reached, { from: `${prefix}:`, before: `${prefix};`, day, tokens, cost });
      return found?.keys ?? 0;
    },
  };
}

/** In the order of the keys, so that two that share some wait for each other in one direction. */
function* spend(keys: readonly string[], usage: ModelUsage, spending: { id: string; day: string }): Work<void> {
  for (const key of [...new Set(keys)].toSorted()) {
    yield* run(addTotals, { ...spending, key, tokens: tokensOf(usage), cost: usage.costMicroDollars });
    yield* run(addId, { ...spending, key });
  }
}

/** A step of the job that deletes what was spent long ago; tells whether it was the last. */
export function* pruneSpendings(now: number): Work<boolean> {
  const before = new Date(now - SPENT_DAYS * DAY_MS).toISOString().slice(0, 10);
  const old = yield* all(firstSpendings, { before });
  for (const { id, key, day } of old) {
    yield* run(removeTotal, { key, day });
    yield* run(removeId, { id, key });
  }
  return old.length < STEP;
}

/** Everything that is paid for. Providers count cached input apart from other input. */
function tokensOf(usage: ModelUsage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}
