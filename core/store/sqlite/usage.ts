import { z } from "zod";
import type { ModelUsage } from "../../crew.ts";
import type { Usage } from "../store.ts";
import type { Connection } from "./connection.ts";
import { rowReader } from "./rows.ts";
import { earliestFit } from "./sliding-window.ts";

const dayMs = 86_400_000;
/** A replay after a crash comes within the broker's own deduplication window. */
const SPENT_ID_DAYS = 8;
/** Clocks of two processes do not differ by more. Hits that lie further ahead came before the clock was set back. */
const CLOCKS_DIFFER_MS = 60_000;
/** Keys that fell silent are cleared now and then, not at each hit. */
const HITS_BETWEEN_SWEEPS = 1000;

const readTime = rowReader(
  "usage_hits",
  z.object({ at: z.number() }).transform(({ at }) => at),
);
const readWindow = rowReader(
  "usage_hits",
  z.object({
    newest: z.number().optional(),
    oldest: z.number().optional(),
    /** When the hit with this id came. */
    known: z.number().optional(),
    count: z.number(),
  }),
);
const readSpent = rowReader(
  "usage_spent",
  z.object({ tokens: z.number().int(), costMicroDollars: z.number().int() }).optional(),
);

/** Sliding windows and budgets in SQLite. Windows of different length are counted apart, also under one key. */
export function createUsage(connection: Connection): Usage {
  const { database, read, write } = connection;
  const totals = database.prepare(`
    SELECT tokens, cost_micro_dollars AS costMicroDollars FROM usage_spent WHERE key = ? AND day = ?`);
  const addTotals = database.prepare(`
    INSERT INTO usage_spent (key, day, tokens, cost_micro_dollars) VALUES (@key, @day, @tokens, @cost)
    ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens,
      cost_micro_dollars = cost_micro_dollars + excluded.cost_micro_dollars`);
  const addId = database.prepare("INSERT OR IGNORE INTO usage_spent_ids (id, key, day) VALUES (?, ?, ?)");
  const removeIds = database.prepare("DELETE FROM usage_spent_ids WHERE day < ?");
  let newestDay = "";

  return {
    hit: createHit(connection),
    spend: async (keys, usage, { id, day }) =>
      await write(() => {
        for (const key of new Set(keys)) {
          if (addId.run(id, key, day).changes === 0) continue;
          addTotals.run({ key, day, tokens: tokensOf(usage), cost: usage.costMicroDollars });
        }
        if (day <= newestDay) return;
        newestDay = day;
        removeIds.run(new Date(Date.parse(day) - SPENT_ID_DAYS * dayMs).toISOString().slice(0, 10));
      }),
    spent: async (key, day) => await read(() => readSpent(totals.get(key, day)) ?? { tokens: 0, costMicroDollars: 0 }),
  };
}

function createHit({ database, write }: Connection): Usage["hit"] {
  const look = database.prepare(`
    SELECT max(at) AS newest, min(at) AS oldest, max(iif(id = ?, at, NULL)) AS known, count(*) AS count
    FROM usage_hits WHERE key = ? AND window_ms = ?`);
  const near = database.prepare("SELECT at FROM usage_hits WHERE key = ? AND window_ms = ? AND at > ?");
  const add = database.prepare("INSERT INTO usage_hits (key, window_ms, id, at) VALUES (?, ?, ?, ?)");
  const prune = database.prepare("DELETE FROM usage_hits WHERE key = ? AND window_ms = ? AND at <= ?");
  const moveToNow = database.prepare("UPDATE usage_hits SET at = ? WHERE key = ? AND window_ms = ? AND at > ?");
  const sweep = database.prepare("DELETE FROM usage_hits WHERE at + 2 * window_ms < ?");
  let hitsUntilSweep = HITS_BETWEEN_SWEEPS;

  return async (key, { id, at: time, windowMs, limit }) =>
    await write(() => {
      const window = readWindow(look.get(id, key, windowMs));
      const { known, oldest = time, count } = window;
      let { newest = time } = window;
      if (known !== undefined) return { allowed: true, retryAtMs: known };
      if (newest > time + CLOCKS_DIFFER_MS) {
        // They count as of now, so that nobody is let in early, or locked out until the clock is where it was.
        newest = Math.floor(time);
        moveToNow.run(newest, key, windowMs, newest);
      }
      // Later than a whole window the older hits are gone: such a straggler counts as a window old.
      const at = Math.max(Math.floor(time), newest - windowMs);
      // Fewer hits than allowed fit however they lie.
      const hits = count < limit ? [] : near.all(key, windowMs, at - windowMs).map((row) => readTime(row));
      const retryAtMs = hits.length < limit ? at : earliestFit(hits, at, { windowMs, limit });
      if (retryAtMs > at) return { allowed: false, retryAtMs };
      add.run(key, windowMs, id, at);
      const gone = Math.max(at, newest) - 2 * windowMs;
      if (oldest <= gone) prune.run(key, windowMs, gone);
      hitsUntilSweep -= 1;
      if (hitsUntilSweep <= 0) {
        hitsUntilSweep = HITS_BETWEEN_SWEEPS;
        sweep.run(at - dayMs);
      }
      return { allowed: true, retryAtMs: at };
    });
}

/** Everything that is paid for. Providers count cached input apart from other input. */
function tokensOf(usage: ModelUsage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}
