import type { OutboxDraft } from "../broker/outbox-entry.ts";
import type { Environment } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import type { Reply, ReplyTarget } from "../reply.ts";

/** Where the answer to an event goes. */
export function targetOf(event: InboundEvent): ReplyTarget {
  return {
    chat: event.chat.id,
    ...(event.chat.thread === undefined ? {} : { thread: event.chat.thread }),
    userId: event.user.id,
    ...("messageId" in event && event.messageId !== undefined ? { replyTo: event.messageId } : {}),
    ...(event.reference === undefined ? {} : { reference: event.reference }),
  };
}

/** The outbox entries of a turn's replies. What concerns money is never repeated after an ambiguous send. */
export function toOutboxDrafts(
  event: InboundEvent,
  replies: readonly Reply[],
  options: {
    readonly money: boolean;
    readonly streamed?: boolean;
    readonly environment: Pick<Environment, "clock">;
  },
): readonly OutboxDraft[] {
  const streamed = options.streamed === false ? { streamed: false as const } : {};
  const createdAt = new Date(options.environment.clock()).toISOString();
  return replies.map((reply, index) => ({
    id: `${event.id}.${index}`,
    conversation: event.conversation,
    account: event.account,
    eventId: event.id,
    index,
    count: replies.length,
    target: targetOf(event),
    reply,
    repeat: options.money || reply.proposal !== undefined ? "never" : "once",
    ...streamed,
    createdAt,
  }));
}
