/** Events that were given up, and stored payloads that this version cannot read. */
import { AccountId, ConversationId } from "../../conversation-id.ts";
import { InboundEvent } from "../../event.ts";
import type { DeadLetter, DeadLetters } from "../broker.ts";
import { MailboxFullError } from "../errors.ts";
import { parseStored, unreadableEvent } from "../stored-payload.ts";
import type { EmbeddedContext } from "./context.ts";
import { type Conversation, type Conversations, type MailboxRow, newConversation, released } from "./conversations.ts";

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
    const known = conversations.find(id) ?? newConversation(id, AccountId.parse(row.account));
    if (known.waiting >= context.maxWaiting) throw new MailboxFullError(id, context.maxWaiting);
    const stored = parseStored(InboundEvent, row.payload);
    const event = stored.ok ? stored.value : undefined;
    const message = event !== undefined && "messageId" in event ? (event.messageId ?? null) : null;
    const sequence = known.sequence + 1;
    // The payload as it was stored: a version that can read it gets it whole.
    conversations.append(id, { sequence, type: event?.type ?? "message", message, event: row.payload });
    const next = { ...known, sequence, waiting: known.waiting + 1 };
    conversations.save(known.state === "idle" ? released(next, environment.clock()) : next);
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
