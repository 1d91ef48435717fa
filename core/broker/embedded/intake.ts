/** `accept`: deduplicate, replace or cancel what still waits, else append. One atomic step. */
import type { InboundEvent } from "../../event.ts";
import { InboundEvent as InboundEventSchema } from "../../event.ts";
import type { Acceptance } from "../broker.ts";
import { MailboxFullError } from "../errors.ts";
import { parseStored } from "../stored-payload.ts";
import type { EmbeddedContext } from "./context.ts";
import { type Conversation, type Conversations, newConversation, released } from "./conversations.ts";

/** How long a key is remembered: WhatsApp sends the same message again for up to seven days. */
export const DEDUPLICATION_MS = 8 * 24 * 60 * 60 * 1000;

export interface Intake {
  /** The whole of `accept`, to be called inside a write. */
  readonly take: (event: InboundEvent, holdMs: number) => Acceptance;
  /** Appends without deduplication (a dead letter that is resubmitted), to be called inside a write. */
  readonly append: (event: InboundEvent, holdMs: number) => number;
}

/** Prepares intake. `arrived` is called, inside the write, for each event appended to a running conversation. */
export function createIntake(
  context: EmbeddedContext,
  conversations: Conversations,
  arrived: (event: InboundEvent) => void,
): Intake {
  const { environment, maxWaiting } = context;
  const remember = context.database.prepare<[string, number, number]>(
    "INSERT INTO seen (key, at) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE seen.at <= ?",
  );

  function isNew(event: InboundEvent): boolean {
    const now = environment.clock();
    return remember.run(seenKey(event.account, event.key), now, now - DEDUPLICATION_MS).changes > 0;
  }

  function append(event: InboundEvent, holdMs: number): number {
    const now = environment.clock();
    const known = conversations.find(event.conversation) ?? newConversation(event.conversation, event.account);
    if (known.waiting >= maxWaiting) throw new MailboxFullError(event.conversation, maxWaiting);
    const sequence = known.sequence + 1;
    const next = { ...known, sequence, waiting: known.waiting + 1 };
    const message = "messageId" in event ? (event.messageId ?? null) : null;
    conversations.append(event.conversation, { sequence, type: event.type, message, event: JSON.stringify(event) });
    conversations.save(known.state === "idle" ? released(next, now, holdMs) : next);
    if (known.state === "running") arrived(event);
    return sequence;
  }

  function take(event: InboundEvent, holdMs: number): Acceptance {
    if (!isNew(event)) return { status: "duplicate" };
    const conversation = conversations.find(event.conversation);
    if (conversation !== undefined && conversation.waiting > 0) {
      if (event.type === "edit") {
        const eventId = replaceWaiting(conversations, conversation, event);
        if (eventId !== undefined) return { status: "replaced", eventId };
      }
      if (event.type === "delete") {
        const eventId = cancelWaiting(conversations, conversation, {
          messageId: event.messageId,
          now: environment.clock(),
        });
        if (eventId !== undefined) return { status: "cancelled", eventId };
      }
    }
    return { status: "accepted", sequence: append(event, holdMs) };
  }

  return { take, append };
}

/** The key under which an account's event is remembered. */
export function seenKey(account: string, key: string): string {
  return `${account}\n${key}`;
}

/** What a claim was not handed yet may still change under it. */
function firstChangeable(conversation: Conversation): number {
  return conversation.state === "running" ? conversation.taken : 0;
}

function replaceWaiting(
  conversations: Conversations,
  conversation: Conversation,
  edit: Extract<InboundEvent, { type: "edit" }>,
): string | undefined {
  const after = firstChangeable(conversation);
  const row = conversations
    .byMessage(conversation.id, edit.messageId, after)
    .find(({ type }) => type === "message" || type === "edit");
  const stored = row === undefined ? undefined : parseStored(InboundEventSchema, row.event);
  if (row === undefined || stored?.ok !== true) return undefined;
  const waiting = stored.value;
  if (waiting.type !== "message" && waiting.type !== "edit") return undefined;
  const { text, attachments, mentions, replyTo } = edit;
  const { replyTo: _replaced, ...kept } = waiting;
  const replaced = { ...kept, text, attachments, mentions, ...(replyTo === undefined ? {} : { replyTo }) };
  conversations.replace(conversation.id, { sequence: row.sequence, event: JSON.stringify(replaced) });
  return waiting.id;
}

/** A delete takes the message and its waiting edits away; what was already worked on is told of the delete. */
function cancelWaiting(
  conversations: Conversations,
  conversation: Conversation,
  deleted: { readonly messageId: string; readonly now: number },
): string | undefined {
  const after = firstChangeable(conversation);
  const rows = conversations.byMessage(conversation.id, deleted.messageId, after);
  const original = rows.find(({ type }) => type === "message" || type === "command");
  const stored = original === undefined ? undefined : parseStored(InboundEventSchema, original.event);
  if (original === undefined || stored?.ok !== true) return undefined;
  const [head] = conversations.rows(conversation.id, 0, 1);
  const cancelled = rows.filter(({ type }) => type === "message" || type === "command" || type === "edit");
  for (const { sequence } of cancelled) conversations.remove(conversation.id, sequence);
  const left = { ...conversation, waiting: conversation.waiting - cancelled.length };
  const headIsGone = cancelled.some(({ sequence }) => sequence === head?.sequence);
  if (left.state === "running") conversations.save(left);
  else if (headIsGone) conversations.save(released({ ...left, attempts: 0, failures: 0 }, deleted.now));
  else conversations.save(left);
  return stored.value.id;
}
