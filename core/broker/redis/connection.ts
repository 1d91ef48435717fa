/**
 * Connections that come back by themselves and never hang a caller.
 *
 * A command that finds no connection waits in ioredis' queue, but only as long as its deadline: a short reconnect goes
 * unnoticed, a hung or dead server costs each caller `commandTimeoutMs`. What timed out may still be executed later;
 * every script is written so that this does no harm.
 */
import { Redis } from "ioredis";
import { describeError } from "../../errors.ts";
import { BrokerUnavailableError } from "../errors.ts";
import type { ConnectionOptions, Settings } from "./options.ts";

/** A connection on which no data came for this long although some was due is torn down: the network may be gone. */
const SOCKET_TIMEOUT_MS = 10_000;
const BLOCK_MS = 1_000;

/** Server errors that say "not now" rather than "never". */
const TEMPORARY =
  /^(MISCONF|OOM|LOADING|READONLY|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|NOREPLICAS|BUSY|UNBLOCKED|NOAUTH|NOGOODSLAVE)\b/;

/** Opens connections with the same settings for different uses. */
export interface Connections {
  /** Carries all commands of this process that somebody waits for. */
  readonly main: Redis;
  /** For XREAD BLOCK: waits `blockMs` at most, which `blockMs` tells. */
  readonly openBlocking: () => Redis;
  readonly openSubscriber: () => Redis;
  /**
   * For a BullMQ queue. It adds its scripts to the connection, and ioredis copies those to every pipeline: on the main
   * connection each round trip would pay for them.
   */
  readonly openQueue: () => Redis;
  /** For a BullMQ worker, which brings its own ideas about retries. */
  readonly openWorker: () => Redis;
  readonly blockMs: number;
  readonly close: () => Promise<void>;
}

/** Connects. Throws `BrokerUnavailableError` when the server does not answer in time. */
export async function connect(settings: Settings): Promise<Connections> {
  const opened = new Set<Redis>();
  const track = (redis: Redis): Redis => {
    opened.add(redis);
    return redis.on("end", () => void opened.delete(redis));
  };
  const open = (name: string, options: ConnectionOptions): Redis => {
    const redis = create(settings, { connectionName: `${settings.prefix}-${name}`, ...options });
    return track(redis);
  };
  const main = open("main", {
    commandTimeout: settings.commandTimeoutMs,
    enableAutoPipelining: true,
    // A pipeline waits for the one before it, and the timeout begins only then: a hung server would cost twice as much.
    autoPipeliningIgnoredCommands: ["eval", "evalsha"],
  });
  try {
    await within(settings.connectTimeoutMs, async () => {
      while ((await main.ping().catch(() => undefined)) !== "PONG");
    });
  } catch (thrown) {
    main.disconnect();
    throw new BrokerUnavailableError("connect", thrown);
  }
  return {
    main,
    openBlocking: () => open("blocking", { blockingTimeout: BLOCK_MS * 2 }),
    openSubscriber: () => open("subscriber", {}),
    openQueue: () => open("queue", { commandTimeout: settings.commandTimeoutMs, enableAutoPipelining: true }),
    openWorker: () => {
      const redis = open("worker", {});
      const duplicate = redis.duplicate.bind(redis);
      // BullMQ makes its blocking connection itself; without the server it never lets go of it.
      redis.duplicate = (override) => track(duplicate(override));
      return redis;
    },
    blockMs: BLOCK_MS,
    close: async () => {
      await main.quit().catch(() => undefined);
      for (const redis of opened) redis.disconnect();
    },
  };
}

function create(settings: Settings, options: ConnectionOptions): Redis {
  const { connection, telemetry } = settings;
  const all: ConnectionOptions = {
    maxRetriesPerRequest: null,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
    ...(typeof connection === "string" ? {} : connection),
    ...options,
  };
  const redis = typeof connection === "string" ? new Redis(connection, all) : new Redis(all);
  let failing = false;
  redis.on("error", (error: Error) => {
    if (!failing) telemetry.log.warn({ error: describeError(error) }, "The connection to Redis failed; reconnecting");
    failing = true;
  });
  redis.on("ready", () => {
    if (failing) telemetry.log.info({}, "The connection to Redis is back");
    failing = false;
  });
  return redis;
}

/** Runs a command; turns "no answer" and "not now" into `BrokerUnavailableError`, and lets mistakes of ours through. */
export async function answered<Result>(operation: string, command: () => Promise<Result>): Promise<Result> {
  try {
    return await command();
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ReplyError" && !TEMPORARY.test(thrown.message)) throw thrown;
    throw new BrokerUnavailableError(operation, thrown);
  }
}

async function within(ms: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms.`)), ms);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
