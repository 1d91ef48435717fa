/** What must happen from time to time: forget what is old, and heal what a clock change moved out of reach. */
import type { EmbeddedContext } from "./context.ts";
import { DEDUPLICATION_MS } from "./intake.ts";
import type { Schedule } from "./schedule.ts";
import type { Signals } from "./signals.ts";

const SEEN_AT_ONCE = 2_000;
const CLOCK_TOLERANCE_MS = 60_000;

export interface Sweeper {
  readonly sweep: () => Promise<void>;
  readonly close: () => void;
}

/** Makes the sweeper; it runs by itself while the broker is open. */
export function createSweeper(
  context: EmbeddedContext,
  parts: { readonly schedule: Schedule; readonly signals: Signals },
  options: { readonly everyMs: number; readonly deadRetentionMs: number; readonly report: (thrown: unknown) => void },
): Sweeper {
  const { database, environment, write } = context;
  const heal = database.prepare<[number, number]>("UPDATE conversations SET due = ?, span = 0 WHERE due - span > ?");
  const pruneDead = database.prepare<[number]>("DELETE FROM dead WHERE at <= ?");
  const pruneRemembered = database.prepare<[number]>("DELETE FROM remembered WHERE until <= ?");
  const seenPage = database
    .prepare<[string, number], string>("SELECT key FROM seen WHERE key > ? ORDER BY key LIMIT ?")
    .pluck();
  const pruneSeen = database.prepare<[string, string, number]>(
    "DELETE FROM seen WHERE key > ? AND key <= ? AND at <= ?",
  );
  let seenCursor = "";

  /** A part of the keys each time: the table has no index by time, which would cost every accept a write. */
  function pruneSeenPage(now: number): void {
    const last = seenPage.all(seenCursor, SEEN_AT_ONCE).at(-1);
    if (last !== undefined) pruneSeen.run(seenCursor, last, now - DEDUPLICATION_MS);
    seenCursor = last ?? "";
  }

  async function sweep(): Promise<void> {
    await parts.schedule.promote();
    await write(() => {
      const now = environment.clock();
      heal.run(now, now + CLOCK_TOLERANCE_MS);
      pruneDead.run(now - options.deadRetentionMs);
      pruneRemembered.run(now);
      pruneSeenPage(now);
      parts.signals.prune();
    });
  }

  const timer = setInterval(() => void sweep().catch(options.report), options.everyMs);
  return { sweep, close: () => clearInterval(timer) };
}
