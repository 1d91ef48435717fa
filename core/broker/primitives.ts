/**
 * The primitives that an implementation provides; `worker.ts` builds the claim loop on them and `delivery-loop.ts` the
 * delivery loop, the same for Redis and SQLite. Each primitive is one atomic step.
 */
import type { AccountId, ConversationId } from "../conversation-id.ts";
import { ParleyError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import { pauseFor } from "../timing/sleep.ts";
import type { ClaimCommit, WaitingEvent } from "./broker.ts";
import type { DeliveryProgress, OutboxDraft, OutboxEntry } from "./outbox-entry.ts";
import type { Quarantine, Suspicion } from "./retry-policy.ts";

export type Begin =
  | {
      readonly status: "claimed";
      readonly epoch: number;
      /** Starts of the head, this one included; and how many of them ended in a reported failure. */
      readonly attempt: number;
      readonly failures: number;
      /** What is held against the head since processes died over it. */
      readonly suspicion: Suspicion;
      readonly waiting: readonly WaitingEvent[];
    }
  | { readonly status: "empty" | "busy" | "paused" | "waiting" }
  /** The head was in flight when a process died, and is given out under this quarantine only. */
  | { readonly status: "suspect"; readonly needs: Quarantine };

export interface BeginOptions {
  readonly leaseMs: number;
  readonly batch: number;
  /** What the worker has made room for. Left out: a suspect is refused, and offered again after a moment. */
  readonly quarantine?: Quarantine;
}

export interface Committed {
  readonly status: "committed";
  /** Events that still wait. */
  readonly remaining: number;
  /** True when the claim ended with the commit. */
  readonly ended?: true;
}

/** The mailbox primitives. `epoch` is the fence: a stale one changes nothing. */
export interface Mailboxes {
  /**
   * Takes the mailbox when nobody holds a live lease on it: epoch + 1, attempt + 1. What `begin` and `peek` hand out
   * during a claim is no longer replaced by edits or cancelled by deletes (those are appended), so no edit is lost. A
   * claim whose lease ran out counts as a death of its process; it was alone only if it was begun so.
   */
  readonly begin: (conversation: ConversationId, options: BeginOptions) => Promise<Begin>;
  /** Extends the lease; false when the claim was lost. */
  readonly renew: (conversation: ConversationId, epoch: number, leaseMs: number) => Promise<boolean>;
  /** What waits now; during a claim it counts as handed out. */
  readonly peek: (conversation: ConversationId, count: number) => Promise<readonly WaitingEvent[]>;
  /**
   * Removes the head up to `through`, appends the replies; `remaining` events still wait. The next head counts as
   * started. Repeating it under the same epoch after an unknown outcome is safe: when nothing up to `through` is left,
   * nothing changes and the answer is `committed`. With `isLast` it also gives the claim up where nothing waits behind
   * it, and says so by `ended`.
   */
  readonly commit: (
    conversation: ConversationId,
    epoch: number,
    commit: ClaimCommit & { readonly leaseMs: number },
  ) => Promise<Committed | { readonly status: "fenced" }>;
  /**
   * Gives the claim up after a failure; the head is due again after `delayMs`, and no death is held against it any more:
   * its process lived. The failure is counted unless it is an `outage`, which is nobody's fault. False when fenced.
   */
  readonly retry: (
    conversation: ConversationId,
    epoch: number,
    failure: { readonly delayMs: number; readonly isOutage?: boolean },
  ) => Promise<boolean>;
  /** Moves the head to the dead letters, appends the replies and gives the claim up. False when fenced. */
  readonly bury: (
    conversation: ConversationId,
    epoch: number,
    burial: {
      readonly reason: string;
      readonly attempts: number;
      readonly replies: readonly OutboxDraft[];
    },
  ) => Promise<boolean>;
  /**
   * Gives the claim up: idle when empty, else ready at once, behind others. The start of a head that was not committed
   * is taken back: it does not count as an attempt. A suspect stays one.
   */
  readonly finish: (conversation: ConversationId, epoch: number) => Promise<"idle" | "more" | "fenced">;
}

/** Hands out ready conversations until it is closed. */
export interface WakeLoop {
  /** Nothing is handed out while it is paused. */
  readonly pause: (paused: boolean) => void;
  readonly close: () => Promise<void>;
}

/** How a worker hears that conversations are ready, and of arrivals in running ones. */
export interface WakeSource {
  /**
   * Calls `run` for each conversation that is ready, at most `concurrency` at once; `run` resolves when the claim is
   * finished or was not to be had. `close` stops handing out work; it does not wait for runs in hand.
   */
  readonly start: (run: (conversation: ConversationId) => Promise<void>, concurrency: number) => WakeLoop;
  /** Tells of events that arrive in a conversation whose claim this process holds. */
  readonly onArrival: (listener: (conversation: ConversationId, event: InboundEvent) => void) => () => void;
}

/** A process's right to deliver for an account; the epoch fences. */
export interface Ownership {
  readonly account: AccountId;
  readonly epoch: number;
}

/** The outbox primitives, for the one process that owns the account. */
export interface Outboxes {
  /**
   * Takes or renews the ownership; undefined while another process holds it. The epoch fences. What this process held
   * under the name `past` is taken over: its release, or a late renewal, may have got lost on the way.
   */
  readonly own: (account: AccountId, owner: string, leaseMs: number, past?: string) => Promise<number | undefined>;
  readonly release: (account: AccountId, owner: string) => Promise<void>;
  /** Entries after `position` ("" for all that are there), in order, at most `count`. Waits up to `waitMs` for the first one. */
  readonly read: (
    account: AccountId,
    after: string,
    options: { readonly count: number; readonly waitMs: number; readonly signal: AbortSignal },
  ) => Promise<readonly OutboxEntry[]>;
  readonly progress: (account: AccountId, entryId: string) => Promise<DeliveryProgress | undefined>;
  /** False when the ownership was lost. */
  readonly record: (owned: Ownership, entry: OutboxEntry, progress: DeliveryProgress) => Promise<boolean>;
  /** Removes a finished entry with its progress. False when the ownership was lost. */
  readonly remove: (owned: Ownership, entry: OutboxEntry) => Promise<boolean>;
}

const AGAIN_AFTER_MS = 100;

/** Repeats a storage call whose outcome is unknown until it is answered or the signal aborts. It must be repeatable. */
export async function repeatUntilKnown<Result>(signal: AbortSignal, call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      const unknown = thrown instanceof ParleyError && thrown.retryable;
      if (!unknown || signal.aborted) throw thrown;
      await pauseFor(AGAIN_AFTER_MS, signal);
    }
  }
}
