/** Topics in a SQLite file: for one machine, without any server. */
import { EventEmitter } from "node:events";
import { migrate, openDatabase } from "../../store/sqlite/database.ts";
import { createConnection } from "../../store/sqlite/connection.ts";
import type { Running } from "../../broker/broker.ts";
import type { Environment } from "../../environment.ts";
import { describeError } from "../../errors.ts";
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
  const published = new EventEmitter().setMaxListeners(0);
  const sweeper = startSweeper(async () => await connection.write(() => table.sweep(clock())), telemetry);
  return {
    kind: "embedded",
    publish: async (topic, messages, { ttlMs = DEFAULT_TTL_MS } = {}) => {
      if (messages.length === 0) return;
      await connection.write(() => {
        for (const message of messages) table.insert(topic, message, { now: clock(), ttlMs });
      });
      published.emit(topic);
    },
    consume: (topic, handler, given) => {
      const settings = consumeOptions(given);
      const consumer = startConsumer({
        topic,
        handler,
        settings,
        table,
        connection,
        environment,
        telemetry,
        pollMs,
        published,
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
      if (revived) published.emit(topic);
      return revived;
    },
    remove: async (topic, id) => await connection.write(() => table.remove(topic, Number(id))),
    close: async () => {
      clearInterval(sweeper);
      await Promise.all([...consumers].map(async (consumer) => await consumer.close()));
      await connection.close();
    },
  };
}

function startSweeper(sweep: () => Promise<void>, { log }: Telemetry): NodeJS.Timeout {
  return setInterval(() => {
    sweep().catch((thrown: unknown) =>
      log.warn({ error: describeError(thrown) }, "old topic messages were not removed and are tried again in a minute"),
    );
  }, SWEEP_MS).unref();
}
