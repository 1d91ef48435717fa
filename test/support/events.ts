/** Valid events and replies for tests; each field can be set, the rest is made up. Ids are fresh unless given. */
import { randomUUID } from "node:crypto";
import type { OutboxDraft } from "../../core/broker/outbox-entry.ts";
import { accountOf, conversationId, conversationParts, type ConversationId } from "../../core/conversation-id.ts";
import {
  ActionEvent,
  CommandEvent,
  DeleteEvent,
  EditEvent,
  EVENT_VERSION,
  type InboundEvent,
  MembershipEvent,
  MessageEvent,
  ReactionEvent,
} from "../../core/event.ts";

export interface EventFields {
  readonly conversation?: ConversationId;
  readonly messageId?: string;
  readonly text?: string;
  /** Deduplication key; by default it follows from type and message id. */
  readonly key?: string;
  readonly id?: string;
  readonly userId?: string;
}

/** The conversation with this chat id on the test account. */
export function testConversation(chat: string, account = "main"): ConversationId {
  return conversationId({ platform: "console", account, chat });
}

/** A message; two calls give two different messages unless `messageId` is given. */
export function messageEvent(fields: EventFields = {}): MessageEvent {
  return MessageEvent.parse({ ...common(fields, "message"), type: "message", text: fields.text ?? "hello" });
}

/** An edit of the message with this id; every edit has its own key. */
export function editEvent(fields: EventFields & { readonly messageId: string }): EditEvent {
  const key = fields.key ?? `edit:${fields.messageId}:${randomUUID()}`;
  return EditEvent.parse({ ...common({ ...fields, key }, "edit"), type: "edit", text: fields.text ?? "hello again" });
}

/** A delete of the message with this id. */
export function deleteEvent(fields: EventFields & { readonly messageId: string }): DeleteEvent {
  return DeleteEvent.parse({ ...common(fields, "delete"), type: "delete" });
}

/** A pressed button, its words left out as most platforms do. */
export function actionEvent(fields: EventFields & { readonly choiceId: string; readonly value?: string }): ActionEvent {
  const { choiceId, value } = fields;
  return ActionEvent.parse({ ...common(fields, "action"), type: "action", choiceId, value });
}

/** A command, its name without the slash. */
export function commandEvent(fields: EventFields & { readonly name: string }): CommandEvent {
  return CommandEvent.parse({ ...common(fields, "command"), type: "command", name: fields.name, text: fields.text });
}

/** The bot was added to the chat, or removed. */
export function membershipEvent(fields: EventFields & { readonly change: "added" | "removed" }): MembershipEvent {
  return MembershipEvent.parse({ ...common(fields, "membership"), type: "membership", change: fields.change });
}

/** A reaction to the message with this id. */
export function reactionEvent(
  fields: EventFields & { readonly messageId: string; readonly emoji: string; readonly added?: boolean },
): ReactionEvent {
  const { emoji, added = true } = fields;
  return ReactionEvent.parse({ ...common(fields, "reaction"), type: "reaction", emoji, added });
}

/** A reply to the event; `index` of `count`. */
export function replyTo(event: InboundEvent, text = "reply", index = 0): OutboxDraft {
  const id = `${event.id}.${index}`;
  return {
    id,
    conversation: event.conversation,
    account: event.account,
    eventId: event.id,
    index,
    count: index + 1,
    target: { chat: event.chat.id, userId: event.user.id },
    reply: { id, text, sources: [], confidence: 1, disclaimers: [], processingTimeMs: 0, model: "none" },
    repeat: "once",
    createdAt: "2026-01-01T00:00:00.000Z",
  };
}

function common(fields: EventFields, type: string) {
  const conversation = fields.conversation ?? testConversation("chat-1");
  const { platform, chat } = conversationParts(conversation);
  const messageId = fields.messageId ?? randomUUID();
  return {
    version: EVENT_VERSION,
    id: fields.id ?? randomUUID(),
    key: fields.key ?? `${type}:${chat}:${messageId}`,
    bot: "test-bot",
    platform,
    account: accountOf(conversation),
    conversation,
    chat: { id: chat, type: "direct" as const },
    user: { id: fields.userId ?? "user-1" },
    timestamp: "2026-01-01T00:00:00.000Z",
    receivedAt: "2026-01-01T00:00:00.000Z",
    messageId,
  };
}
