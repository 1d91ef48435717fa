/** Sliding windows. Windows of different length are counted apart, also under one key. */
import { sql } from "kysely";
import { z } from "zod";
import type { Database, Work } from "../sql/database.ts";
import { all, first, last, run } from "../sql/work.ts";
import type { Usage } from "../store.ts";
import { isControlled } from "./controls.ts";
import { query } from "./schema.ts";
import { earliestFit } from "./sliding-window.ts";

const DAY_MS = 86_400_000;
/** Clocks of two processes do not differ by more. Hits that lie further ahead came before the clock was set back. */
const CLOCKS_DIFFER_MS = 60_000;
/** Keys that fell silent are cleared now and then, not at each hit. */
const HITS_BETWEEN_SWEEPS = 1000;
/** The table is read as a whole, which takes a while where a million hits came in a day. */
const BETWEEN_SWEEPS_MS = 3_600_000;
/** Hits of a window that are long past go by so many, not each with the next one. */
const MOST_LONG_PAST = 20;

type Window = { readonly key: string; readonly windowMs: number };
type WindowAt = Window & { readonly at: number };
type Hit = WindowAt & { readonly id: string };
/** The conversation where nothing is counted while it is controlled (none is called by no name), and the time. */
type Unless = { readonly conversation: string; readonly now: string };

const Added = z.object({ longPast: z.number() });

/** Adds the hit where fewer than the limit are near, it is new, no clock was set back and nothing is controlled: nearly always. */
const addIfFew = query<Hit & Unless & { from: number; latest: number; limit: number; gone: number }>()(
  "usage_hits",
  Added,
  ({ db, value }) =>
    db
      .insertInto("usage_hits")
      .columns(["key", "window_ms", "at", "id"])
      .expression(
        db
          .selectFrom(
            db
              .selectFrom("usage_hits")
              .select([
                sql<number>`count(CASE WHEN at > ${value("from")} THEN 1 END)`.as("near"),
                sql<number>`max(at)`.as("newest"),
                sql<number>`max(CASE WHEN id = ${value("id")} THEN 1 ELSE 0 END)`.as("known"),
              ])
              .where("key", "=", value("key"))
              .where("window_ms", "=", value("windowMs"))
              .as("found"),
          )
          .select([
            sql<string>`CAST(${value("key")} AS TEXT)`.as("key"),
            sql<number>`CAST(${value("windowMs")} AS BIGINT)`.as("window_ms"),
            sql<number>`CAST(${value("at")} AS BIGINT)`.as("at"),
            sql<string>`CAST(${value("id")} AS TEXT)`.as("id"),
          ])
          .where("near", "<", value("limit"))
          .where(sql<boolean>`coalesce(newest, 0) <= ${value("latest")}`)
          .where(sql<boolean>`coalesce(known, 0) = 0`)
          .where(sql<boolean>`NOT ${isControlled(value("conversation"), value("now"))}`),
      )
      .returning(
        sql<number>`(
          SELECT count(*) FROM usage_hits AS others WHERE others.key = ${value("key")}
            AND others.window_ms = ${value("windowMs")} AND others.at <= ${value("gone")})`.as("longPast"),
      ),
);
const look = query<Window & Unless & { readonly id: string }>()(
  "usage_hits",
  z.object({
    newest: z.number().optional(),
    /** When the hit with this id came. */
    known: z.number().optional(),
    controlled: z.number(),
  }),
  ({ db, value }) =>
    db
      .selectFrom("usage_hits")
      .select([
        sql<number>`max(at)`.as("newest"),
        sql<number>`max(CASE WHEN id = ${value("id")} THEN at END)`.as("known"),
        sql<number>`CASE WHEN ${isControlled(value("conversation"), value("now"))} THEN 1 ELSE 0 END`.as("controlled"),
      ])
      .where("key", "=", value("key"))
      .where("window_ms", "=", value("windowMs")),
);
const after = query<WindowAt>()("usage_hits", z.object({ at: z.number() }), ({ db, value }) =>
  db
    .selectFrom("usage_hits")
    .select("at")
    .where("key", "=", value("key"))
    .where("window_ms", "=", value("windowMs"))
    .where("at", ">", value("at")),
);
const add = query<Hit>()("usage_hits", z.unknown(), ({ db, value }) =>
  db
    .insertInto("usage_hits")
    .values({ key: value("key"), window_ms: value("windowMs"), at: value("at"), id: value("id") }),
);
const removeOld = query<WindowAt>()("usage_hits", z.unknown(), ({ db, value }) =>
  db
    .deleteFrom("usage_hits")
    .where("key", "=", value("key"))
    .where("window_ms", "=", value("windowMs"))
    .where("at", "<=", value("at")),
);
const moveBack = query<WindowAt>()("usage_hits", z.unknown(), ({ db, value }) =>
  db
    .updateTable("usage_hits")
    .set({ at: value("at") })
    .where("key", "=", value("key"))
    .where("window_ms", "=", value("windowMs"))
    .where("at", ">", value("at")),
);
/** Reads the whole table, which holds what came within a day or so. */
const sweep = query<{ before: number }>()("usage_hits", z.unknown(), ({ db, value }) =>
  db.deleteFrom("usage_hits").where(sql<boolean>`at + 2 * window_ms < ${value("before")}`),
);

type Answer = Awaited<ReturnType<Usage["hit"]>>;
type Wanted = Parameters<Usage["hit"]>[1];

/** Counts a hit. */
export function createHit(database: Database): Usage["hit"] {
  let hitsUntilSweep = HITS_BETWEEN_SWEEPS;
  let sweptAt = -Infinity;
  return async (key, wanted) => {
    const options = { lock: `usage:${key}`, isRepeatable: true };
    const { windowMs } = wanted;
    const added = await database.write(() => hit(key, wanted), options);
    const answer = added?.answer ?? (await database.write(() => hitWithCare(key, wanted), options));
    if (added !== undefined && added.longPast >= MOST_LONG_PAST)
      await database.change(removeOld, { key, windowMs, at: longPast(added.answer.retryAtMs, windowMs) });
    hitsUntilSweep -= 1;
    if (hitsUntilSweep <= 0 && wanted.at >= sweptAt + BETWEEN_SWEEPS_MS) {
      hitsUntilSweep = HITS_BETWEEN_SWEEPS;
      sweptAt = wanted.at;
      await database.change(sweep, { before: Math.floor(wanted.at) - DAY_MS });
    }
    return answer;
  };
}

/** Hits of two windows ago say nothing any more. */
function longPast(at: number, windowMs: number): number {
  return at - 2 * windowMs;
}

function unlessOf({ unlessControlled, at }: Wanted): Unless {
  return { conversation: unlessControlled ?? "", now: new Date(at).toISOString() };
}

function* hit(key: string, wanted: Wanted): Work<{ readonly answer: Answer; readonly longPast: number } | undefined> {
  const { id, at: time, windowMs, limit } = wanted;
  const at = Math.floor(time);
  const latest = at + Math.min(CLOCKS_DIFFER_MS, windowMs);
  const times = { at, from: at - windowMs, latest, gone: longPast(at, windowMs) };
  const added = yield* last(addIfFew, { key, windowMs, id, limit, ...times, ...unlessOf(wanted) });
  return added && { answer: { allowed: true, retryAtMs: at }, longPast: added.longPast };
}

/** The window may be full, the hit may be known, the clock was set back, or the conversation is controlled. */
function* hitWithCare(key: string, wanted: Wanted): Work<Answer> {
  const { id, at: time, windowMs, limit } = wanted;
  const window = { key, windowMs };
  const seen = yield* first(look, { ...window, id, ...unlessOf(wanted) });
  if (seen?.controlled === 1) return { allowed: true, retryAtMs: time };
  const { known, newest: found = time } = seen ?? {};
  if (known !== undefined) return { allowed: true, retryAtMs: known };
  const wasSetBack = found > time + CLOCKS_DIFFER_MS;
  const newest = wasSetBack ? Math.floor(time) : found;
  // They count as of now, so that nobody is let in early, or locked out until the clock is where it was.
  if (wasSetBack) yield* run(moveBack, { ...window, at: newest });
  // Later than a whole window the older hits are gone: such a straggler counts as a window old.
  const at = Math.max(Math.floor(time), newest - windowMs);
  const hits = (yield* all(after, { ...window, at: at - windowMs })).map((one) => one.at);
  // Fewer hits than allowed fit however they lie.
  const retryAtMs = hits.length < limit ? at : earliestFit(hits, at, { windowMs, limit });
  if (retryAtMs > at) return { allowed: false, retryAtMs };
  yield* run(add, { ...window, at, id });
  yield* run(removeOld, { ...window, at: longPast(Math.max(at, newest), windowMs) });
  return { allowed: true, retryAtMs: at };
}
