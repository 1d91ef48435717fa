import type { RedisOptions } from "ioredis";
import type { Environment } from "../../environment.ts";
import type { Telemetry } from "../../telemetry.ts";

/** ioredis connection options; the shape of replies is ours to choose. */
export type ConnectionOptions = Omit<RedisOptions, "replyMapping">;

/** How the Redis broker connects and how patient it is. */
export interface RedisBrokerOptions {
  /** `redis://user:password@host:port/db` (`rediss://` for TLS), or ioredis connection options. */
  readonly connection: string | ConnectionOptions;
  /** First part of every key, so that several installations can share a server. @default "parley" */
  readonly prefix?: string;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** After this long without an answer a call throws `BrokerUnavailableError`. @default 1_000 */
  readonly commandTimeoutMs?: number;
  /** How long the first connection may take. @default 5_000 */
  readonly connectTimeoutMs?: number;
  /** Waiting events of one conversation before `accept` throws `MailboxFullError`. @default 1_000 */
  readonly maxWaiting?: number;
  /** How often this process looks for overdue mailboxes, on average. @default 500 */
  readonly sweepMs?: number;
  /** Dead letters older than this are dropped when new ones come. @default 30 days */
  readonly deadLetterRetentionMs?: number;
  /** How long lifecycle events are kept (at most about 10,000 of them). @default 30 days */
  readonly lifecycleRetentionMs?: number;
}

/** The same with every default filled in. */
export type Settings = Required<RedisBrokerOptions>;

const DAY_MS = 86_400_000;

/** How long an event's key and a notice's id stay known. */
export const DEDUPLICATION_SECONDS = (8 * DAY_MS) / 1000;

/** How long a wake-up may be on its way before the sweeper sends another. */
export const WAKE_GRACE_MS = 2_000;

/** After this long a suspect that was refused is offered again: its worker may be gone. */
export const OFFERED_AGAIN_MS = 2_000;

/** How long the sweeper waits before it repeats itself for the same mailbox. */
export const SWEEP_PAUSE_MS = 5_000;

/** Fills in the defaults. */
export function settingsOf(options: RedisBrokerOptions): Settings {
  return {
    connection: options.connection,
    prefix: options.prefix ?? "parley",
    environment: options.environment,
    telemetry: options.telemetry,
    commandTimeoutMs: options.commandTimeoutMs ?? 1_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    maxWaiting: options.maxWaiting ?? 1_000,
    sweepMs: options.sweepMs ?? 500,
    deadLetterRetentionMs: options.deadLetterRetentionMs ?? 30 * DAY_MS,
    lifecycleRetentionMs: options.lifecycleRetentionMs ?? 30 * DAY_MS,
  };
}
