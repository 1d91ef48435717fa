/**
 * What processes tell one another: live signals, the lifecycle stream, small remembered values.
 *
 * Inside the process live signals are handed over directly; to other processes they travel through a small table, and
 * only while another process listens. They may be lost; nobody waits for them.
 */
import { z } from "zod";
import { describeError } from "../../errors.ts";
import type { Json } from "../../json.ts";
import { LifecycleEvent } from "../../lifecycle.ts";
import { repeat } from "../../timing/beat.ts";
import type { Broker } from "../broker.ts";
import { parseStored } from "../stored-payload.ts";
import type { EmbeddedContext } from "./database.ts";

const HEARTBEAT_MS = 10_000;
const LISTENER_GONE_MS = 30_000;
const SIGNAL_KEPT_MS = 30_000;

type Listener = (message: Json) => void;

export interface Signals extends Pick<Broker, "publish" | "subscribe"> {
  /** Forgets old signals and processes that are gone; inside a write. */
  readonly prune: () => void;
  readonly close: () => Promise<void>;
}

interface SignalRow {
  readonly n: number;
  readonly topic: string;
  readonly message: string;
}

/** Makes publish and subscribe. */
export function createSignals(context: EmbeddedContext): Signals {
  const { database, environment, telemetry, watch, writeLightly } = context;
  const { clock } = environment;
  const [table, origin] = [signalTable(database), environment.newId()];
  const topics = new Map<string, Set<Listener>>();
  let position = 0;

  const tellListeners = (topic: string, message: Json): void => {
    for (const listener of topics.get(topic) ?? []) {
      try {
        listener(message);
      } catch (thrown) {
        telemetry.log.error({ error: describeError(thrown) }, "A signal listener threw");
      }
    }
  };

  function readForeign(): void {
    if (topics.size === 0) return;
    for (const row of table.after.all(position, origin)) {
      position = row.n;
      const stored = topics.has(row.topic) ? parseStored(z.json(), row.message) : undefined;
      if (stored?.ok === true) tellListeners(row.topic, stored.value);
    }
  }

  const lost = (thrown: unknown): void =>
    telemetry.log.debug({ error: describeError(thrown) }, "A live signal was lost between processes");

  const presence = announced(writeLightly, {
    announce: () => void table.announce.run(origin, clock()),
    leave: () => void table.leave.run(origin),
    lost,
  });
  const stopForeign = watch.onForeignChange(readForeign);
  return {
    publish: async (topic, message) => {
      setImmediate(() => tellListeners(topic, message));
      if (table.others.get(origin, clock() - LISTENER_GONE_MS) === undefined) return;
      writeLightly(() => void table.send.run(origin, topic, JSON.stringify(message), clock())).catch(lost);
    },
    subscribe: async (topic, listener) => {
      const own: Listener = (message) => listener(message);
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(own));
      if (!presence.isAnnounced()) position = table.last.get() ?? 0;
      await presence.begin();
      return async () => {
        listeners.delete(own);
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
        if (topics.size === 0) await presence.end();
      };
    },
    prune: () => {
      table.pruneSignals.run(clock() - SIGNAL_KEPT_MS);
      table.pruneListeners.run(clock() - LISTENER_GONE_MS);
    },
    close: async () => {
      stopForeign();
      topics.clear();
      await presence.end();
    },
  };
}

/** Tells the other processes, now and again, that this one listens. */
function announced(
  write: EmbeddedContext["writeLightly"],
  parts: { readonly announce: () => void; readonly leave: () => void; readonly lost: (thrown: unknown) => void },
) {
  let heartbeat: (() => void) | undefined;
  return {
    isAnnounced: () => heartbeat !== undefined,
    begin: async (): Promise<void> => {
      if (heartbeat !== undefined) return;
      heartbeat = repeat(() => void write(parts.announce).catch(parts.lost), HEARTBEAT_MS);
      await write(parts.announce);
    },
    end: async (): Promise<void> => {
      if (heartbeat === undefined) return;
      heartbeat();
      heartbeat = undefined;
      await write(parts.leave);
    },
  };
}

function signalTable(database: EmbeddedContext["database"]) {
  return {
    send: database.prepare<[string, string, string, number]>(
      "INSERT INTO signals (origin, topic, message, at) VALUES (?, ?, ?, ?)",
    ),
    after: database.prepare<[number, string], SignalRow>(
      "SELECT n, topic, message FROM signals WHERE n > ? AND origin <> ? ORDER BY n",
    ),
    last: database
      .prepare<[], number>("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'signals'), 0)")
      .pluck(),
    announce: database.prepare<[string, number]>(
      "INSERT INTO listeners (origin, seen) VALUES (?, ?) ON CONFLICT (origin) DO UPDATE SET seen = excluded.seen",
    ),
    leave: database.prepare<[string]>("DELETE FROM listeners WHERE origin = ?"),
    others: database.prepare<[string, number]>("SELECT 1 FROM listeners WHERE origin <> ? AND seen > ? LIMIT 1"),
    pruneSignals: database.prepare<[number]>("DELETE FROM signals WHERE at <= ?"),
    pruneListeners: database.prepare<[number]>("DELETE FROM listeners WHERE seen <= ?"),
  };
}

const KEPT = 10_000;
const TRIM_EVERY = 500;
const PAGE = 200;

interface LifecycleRow {
  readonly n: number;
  readonly event: string;
}

/** Makes `emit` and `follow`. */
export function createLifecycleStream(context: EmbeddedContext): Pick<Broker, "emit" | "follow"> {
  const { database, telemetry, watch, writeLightly } = context;
  const insert = database.prepare<[string]>("INSERT INTO lifecycle (event) VALUES (?)");
  const trim = database.prepare<[number]>("DELETE FROM lifecycle WHERE n <= ?");
  const after = database.prepare<[number, number], LifecycleRow>(
    "SELECT n, event FROM lifecycle WHERE n > ? ORDER BY n LIMIT ?",
  );
  const last = database.prepare<[], number | null>("SELECT max(n) FROM lifecycle").pluck();

  return {
    // It tells of what is durable by itself: an fsync of its own would make everybody wait.
    emit: (event) =>
      writeLightly(() => {
        const n = Number(insert.run(JSON.stringify(event)).lastInsertRowid);
        if (n % TRIM_EVERY === 0) trim.run(n - KEPT);
      }),
    follow: async (listener, cursor) => {
      let position = cursor === undefined ? (last.get() ?? 0) : Number(cursor);
      let stopped = false;
      const tell = ({ n, event }: LifecycleRow): void => {
        const stored = parseStored(LifecycleEvent, event);
        if (!stored.ok) {
          telemetry.log.warn({ reason: stored.reason }, "A lifecycle event could not be read back; it is skipped");
          return;
        }
        try {
          listener(stored.value, String(n));
        } catch (thrown) {
          telemetry.log.error({ error: describeError(thrown) }, "A lifecycle listener threw");
        }
      };
      const catchUp = (): void => {
        for (;;) {
          const rows = after.all(position, PAGE);
          for (const row of rows) {
            if (stopped) return;
            position = row.n;
            tell(row);
          }
          if (rows.length < PAGE) return;
        }
      };
      const stopWatching = watch.onChange(catchUp);
      if (cursor !== undefined) watch.notify();
      return async () => {
        stopped = true;
        stopWatching();
      };
    },
  };
}

/** `remember` and `recall`. */
export function createRemembered(context: EmbeddedContext): Pick<Broker, "remember" | "recall"> {
  const { database, environment, write } = context;
  const save = database.prepare<[string, string, number]>(
    `INSERT INTO remembered (key, value, until) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until`,
  );
  const find = database
    .prepare<[string, number], string>("SELECT value FROM remembered WHERE key = ? AND until > ?")
    .pluck();
  return {
    remember: (key, value, ttlMs) => write(() => void save.run(key, value, environment.clock() + ttlMs)),
    recall: async (key) => find.get(key, environment.clock()),
  };
}
