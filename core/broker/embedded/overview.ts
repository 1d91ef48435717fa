/** What people look at and change: counts, the state of one mailbox, pauses, dead letters. */
import { z } from "zod";
import { AccountId, ConversationId } from "../../conversation-id.ts";
import { InboundEvent } from "../../event.ts";
import type { Broker, DeadLetter, DeadLetters, MailboxState, PauseScope } from "../broker.ts";
import { MailboxFullError } from "../errors.ts";
import { parseStored, unreadableEvent } from "../stored-payload.ts";
import {
  type Conversation,
  type Conversations,
  isAhead,
  type MailboxRow,
  newConversation,
  released,
} from "./conversations.ts";
import type { EmbeddedContext } from "./database.ts";

const SHOWN = 1_000;
const EventId = z.object({ id: InboundEvent.options[0].shape.id });

interface CountRow {
  readonly waiting: number;
  readonly running: number;
  readonly scheduled: number;
  readonly outbox: number;
  readonly dead: number;
}

/** `counts` and `mailbox`. */
export function createOverview(
  context: EmbeddedContext,
  conversations: Conversations,
  pauses: Pauses,
): Pick<Broker, "counts" | "mailbox"> {
  const { database, environment } = context;
  const counts = database.prepare<[number], CountRow>(
    `SELECT
       (SELECT coalesce(sum(waiting), 0) FROM conversations WHERE due IS NOT NULL) AS waiting,
       (SELECT count(*) FROM conversations WHERE due > ? AND state = 'running') AS running,
       (SELECT count(*) FROM scheduled) AS scheduled,
       (SELECT count(*) FROM outbox) AS outbox,
       (SELECT count(*) FROM dead) AS dead`,
  );

  function stateOf(conversation: Conversation): MailboxState["state"] {
    const now = environment.clock();
    if (conversation.state === "running" && isAhead(conversation, now)) return "running";
    if (pauses.covers(conversation)) return "paused";
    if (conversation.state === "idle") return "idle";
    return conversation.failures > 0 ? "retrying" : "ready";
  }

  return {
    counts: async () => {
      const row = counts.get(environment.clock());
      return row ?? { waiting: 0, running: 0, scheduled: 0, outbox: 0, dead: 0 };
    },
    mailbox: async (id) => {
      const conversation = conversations.find.get(id);
      if (conversation === undefined) return { state: "idle", waiting: [], attempt: 0 };
      const waiting = conversations.rows.all(id, 0, SHOWN).map(({ sequence, type, event }) => ({
        sequence,
        type,
        eventId: eventIdOf(event),
      }));
      return { state: stateOf(conversation), waiting, attempt: conversation.attempts };
    },
  };
}

function eventIdOf(text: string): string {
  try {
    return EventId.parse(JSON.parse(text)).id;
  } catch {
    return "unreadable";
  }
}

export interface Pauses {
  readonly pause: (scope: PauseScope) => Promise<void>;
  readonly resume: (scope: PauseScope) => Promise<void>;
  readonly covers: (conversation: { readonly id: ConversationId; readonly account: AccountId }) => boolean;
}

/** What is paused, on disk: it stays paused after a restart. */
export function createPauses({ database, write }: EmbeddedContext): Pauses {
  const pause = database.prepare<[string]>("INSERT OR IGNORE INTO paused (scope) VALUES (?)");
  const resume = database.prepare<[string]>("DELETE FROM paused WHERE scope = ?");
  const covers = database.prepare<[string, string]>("SELECT 1 FROM paused WHERE scope IN ('all', ?, ?) LIMIT 1");
  return {
    pause: (scope) => write(() => void pause.run(scopeKey(scope))),
    resume: (scope) => write(() => void resume.run(scopeKey(scope))),
    covers: ({ id, account }) => covers.get(`conversation ${id}`, `account ${account}`) !== undefined,
  };
}

function scopeKey(scope: PauseScope): string {
  if (scope === "all") return "all";
  return "conversation" in scope ? `conversation ${scope.conversation}` : `account ${scope.account}`;
}

const DEFAULT_LIMIT = 50;

interface DeadRow {
  readonly id: string;
  readonly kind: "event" | "reply";
  readonly conversation: string;
  readonly account: string;
  readonly sequence: number;
  readonly payload: string;
  readonly reason: string;
  readonly attempts: number;
  readonly at: number;
}

export interface DeadLetterBox extends DeadLetters {
  /** Notes an event as dead, inside a write; removing it from the mailbox is the caller's. */
  readonly bury: (
    conversation: Conversation,
    burial: { readonly row: MailboxRow; readonly reason: string; readonly attempts: number },
  ) => void;
  /** Notes an outbox row that cannot be read, inside a write. */
  readonly buryReply: (reply: {
    readonly account: AccountId;
    readonly conversation: ConversationId;
    readonly payload: string;
    readonly reason: string;
  }) => void;
}

/** Makes the box. */
export function createDeadLetters(context: EmbeddedContext, conversations: Conversations): DeadLetterBox {
  const { database, environment, write } = context;
  const table = deadTable(database);

  function resubmitEvent(row: DeadRow): void {
    const id = ConversationId.parse(row.conversation);
    const known = conversations.find.get(id) ?? newConversation(id, AccountId.parse(row.account));
    if (known.waiting >= context.maxWaiting) throw new MailboxFullError(id, context.maxWaiting);
    const stored = parseStored(InboundEvent, row.payload);
    const event = stored.ok ? stored.value : undefined;
    const message = event !== undefined && "messageId" in event ? (event.messageId ?? null) : null;
    const sequence = known.sequence + 1;
    // The payload as it was stored: a version that can read it gets it whole.
    conversations.append.run(id, sequence, event?.type ?? "message", message, row.payload);
    const next = { ...known, sequence, waiting: known.waiting + 1 };
    conversations.save.run(known.state === "idle" ? released(next, environment.clock()) : next);
  }

  return {
    bury: (conversation, { row, reason, attempts }) =>
      void table.insert.run({
        id: environment.newId(),
        kind: "event",
        conversation: conversation.id,
        account: conversation.account,
        sequence: row.sequence,
        payload: row.event,
        reason,
        attempts,
        at: environment.clock(),
      }),
    buryReply: ({ account, conversation, payload, reason }) =>
      void table.insert.run({
        account,
        conversation,
        payload,
        reason,
        id: environment.newId(),
        kind: "reply",
        sequence: 0,
        attempts: 0,
        at: environment.clock(),
      }),
    list: async ({ limit = DEFAULT_LIMIT, before } = {}) =>
      (before === undefined ? table.newest.all(limit) : table.older.all(before, limit)).map(deadLetter),
    inspect: async (id) => {
      const row = table.find.get(id);
      return row === undefined ? undefined : deadLetter(row);
    },
    resubmit: (id) =>
      write(() => {
        const row = table.find.get(id);
        if (row === undefined) return false;
        if (row.kind === "event") resubmitEvent(row);
        else table.restoreReply.run(row.account, row.conversation, row.id, row.payload);
        table.remove.run(id);
        return true;
      }),
    remove: (id) => write(() => table.remove.run(id).changes > 0),
  };
}

function deadLetter(row: DeadRow): DeadLetter {
  const conversation = ConversationId.parse(row.conversation);
  const stored = row.kind === "event" ? parseStored(InboundEvent, row.payload) : undefined;
  return {
    id: row.id,
    conversation,
    sequence: row.sequence,
    event: stored?.ok === true ? stored.value : unreadableEvent(conversation, row),
    reason: row.reason,
    attempts: row.attempts,
    at: new Date(row.at).toISOString(),
  };
}

function deadTable(database: EmbeddedContext["database"]) {
  return {
    insert: database.prepare<[DeadRow]>(
      `INSERT INTO dead (id, kind, conversation, account, sequence, payload, reason, attempts, at)
     VALUES (@id, @kind, @conversation, @account, @sequence, @payload, @reason, @attempts, @at)`,
    ),
    newest: database.prepare<[number], DeadRow>("SELECT * FROM dead ORDER BY n DESC LIMIT ?"),
    older: database.prepare<[string, number], DeadRow>(
      "SELECT * FROM dead WHERE n < (SELECT n FROM dead WHERE id = ?) ORDER BY n DESC LIMIT ?",
    ),
    find: database.prepare<[string], DeadRow>("SELECT * FROM dead WHERE id = ?"),
    remove: database.prepare<[string]>("DELETE FROM dead WHERE id = ?"),
    restoreReply: database.prepare<[string, string, string, string]>(
      "INSERT INTO outbox (account, conversation, id, entry) VALUES (?, ?, ?, ?)",
    ),
  };
}
