/**
 * What the delivery loop holds in memory: one queue per conversation, bounded per conversation and in all. A conversation
 * that does not move must not fill the memory or keep others from being read: beyond its bound its entries are left in
 * storage, and read again from there once its queue is empty.
 */
import type { ConversationId } from "../conversation-id.ts";
import type { OutboxEntry } from "./outbox-entry.ts";

const PER_CONVERSATION = 20;
const IN_ALL = 1_000;

interface Lane {
  readonly entries: OutboxEntry[];
  lastPosition: string;
  /** The last entry kept; what follows it in this conversation was left in storage. */
  leftAfter: string | undefined;
}

/** Bookkeeping of entries read ahead. No I/O. */
export interface ReadAhead {
  /** Where the next read starts. */
  readonly cursor: () => string;
  readonly isFull: () => boolean;
  /** Call before a read; what finishes from then on is not taken from its answer. */
  readonly beginRead: () => void;
  /** Takes the answer of a read; gives the conversations that have work now and had none before. */
  readonly add: (entries: readonly OutboxEntry[]) => readonly ConversationId[];
  /** At the end of the outbox: goes back for entries that were left in storage. False when there are none. */
  readonly rewind: () => boolean;
  readonly head: (conversation: ConversationId) => OutboxEntry | undefined;
  /** The head is done and gone from storage; false when the conversation has nothing more in memory. */
  readonly finish: (conversation: ConversationId) => boolean;
  /** Whether a conversation waits for `rewind`. */
  readonly wantsRewind: () => boolean;
}

/** Makes empty bookkeeping that starts at the beginning of the outbox. */
export function createReadAhead(): ReadAhead {
  const lanes = new Map<ConversationId, Lane>();
  const held = new Set<string>();
  const finishedDuringRead = new Set<string>();
  const rewinds: ConversationId[] = [];
  let cursor = "";

  function take(entry: OutboxEntry): boolean {
    if (held.has(entry.id) || finishedDuringRead.has(entry.id)) return false;
    const lane = lanes.get(entry.conversation);
    if (lane === undefined) {
      lanes.set(entry.conversation, { entries: [entry], lastPosition: entry.position, leftAfter: undefined });
      held.add(entry.id);
      return true;
    }
    if (lane.leftAfter !== undefined || lane.entries.length >= PER_CONVERSATION) {
      lane.leftAfter ??= lane.lastPosition;
      return false;
    }
    lane.entries.push(entry);
    lane.lastPosition = entry.position;
    held.add(entry.id);
    return false;
  }

  return {
    cursor: () => cursor,
    isFull: () => held.size >= IN_ALL,
    beginRead: () => finishedDuringRead.clear(),
    add: (entries) => {
      const started = entries.filter(take).map((entry) => entry.conversation);
      cursor = entries.at(-1)?.position ?? cursor;
      return started;
    },
    wantsRewind: () => rewinds.length > 0,
    rewind: () => {
      const conversation = rewinds.shift();
      const position = conversation === undefined ? undefined : lanes.get(conversation)?.leftAfter;
      if (conversation === undefined || position === undefined) return false;
      lanes.delete(conversation);
      cursor = position;
      return true;
    },
    head: (conversation) => lanes.get(conversation)?.entries[0],
    finish: (conversation) => {
      const lane = lanes.get(conversation);
      const done = lane?.entries.shift();
      if (lane === undefined || done === undefined) return false;
      held.delete(done.id);
      finishedDuringRead.add(done.id);
      if (lane.entries.length > 0) return true;
      // Until its rewind the lane stays, closed: a newer entry must not overtake those left in storage.
      if (lane.leftAfter === undefined) lanes.delete(conversation);
      else rewinds.push(conversation);
      return false;
    },
  };
}
