/**
 * Tells other processes that something changed. A change is announced within the transaction that makes it, and heard after
 * its commit: at once where the engine tells of it (PostgreSQL), else within a second.
 */
import { z } from "zod";
import type { Running } from "../../broker/broker.ts";
import { pauseFor } from "../../timing/sleep.ts";
import type { Database, Work } from "./database.ts";
import type { Module } from "./module.ts";
import { defineQueries } from "./queries.ts";
import { run } from "./work.ts";

/** Whoever announces migrates this as well. */
export const changes: Module = { name: "changes", version: 1, tables: ({ announcements }) => announcements };

const query = defineQueries<{ changes: { topic: string; version: number } }>();
const count = query<{ topic: string }>()("changes", z.unknown(), ({ db, value, dialect }) => ({
  compile: () => dialect.announce(value("topic")).compile(db),
}));
const findVersion = query<{ topic: string }>()("changes", z.object({ version: z.int() }), ({ db, value }) =>
  db.selectFrom("changes").select("version").where("topic", "=", value("topic")),
);

/** A step of the transaction that changes something. Topics are unique over the installation, such as `recommender:harbour`. */
export function* announce(topic: string): Work<void> {
  yield* run(count, { topic });
}

export interface WatchOptions {
  /** How often to look where the engine does not tell by itself, in ms. @default 1_000 */
  readonly everyMs?: number;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Calls `heard` once it watches, after each announcement, and after each time in which one may have been missed (a broken
 * connection): it is to look for what changed, and may find nothing. It never runs twice at once: announcements that come
 * meanwhile are one more call. A call that rejects is repeated, after a second and then ever longer. Closing waits for a call in hand.
 */
export function watchChanges(
  database: Database,
  topic: string,
  heard: () => Promise<void>,
  { everyMs = 1_000 }: WatchOptions = {},
): Running {
  const closing = new AbortController();
  const calls = createCalls(heard, closing.signal);
  const stop = database.listen?.(topic, calls.ring);
  const polling =
    stop === undefined ? poll(database, topic, { ring: calls.ring, everyMs, signal: closing.signal }) : stop;
  return {
    close: async () => {
      closing.abort();
      stop?.();
      await polling;
      await calls.finished();
    },
  };
}

/** One call after the other, and one more for all that came meanwhile. */
function createCalls(heard: () => Promise<void>, signal: AbortSignal) {
  let isDue = false;
  let running: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    let retryMs = FIRST_RETRY_MS;
    while (isDue && !signal.aborted) {
      isDue = false;
      try {
        await heard();
        retryMs = FIRST_RETRY_MS;
      } catch {
        isDue = true;
        await pauseFor(retryMs, signal);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
    running = undefined;
  };
  return {
    ring: (): void => {
      isDue = true;
      running ??= work();
    },
    finished: async (): Promise<void> => await running,
  };
}

interface Polling {
  readonly ring: () => void;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

async function poll(database: Database, topic: string, { ring, everyMs, signal }: Polling): Promise<void> {
  let seen: number | undefined;
  while (!signal.aborted) {
    try {
      const found = await versionOf(database, topic);
      if (found === undefined || found !== seen) ring();
      seen = found;
    } catch {
      // The next look may succeed, and finds what this one missed.
    }
    await pauseFor(everyMs, signal);
  }
}

/** Undefined where nothing is counted: behind a pooler everything may have changed at any time. */
async function versionOf(database: Database, topic: string): Promise<number | undefined> {
  if (database.engine === "postgres") return undefined;
  await database.migrate(changes);
  return (await database.first(findVersion, { topic }))?.version ?? 0;
}
