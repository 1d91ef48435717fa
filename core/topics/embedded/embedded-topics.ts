/** Topics in a SQLite file: for one machine, without any server. */
import { StoreClosedError } from "../../store/sqlite/errors.ts";
import { migrate, openDatabase } from "../../store/sqlite/database.ts";
import { createConnection } from "../../store/sqlite/connection.ts";
import type { Running } from "../../broker/broker.ts";
import type { Environment } from "../../environment.ts";
import type { Telemetry } from "../../telemetry.ts";
import { consumeOptions, DEFAULT_TTL_MS, type Topics } from "../topics.ts";
import { startConsumer } from "./consumer.ts";
import { createMessageTable, MIGRATIONS } from "./message-table.ts";

export interface EmbeddedTopicsOptions {
  readonly path: string;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** How often a consumer looks for what other processes published. @default 1_000 */
  readonly pollMs?: number;
}

const SWEEP_MS = 60_000;

/** Opens or makes the file. */
export function createEmbeddedTopics(options: EmbeddedTopicsOptions): Topics {
  const { environment, telemetry, pollMs = 1_000 } = options;
  const { clock } = environment;
  const database = openDatabase(options.path);
  migrate(database, "topics", MIGRATIONS);
  const connection = createConnection(database);
  const table = createMessageTable(database);
  const consumers = new Set<Running>();
  const wakers = new Map<string, Set<() => void>>();
  const wake = (topic: string): void => {
    for (const waker of wakers.get(topic) ?? []) waker();
  };
  const sweeper = setInterval(() => {
    connection
      .write(() => table.sweep(clock()))
      .catch((thrown: unknown) => {
        if (!(thrown instanceof StoreClosedError))
          telemetry.log.warn({ thrown }, "old topic messages were not removed");
      });
  }, SWEEP_MS).unref();
  return {
    kind: "embedded",
    publish: async (topic, messages, { ttlMs = DEFAULT_TTL_MS } = {}) => {
      if (messages.length === 0) return;
      await connection.write(() => {
        for (const message of messages) table.insert(topic, message, { now: clock(), ttlMs });
      });
      wake(topic);
    },
    consume: (topic, handler, given) => {
      const settings = consumeOptions(given);
      const listeners = wakers.get(topic) ?? new Set();
      wakers.set(topic, listeners);
      const consumer = startConsumer({
        topic,
        handler,
        settings,
        table,
        connection,
        environment,
        telemetry,
        pollMs,
        listeners,
      });
      consumers.add(consumer);
      return consumer;
    },
    counts: async (topic) => await connection.read(() => table.counts(topic)),
    deadLetters: async (topic, limit) => await connection.read(() => table.dead(topic, limit)),
    resubmit: async (topic, id) => {
      const revived = await connection.write(() =>
        table.revive(topic, Number(id), { now: clock(), ttlMs: DEFAULT_TTL_MS }),
      );
      if (revived) wake(topic);
      return revived;
    },
    close: async () => {
      clearInterval(sweeper);
      await Promise.all([...consumers].map(async (consumer) => await consumer.close()));
      await connection.close();
    },
  };
}
