/**
 * Connections that come back by themselves and never hang a caller.
 *
 * A command that finds no connection waits in ioredis' queue, but only as long as its deadline: a short reconnect goes
 * unnoticed, a hung or dead server costs each caller `commandTimeoutMs`. What timed out may still be executed later;
 * every script is written so that this does no harm.
 */
import { Redis } from "ioredis";
import type { ConversationId } from "../../conversation-id.ts";
import { describeError } from "../../errors.ts";
import { inTime, within } from "../../timing/deadline.ts";
import { pauseFor } from "../../timing/sleep.ts";
import { BrokerUnavailableError } from "../errors.ts";
import { isRefusal, refuseUnreadable, whatRedisSays, whyNotConnected } from "./diagnosis.ts";
import type { Keys } from "./layout.ts";
import type { ConnectionOptions, Settings } from "./options.ts";

/** A connection on which no data came for this long although some was due is torn down: the network may be gone. */
const SOCKET_TIMEOUT_MS = 10_000;
/** Shorter than the socket's time: a server that has nothing to say answers so. */
const BLOCK_MS = 8_000;
const PING_PAUSE_MS = 50;
/** Work goes on within a second of the server's return. */
const LONGEST_RECONNECT_PAUSE_MS = 250;

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
    await inTime(settings.connectTimeoutMs, async (givenUp) => await untilItAnswers(main, givenUp));
  } catch (thrown) {
    main.disconnect();
    throw whyNotConnected(settings.connection, thrown, lastTrouble.get(main));
  }
  return {
    main,
    openBlocking: () => open("blocking", { blockingTimeout: BLOCK_MS + 1_000 }),
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

/** Why a connection failed the last time: a command only says that there is none. */
const lastTrouble = new WeakMap<Redis, Error>();

/** Asks until the server answers or nobody waits any more; ends at once when it answers that the password is wrong. */
async function untilItAnswers(redis: Redis, givenUp: AbortSignal): Promise<void> {
  while (!givenUp.aborted) {
    try {
      await redis.ping();
      return;
    } catch (thrown) {
      if (isRefusal(thrown)) throw thrown;
      await pauseFor(PING_PAUSE_MS, givenUp);
    }
  }
}

function create(settings: Settings, options: ConnectionOptions): Redis {
  const { connection, telemetry } = settings;
  const all: ConnectionOptions = {
    maxRetriesPerRequest: null,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(50 * times, LONGEST_RECONNECT_PAUSE_MS),
    ...(typeof connection === "string" ? {} : connection),
    ...options,
  };
  if (typeof connection === "string") refuseUnreadable(connection);
  const redis = typeof connection === "string" ? new Redis(connection, all) : new Redis(all);
  let failing = false;
  redis.on("error", (error: Error) => {
    lastTrouble.set(redis, error);
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
export async function callRedis<Result>(operation: string, command: () => Promise<Result>): Promise<Result> {
  try {
    return await command();
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ReplyError" && !TEMPORARY.test(thrown.message)) throw thrown;
    throw new BrokerUnavailableError(operation, thrown, whatRedisSays(thrown));
  }
}

/** Closing a BullMQ part waits for the server, which may be gone; its connections are ended in any case. */
export async function settledWithin(ms: number, work: Promise<unknown>): Promise<void> {
  await within(async () => await work.catch(() => undefined), { ms });
}

/** What the parts of the Redis broker share. */
export interface Context {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly connections: Connections;
  readonly redis: Redis;
  /** Has the mailbox looked at by a worker, after `delayMs`. Never throws: the sweeper repeats a lost wake-up. */
  readonly wake: (conversation: ConversationId, delayMs: number) => void;
}
