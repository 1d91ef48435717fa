/**
 * Durable topics for facts that belong to no conversation, such as what people do with products.
 *
 * Guarantees of every implementation (one contract suite checks both):
 * - `publish` resolves only when all messages are durable; the same key on the same topic within a day counts once.
 * - A message is given to one consumer at a time and is gone when its handler resolves. A handler that throws gets it
 *   again after a growing pause, and no sooner than the error asks (`retryAfterMs`); after the last attempt, and at once for an error that is not retryable, it becomes a
 *   dead letter. So does a message whose process died with it too often.
 * - A message that is older than its time to live becomes a dead letter instead of being handled.
 */
import type { Running } from "../broker/broker.ts";
import { ParleyError } from "../errors.ts";
import type { Json } from "../json.ts";

export interface TopicMessage {
  /** The publisher's identity of the message. */
  readonly key: string;
  readonly body: Json;
}

export interface PublishOptions {
  /** After this long without being handled a message is dead. @default 7 days */
  readonly ttlMs?: number;
}

/** A message as its handler gets it. */
export interface ReceivedMessage extends TopicMessage {
  readonly topic: string;
  /** How often it has been started, this time included. */
  readonly attempt: number;
  /** ISO 8601. */
  readonly publishedAt: string;
}

/** Resolving acknowledges the message. */
export type TopicHandler = (message: ReceivedMessage) => Promise<void>;

export interface ConsumeOptions {
  /** Messages of the topic at once in this process. @default 20 */
  readonly concurrency?: number;
  /** Attempts that may throw before a message is dead. @default 5 */
  readonly maxAttempts?: number;
  /** First pause in ms; doubles each time, ± 50 %. @default 1_000 */
  readonly baseDelayMs?: number;
  /** After this long the consumer counts as dead and another gets the message. @default 30_000 */
  readonly leaseMs?: number;
}

export interface TopicDeadLetter extends TopicMessage {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly at: string;
}

export interface TopicCounts {
  /** Not yet acknowledged, running ones included. */
  readonly waiting: number;
  readonly dead: number;
}

export interface Topics {
  readonly kind: "embedded" | "redis";
  readonly publish: (topic: string, messages: readonly TopicMessage[], options?: PublishOptions) => Promise<void>;
  readonly consume: (topic: string, handler: TopicHandler, options?: ConsumeOptions) => Running;
  readonly counts: (topic: string) => Promise<TopicCounts>;
  /** Newest first. */
  readonly deadLetters: (topic: string, limit: number) => Promise<readonly TopicDeadLetter[]>;
  /** Gives a dead letter another life with all its attempts; false when there is none of that id. */
  readonly resubmit: (topic: string, id: string) => Promise<boolean>;
  /** Forgets a dead letter; false when there is none of that id. */
  readonly remove: (topic: string, id: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

const DAY_MS = 86_400_000;

export const DEFAULT_TTL_MS = 7 * DAY_MS;
/** How long a key stays known after its message was handled. */
export const KEY_KNOWN_MS = DAY_MS;
/** How long dead letters are kept. */
export const DEAD_KEPT_MS = 30 * DAY_MS;
/** Deaths of a process with the message in hand, before it is a dead letter. */
export const MAX_CRASHES = 2;

/** A deliberate error that says that trying again is of no use; anything unknown may pass. */
export function isHopeless(thrown: unknown): boolean {
  return thrown instanceof ParleyError && !thrown.retryable;
}

/** How long a deliberate error asks to wait before the next attempt. */
export function askedPauseMs(thrown: unknown): number {
  return thrown instanceof ParleyError ? (thrown.retryAfterMs ?? 0) : 0;
}

/** The defaults filled in. */
export function consumeOptions(options: ConsumeOptions = {}): Required<ConsumeOptions> {
  return { concurrency: 20, maxAttempts: 5, baseDelayMs: 1_000, leaseMs: 30_000, ...options };
}
