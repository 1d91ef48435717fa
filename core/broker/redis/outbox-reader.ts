/**
 * Waits for new outbox entries: one blocking connection per shard for all its accounts, opened when somebody waits.
 * A new waiter interrupts the running wait, so that it is part of the next one; one that waits for the same as another
 * before it is part of it already.
 */
import type { Redis } from "ioredis";
import { describeError } from "../../errors.ts";
import { pauseFor } from "../../timing/sleep.ts";
import type { Connections } from "./connection.ts";
import type { Settings } from "./options.ts";
import { asStreams, type StreamEntry } from "./script.ts";

const PAUSE_AFTER_TROUBLE_MS = 250;

export interface Wait {
  /** Key of the stream. */
  readonly stream: string;
  /** Entries after this id. */
  readonly after: string;
  readonly count: number;
}

export interface StreamReader {
  /** Whether a wait begins with a read: it answers at once what is there. */
  readonly isIdle: () => boolean;
  /** Resolves with the entries, or with none when the signal aborts. */
  readonly wait: (wait: Wait, signal: AbortSignal) => Promise<readonly StreamEntry[]>;
}

interface Waiter extends Wait {
  readonly answer: (entries: readonly StreamEntry[]) => void;
}

/** Makes a reader for streams of one shard. */
export function createStreamReader(connections: Connections, settings: Settings): StreamReader {
  const waiters = new Set<Waiter>();
  const connection = openOnFirstUse(connections);
  let looping = false;
  let reading: readonly Wait[] = [];
  const isRead = ({ stream, after }: Wait): boolean =>
    reading.some((wait) => wait.stream === stream && wait.after === after);

  async function readOnce(): Promise<void> {
    reading = [...waiters];
    try {
      const found = await connection.read(reading);
      for (const waiter of [...waiters].filter(isRead)) {
        const entries = found.get(waiter.stream);
        if (entries !== undefined && entries.length > 0) waiter.answer(entries);
      }
    } finally {
      reading = [];
    }
  }

  async function loop(): Promise<void> {
    looping = true;
    while (waiters.size > 0 && !connection.hasEnded()) {
      try {
        await readOnce();
      } catch (thrown) {
        if (connection.hasEnded()) break;
        settings.telemetry.log.debug({ error: describeError(thrown) }, "Waiting for the outbox failed; trying again");
        await pauseFor(PAUSE_AFTER_TROUBLE_MS);
      }
    }
    looping = false;
  }

  return {
    isIdle: () => !looping,
    wait: (wait, signal) =>
      new Promise((resolve) => {
        const answer = (entries: readonly StreamEntry[]): void => {
          waiters.delete(waiter);
          signal.removeEventListener("abort", stop);
          resolve(entries);
        };
        const stop = (): void => answer([]);
        const waiter: Waiter = { ...wait, answer };
        if (signal.aborted) return resolve([]);
        signal.addEventListener("abort", stop, { once: true });
        waiters.add(waiter);
        if (!looping) void loop();
        else if (!isRead(waiter)) connection.interrupt();
      }),
  };
}

function openOnFirstUse(connections: Connections) {
  let redis: Redis | undefined;
  let clientId: number | undefined;
  let blocked = false;
  const connection = (): Redis => {
    if (redis !== undefined) return redis;
    const opened = connections.openBlocking();
    const learnId = async (): Promise<void> => {
      clientId = await opened.client("ID").catch(() => undefined);
    };
    opened.on("ready", () => void learnId());
    opened.on("close", () => {
      clientId = undefined;
    });
    redis = opened;
    return opened;
  };
  return {
    hasEnded: (): boolean => redis?.status === "end",
    read: async (waits: readonly Wait[]): Promise<ReadonlyMap<string, readonly StreamEntry[]>> => {
      const count = Math.max(...waits.map((wait) => wait.count));
      const streams = waits.map((wait) => wait.stream);
      const positions = waits.map((wait) => wait.after);
      const limits = ["COUNT", count, "BLOCK", connections.blockMs];
      blocked = true;
      try {
        // Lower case: ioredis knows by the name how to read the answer.
        return asStreams(await connection().call("xread", ...limits, "STREAMS", ...streams, ...positions));
      } finally {
        blocked = false;
      }
    },
    /** Ends a read in progress. Without an id, or when it fails, the read ends by itself after `blockMs`. */
    interrupt: (): void => {
      if (blocked && clientId !== undefined) connections.main.client("UNBLOCK", clientId).catch(() => undefined);
    },
  };
}
