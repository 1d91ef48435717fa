import type { Redis } from "ioredis";
import type { ConversationId } from "../../conversation-id.ts";
import type { Connections } from "./connection.ts";
import type { Keys } from "./keys.ts";
import type { Settings } from "./options.ts";

/** What the parts of the Redis broker share. */
export interface Context {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly connections: Connections;
  readonly redis: Redis;
  /** Has the mailbox looked at by a worker, after `delayMs`. Never throws: the sweeper repeats a lost wake-up. */
  readonly wake: (conversation: ConversationId, delayMs: number) => void;
}
