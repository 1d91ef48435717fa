/**
 * The durable road between adapters and turns.
 *
 * Words: a *mailbox* holds a conversation's waiting events in order; a *claim* is the exclusive, fenced right to
 * work on a mailbox (lease + epoch); an *outbox* holds an account's replies, in order per conversation.
 *
 * Guarantees of every implementation (one conformance suite checks both):
 * - `accept` resolves only when the event is durable; the same `account` + `key` within 8 days is a `duplicate`.
 * - At most one live claim per conversation; a lost claim's commit is refused (`FencedError`) and changes nothing.
 * - `commit` removes events from the head of the mailbox and appends the replies to the outbox in one atomic step.
 * - An event that waits is always found again: by its wake-up, or by the sweeper.
 * - No call hangs: where the server does not answer within the deadline it throws `BrokerUnavailableError`
 *   (retryable; the outcome is unknown, and repeating `accept` with the same key is safe).
 */
import type { Check } from "../check.ts";
import type { AccountId, ConversationId } from "../conversation-id.ts";
import type { InboundEvent } from "../event.ts";
import type { Json } from "../json.ts";
import type { LifecycleEvent } from "../lifecycle.ts";
import type { BackOff } from "../timing/back-off.ts";
import type { DeliveryProgress, OutboxDraft, OutboxEntry } from "./outbox-entry.ts";

/** What became of an accepted event. */
export type Acceptance =
  | { readonly status: "accepted"; readonly sequence: number }
  /** Already accepted within the deduplication window; nothing changed. */
  | { readonly status: "duplicate" }
  /** An edit that replaced the text of a message that still waited. */
  | { readonly status: "replaced"; readonly eventId: string }
  /** A delete that removed a message that still waited. */
  | { readonly status: "cancelled"; readonly eventId: string };

export interface AcceptOptions {
  /** Hold an idle conversation's turn back this long, so that a burst of short messages becomes one turn. @default 0 */
  readonly holdMs?: number;
}

/** An event in a mailbox. */
export interface WaitingEvent {
  /** Position in the conversation, from 1, without gaps of meaning: history is unique by (conversation, sequence). */
  readonly sequence: number;
  readonly event: InboundEvent;
}

/** The exclusive right to process the head of one mailbox. Finish it with exactly one of commit, retry, bury. */
export interface Claim {
  readonly conversation: ConversationId;
  /** Fencing token: grows with every claim of the conversation. */
  readonly epoch: number;
  /** The head and what waits behind it, oldest first, at most the batch size. Never empty. */
  readonly waiting: readonly WaitingEvent[];
  /** How often the head has been started, this time included. */
  readonly attempt: number;
  /** Aborted when the lease is lost, the process must stop, or `cancel` was called. */
  readonly signal: AbortSignal;
  /** Calls back for each event that arrives in this conversation while the claim is held. May be late; never lost events, only signals. */
  readonly onArrival: (listener: (event: InboundEvent) => void) => void;
  /** Reads the mailbox again: what waits now, the head included. */
  readonly refresh: () => Promise<readonly WaitingEvent[]>;
  /** Removes everything up to `through` and appends the replies, atomically. Throws `FencedError` when the claim was lost. */
  readonly commit: (commit: ClaimCommit) => Promise<void>;
}

export interface ClaimCommit {
  /** Sequence of the last event that this turn covered. */
  readonly through: number;
  readonly replies: readonly OutboxDraft[];
  /**
   * The handler does nothing more in this conversation: where nothing else waits, the claim ends with the commit, in the
   * same step. @default false
   */
  readonly isLast?: boolean;
}

/**
 * Handles one turn: resolves after `claim.commit`. A throw is a failed attempt: the worker retries the head with
 * exponential back-off and jitter, and buries it after `maxAttempts`.
 */
export type ClaimHandler = (claim: Claim) => Promise<void>;

export interface WorkOptions {
  /** Conversations at once in this process. @default 50 */
  readonly concurrency?: number;
  /** How long a claim lives without renewal, in ms. @default 6_000 */
  readonly leaseMs?: number;
  /** Events of one conversation in one claim before others get their turn. @default 20 */
  readonly batch?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** What to tell the person when an event goes to the dead letters. Must not throw; an empty list tells nothing. */
  readonly onDead?: (event: WaitingEvent, reason: string) => readonly OutboxDraft[] | Promise<readonly OutboxDraft[]>;
}

/** @default half a second that doubles with each failure, up to 30 s, ± 50 % */
export interface RetryPolicy extends BackOff {
  /** Failed attempts (throws) before the dead letters. @default 4 */
  readonly maxAttempts: number;
  /** Deaths of its process while it alone was in flight, before the dead letters. @default 2 */
  readonly maxCrashes: number;
}

/** Something that runs until it is closed. */
export interface Running {
  /** Stops taking new work and waits for the work in hand, at most `graceMs`; then aborts it (it is requeued). */
  readonly close: (graceMs?: number) => Promise<void>;
}

/** One try to deliver one outbox entry. */
export interface DeliveryAttempt {
  readonly entry: OutboxEntry;
  /** What earlier attempts recorded: which parts were sent, which one was on the wire when the process died. */
  readonly progress: DeliveryProgress | undefined;
  readonly attempt: number;
  /** Aborted when the account's ownership is lost or the process must stop. */
  readonly signal: AbortSignal;
  /** Durably records progress, before and after each part. */
  readonly record: (progress: DeliveryProgress) => Promise<void>;
}

/** Resolves when the entry has a final outcome (it is then removed). A throw is retried with back-off, order kept. */
export type DeliveryHandler = (attempt: DeliveryAttempt) => Promise<void>;

/**
 * What one process at a time does for an account. Must end soon after `closing` is aborted (the process closes, or the
 * lease was lost) and at once when `stopping` is.
 */
export type HoldWork = (period: { readonly closing: AbortSignal; readonly stopping: AbortSignal }) => Promise<void>;

export interface DeliverOptions {
  /** Conversations of the account at once. @default 20 */
  readonly concurrency?: number;
  /** Lease of the account's ownership in ms: one process delivers for an account at a time. @default 6_000 */
  readonly leaseMs?: number;
}

export interface DeadLetter {
  readonly id: string;
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly event: InboundEvent;
  readonly reason: string;
  readonly attempts: number;
  readonly at: string;
}

export interface DeadLetters {
  /** Newest first. */
  readonly list: (options?: { readonly limit?: number; readonly before?: string }) => Promise<readonly DeadLetter[]>;
  readonly inspect: (id: string) => Promise<DeadLetter | undefined>;
  /** Puts the event at the end of its conversation's mailbox again and removes the dead letter, atomically. False when unknown. */
  readonly resubmit: (id: string) => Promise<boolean>;
  readonly remove: (id: string) => Promise<boolean>;
}

/** What is paused: nothing of it is claimed until it is resumed; events are still accepted. */
export type PauseScope = "all" | { readonly conversation: ConversationId } | { readonly account: AccountId };

export interface BrokerCounts {
  /** Events in mailboxes. */
  readonly waiting: number;
  /** Conversations with a live claim. */
  readonly running: number;
  /** Events scheduled for later. */
  readonly scheduled: number;
  /** Replies not delivered yet. */
  readonly outbox: number;
  readonly dead: number;
}

/** The state of one mailbox, for people. */
export interface MailboxState {
  readonly state: "idle" | "ready" | "running" | "retrying" | "paused";
  readonly waiting: readonly {
    readonly sequence: number;
    readonly eventId: string;
    readonly type: InboundEvent["type"];
  }[];
  readonly attempt: number;
}

export interface Broker {
  readonly kind: "redis" | "embedded";
  readonly accept: (event: InboundEvent, options?: AcceptOptions) => Promise<Acceptance>;
  /** Starts claiming mailboxes. */
  readonly work: (handler: ClaimHandler, options?: WorkOptions) => Running;
  /** Starts delivering an account's outbox; waits as a stand-by while another process owns the account. */
  readonly deliver: (account: AccountId, handler: DeliveryHandler, options?: DeliverOptions) => Running;
  /** Runs the work while this process alone holds the account's connection; other processes stand by. */
  readonly hold: (account: AccountId, work: HoldWork) => Running;
  /** Appends replies that answer no waiting event (a notice, a reminder). Idempotent by `OutboxDraft.id`. */
  readonly send: (reply: OutboxDraft) => Promise<void>;
  readonly deadLetters: DeadLetters;
  /** Accepts the event at `at` (ms since epoch). Idempotent by event id. */
  readonly schedule: (event: InboundEvent, at: number) => Promise<void>;
  readonly unschedule: (eventId: string) => Promise<boolean>;
  readonly pause: (scope: PauseScope) => Promise<void>;
  readonly resume: (scope: PauseScope) => Promise<void>;
  readonly mailbox: (conversation: ConversationId) => Promise<MailboxState>;
  readonly counts: () => Promise<BrokerCounts>;
  /** How many other processes take part in this queue now: servers, workers, terminal chats. */
  readonly others: () => Promise<number>;
  /** Live signals between processes. May be lost; never blocks. */
  readonly publish: (topic: string, message: Json) => Promise<void>;
  readonly subscribe: (topic: string, listener: (message: Json) => void) => Promise<() => Promise<void>>;
  /** Appends to the lifecycle stream (the last 10,000 or so are kept). */
  readonly emit: (event: LifecycleEvent) => Promise<void>;
  /** Follows the lifecycle stream from now on, or after a cursor. */
  readonly follow: (
    listener: (event: LifecycleEvent, cursor: string) => void,
    after?: string,
  ) => Promise<() => Promise<void>>;
  /** A small durable value with a time to live, shared by all processes (leases, live message ids). */
  readonly remember: (key: string, value: string, ttlMs: number) => Promise<void>;
  readonly recall: (key: string) => Promise<string | undefined>;
  /** Start-up and doctor findings: reachable, version, eviction, persistence, a real round trip. */
  readonly check: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}
