/** Rows of conversations and their mailboxes. To be called inside a write, except for reads. */
import type { Database, Statement } from "better-sqlite3";
import type { AccountId, ConversationId } from "../../conversation-id.ts";
import type { InboundEvent } from "../../event.ts";
import { INNOCENT } from "../retry-policy.ts";

/** A moment further ahead than it was ever set is the mark of a clock that went back; a second is no mark. */
const CLOCK_TOLERANCE_MS = 1_000;

export interface Conversation {
  readonly id: ConversationId;
  readonly account: AccountId;
  readonly state: "idle" | "ready" | "running";
  /** Ready: claimable from; running: end of the lease; idle: null. */
  readonly due: number | null;
  /** How far `due` lay ahead when it was set. */
  readonly span: number;
  /** The last sequence given. */
  readonly sequence: number;
  readonly waiting: number;
  readonly epoch: number;
  /** Starts of the head, and how many of them reported a failure. */
  readonly attempts: number;
  readonly failures: number;
  /** The last sequence handed out to the running claim. */
  readonly taken: number;
  /** The process that holds the claim. */
  readonly holder: string | null;
  /** 1: the claim was begun with nothing beside it in its worker. */
  readonly alone: number;
  /** What is held against the head: see `Suspicion`. */
  readonly crashes: number;
  readonly deaths: number;
}

/** What is known of a head that was never started. */
export const NEW_HEAD = { attempts: 0, failures: 0, ...INNOCENT } as const;

/** An event as it rests in a mailbox. */
export interface MailboxRow {
  readonly sequence: number;
  readonly type: InboundEvent["type"];
  readonly event: string;
}

/** Written out: a declaration cannot name the type that the library infers. */
export interface Conversations {
  readonly find: Statement<[ConversationId], Conversation>;
  /** Conversations on which a process has a claim. */
  readonly heldBy: Statement<[string], Conversation>;
  readonly save: Statement<[Conversation]>;
  /** Appends the stored event as it is (type, platform message, event); the conversation's row is the caller's to save. */
  readonly append: Statement<[ConversationId, number, string, string | null, string]>;
  /** What waits behind a sequence, oldest first, at most so many. */
  readonly rows: Statement<[ConversationId, number, number], MailboxRow>;
  /** Waiting events of a platform message behind a sequence, newest first. */
  readonly byMessage: Statement<[ConversationId, string, number], MailboxRow>;
  readonly replace: Statement<[string, ConversationId, number]>;
  readonly remove: Statement<[ConversationId, number]>;
  readonly removeThrough: Statement<[ConversationId, number]>;
}

/** Prepares the statements on conversations and mailboxes. */
export function createConversationRows(database: Database): Conversations {
  return {
    find: database.prepare("SELECT * FROM conversations WHERE id = ?"),
    heldBy: database.prepare("SELECT * FROM conversations WHERE due IS NOT NULL AND state = 'running' AND holder = ?"),
    save: database.prepare(
      `INSERT INTO conversations (id, account, state, due, span, sequence, waiting, epoch, attempts, failures, taken,
         holder, alone, crashes, deaths)
       VALUES (@id, @account, @state, @due, @span, @sequence, @waiting, @epoch, @attempts, @failures, @taken,
         @holder, @alone, @crashes, @deaths)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, due = excluded.due, span = excluded.span,
         sequence = excluded.sequence, waiting = excluded.waiting, epoch = excluded.epoch,
         attempts = excluded.attempts, failures = excluded.failures, taken = excluded.taken, holder = excluded.holder,
         alone = excluded.alone, crashes = excluded.crashes, deaths = excluded.deaths`,
    ),
    append: database.prepare(
      "INSERT INTO mailbox (conversation, sequence, type, message, event) VALUES (?, ?, ?, ?, ?)",
    ),
    rows: database.prepare(
      "SELECT sequence, type, event FROM mailbox WHERE conversation = ? AND sequence > ? ORDER BY sequence LIMIT ?",
    ),
    byMessage: database.prepare(
      `SELECT sequence, type, event FROM mailbox WHERE conversation = ? AND message = ? AND sequence > ?
       ORDER BY sequence DESC`,
    ),
    replace: database.prepare("UPDATE mailbox SET event = ? WHERE conversation = ? AND sequence = ?"),
    remove: database.prepare("DELETE FROM mailbox WHERE conversation = ? AND sequence = ?"),
    removeThrough: database.prepare("DELETE FROM mailbox WHERE conversation = ? AND sequence <= ?"),
  };
}

/** A conversation that never had an event. */
export function newConversation(id: ConversationId, account: AccountId): Conversation {
  return {
    id,
    account,
    state: "idle",
    due: null,
    span: 0,
    sequence: 0,
    waiting: 0,
    epoch: 0,
    attempts: 0,
    failures: 0,
    taken: 0,
    holder: null,
    alone: 0,
    ...INNOCENT,
  };
}

/** Whether the moment in `due` lies ahead. One that a clock change moved out of reach counts as past. */
export function isAhead(timer: { readonly due: number | null; readonly span: number }, now: number): boolean {
  return timer.due !== null && timer.due > now && timer.due - timer.span <= now + CLOCK_TOLERANCE_MS;
}

/** After the head left the mailbox or its claim was given up: idle when nothing waits, else ready after `delayMs`. */
export function released(conversation: Conversation, now: number, delayMs = 0): Conversation {
  const free = { ...conversation, taken: 0, holder: null, alone: 0 };
  if (conversation.waiting === 0) return { ...free, ...NEW_HEAD, state: "idle", due: null, span: 0 };
  return { ...free, state: "ready", due: now + delayMs, span: delayMs };
}

/** After the process that held the claim died: the head is a suspect, and more than that if nothing else was in flight. */
export function afterDeath(conversation: Conversation, now: number, wasAlone: boolean): Conversation {
  const { crashes, deaths, alone } = conversation;
  const blamed = wasAlone || alone === 1 ? 1 : 0;
  return released({ ...conversation, crashes: crashes + 1, deaths: deaths + blamed }, now);
}
