/** One connection beside the pool that hears what is announced; made anew whenever it breaks. */
import { Client } from "pg";
import { toError } from "../../errors.ts";
import { pauseFor } from "../../timing/sleep.ts";
import { CHANNEL } from "../sql/dialect.ts";
import { CONNECT_MS } from "./connections.ts";

export interface ListenerOptions {
  /** The server itself: a pooler gives the connection to others, and nothing would be heard. */
  readonly url: string;
  /** A connection that does not answer for so long counts as broken, in ms. */
  readonly timeoutMs: number;
  readonly lost: (error: Error) => void;
}

export interface Listener {
  /** Calls `heard` when it begins to listen, at each announcement, and after each break. The function given ends it. */
  readonly listen: (topic: string, heard: () => void) => () => void;
  readonly close: () => Promise<void>;
}

const LONGEST_BEAT_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const CLOSE_MS = 1_000;

/** Makes it; it connects with the first topic, and leaves with the last one. */
export function createListener(options: ListenerOptions): Listener {
  const topics = new Map<string, Set<() => void>>();
  let connection: { readonly stop: AbortController; readonly ended: Promise<void>; isListening: boolean } | undefined;

  const tell = (topic: string | undefined): void => {
    const heard = topic === undefined ? [...topics.values()].flatMap((all) => [...all]) : (topics.get(topic) ?? []);
    for (const one of heard) one();
  };
  const keep = async (signal: AbortSignal, changed: (isListening: boolean) => void): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        await hear(options, signal, (topic) => {
          changed(true);
          pauseMs = FIRST_PAUSE_MS;
          tell(topic);
        });
      } catch (thrown) {
        options.lost(toError(thrown));
      }
      changed(false);
      await pauseFor(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  };
  const connect = () => {
    const stop = new AbortController();
    const ended = keep(stop.signal, (isListening) => {
      made.isListening = isListening;
    });
    const made = { stop, ended, isListening: false };
    return made;
  };
  const leave = async (): Promise<void> => {
    const left = connection;
    connection = undefined;
    left?.stop.abort();
    await left?.ended;
  };
  return {
    listen: (topic, heard) => {
      const all = topics.get(topic) ?? new Set();
      topics.set(topic, all.add(heard));
      connection ??= connect();
      if (connection.isListening) heard();
      return () => {
        all.delete(heard);
        if (all.size === 0 && topics.get(topic) === all) topics.delete(topic);
        if (topics.size === 0) void leave();
      };
    },
    close: leave,
  };
}

/**
 * Listens until the signal aborts; rejects when the connection breaks. `heard` gets the announced topic, or undefined when
 * anything may have been announced: nobody listened until then.
 */
async function hear(
  { url, timeoutMs }: ListenerOptions,
  signal: AbortSignal,
  heard: (topic?: string) => void,
): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: timeoutMs,
    keepAlive: true,
    application_name: "parley listener",
  });
  let failure: Error | undefined;
  const over = new AbortController();
  const end = (error?: Error): void => {
    failure ??= error;
    over.abort();
  };
  client.on("error", end);
  client.on("end", () => end(new Error("the connection ended")));
  signal.addEventListener("abort", () => end(), { once: true });
  client.on("notification", ({ payload }) => heard(payload));
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    heard();
    while (!over.signal.aborted) {
      await pauseFor(Math.min(timeoutMs, LONGEST_BEAT_MS), over.signal);
      // A network that drops everything says nothing.
      if (!over.signal.aborted) await client.query("SELECT 1");
    }
    if (failure !== undefined && !signal.aborted) throw failure;
  } finally {
    await Promise.race([client.end().catch(() => undefined), pauseFor(CLOSE_MS)]);
  }
}
