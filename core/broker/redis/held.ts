/**
 * What this process has read of the mailboxes it holds. Events that were handed out during a claim are neither changed
 * nor removed by anybody else, so each is transferred and decoded once, however many turns the claim has.
 */
import type { ConversationId } from "../../conversation-id.ts";
import type { WaitingEvent } from "../broker.ts";

export interface Held {
  readonly epoch: number;
  /** How many events a turn is shown at most. */
  readonly batch: number;
  /** The head of the mailbox as far as it was read. */
  readonly items: readonly WaitingEvent[];
}

/** The mailboxes in hand. */
export interface HeldMailboxes {
  readonly get: (conversation: ConversationId, epoch?: number) => Held | undefined;
  readonly set: (conversation: ConversationId, held: Held) => void;
  /** As `set`, and need not be read again until the event loop turns. */
  readonly setFresh: (conversation: ConversationId, held: Held) => void;
  /** What `setFresh` said, while it is true. */
  readonly fresh: (conversation: ConversationId) => Held | undefined;
  readonly drop: (conversation: ConversationId, epoch: number) => void;
}

/** Makes an empty memory. */
export function createHeldMailboxes(): HeldMailboxes {
  const all = new Map<ConversationId, Held>();
  const fresh = new Map<ConversationId, Held>();
  const get = (conversation: ConversationId, epoch?: number): Held | undefined => {
    const held = all.get(conversation);
    return epoch === undefined || held?.epoch === epoch ? held : undefined;
  };
  return {
    get,
    set: (conversation, held) => void all.set(conversation, held),
    setFresh: (conversation, held) => {
      all.set(conversation, held);
      if (fresh.size === 0) setImmediate(() => fresh.clear());
      fresh.set(conversation, held);
    },
    fresh: (conversation) => fresh.get(conversation),
    drop: (conversation, epoch) => {
      if (all.get(conversation)?.epoch === epoch) all.delete(conversation);
      fresh.delete(conversation);
    },
  };
}
