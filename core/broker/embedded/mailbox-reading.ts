/** Handing out events: `begin` and `peek`, inside a write. */
import type { ConversationId } from "../../conversation-id.ts";
import { InboundEvent } from "../../event.ts";
import type { WaitingEvent } from "../broker.ts";
import type { Begin } from "../mailbox.ts";
import { parseStored } from "../stored-payload.ts";
import type { EmbeddedContext } from "./context.ts";
import { type Conversation, type Conversations, isAhead, released } from "./conversations.ts";
import type { DeadLetterBox } from "./dead-letters.ts";
import type { OutboxRows } from "./outboxes.ts";
import type { Pauses } from "./pauses.ts";

/** What the primitives are built on. */
export interface MailboxParts {
  readonly conversations: Conversations;
  readonly outbox: OutboxRows;
  readonly dead: DeadLetterBox;
  readonly pauses: Pauses;
}

/** Reads the head inside a write; what cannot be read goes to the dead letters on the way. */
function createHeadReader({ telemetry }: EmbeddedContext, { conversations, dead }: MailboxParts) {
  return function readHead(
    conversation: Conversation,
    count: number,
  ): { readonly conversation: Conversation; readonly events: readonly WaitingEvent[] } {
    const events: WaitingEvent[] = [];
    let current = conversation;
    for (const row of conversations.rows(conversation.id, 0, count)) {
      const stored = parseStored(InboundEvent, row.event);
      if (stored.ok) {
        events.push({ sequence: row.sequence, event: stored.value });
        continue;
      }
      dead.bury(current, { row, reason: stored.reason, attempts: current.attempts });
      conversations.remove(current.id, row.sequence);
      telemetry.log.error(
        { reason: stored.reason },
        "A waiting event could not be read back; it went to the dead letters",
      );
      const wasHead = events.length === 0;
      current = { ...current, waiting: current.waiting - 1, ...(wasHead ? { attempts: 0, failures: 0 } : {}) };
    }
    return { conversation: current, events };
  };
}

/** Prepares handing out. */
export function createMailboxReading(context: EmbeddedContext, parts: MailboxParts) {
  const { clock } = context.environment;
  const { conversations, pauses } = parts;
  const readHead = createHeadReader(context, parts);

  function begin(id: ConversationId, options: { readonly leaseMs: number; readonly batch: number }): Begin {
    const found = conversations.find(id);
    if (found === undefined || found.state === "idle") return { status: "empty" };
    const now = clock();
    if (found.state === "running" && isAhead(found, now)) return { status: "busy" };
    if (pauses.covers(found)) return { status: "paused" };
    if (found.state === "ready" && isAhead(found, now)) return { status: "waiting" };
    const { conversation, events } = readHead(found, options.batch);
    const last = events.at(-1);
    if (last === undefined) {
      conversations.save(released(conversation, now));
      return { status: "empty" };
    }
    const claimed: Conversation = {
      ...conversation,
      state: "running",
      due: now + options.leaseMs,
      span: options.leaseMs,
      epoch: conversation.epoch + 1,
      attempts: conversation.attempts + 1,
      taken: last.sequence,
    };
    conversations.save(claimed);
    const { epoch, attempts: attempt, failures } = claimed;
    return { status: "claimed", epoch, attempt, failures, waiting: events };
  }

  function peek(id: ConversationId, count: number): readonly WaitingEvent[] {
    const found = conversations.find(id);
    if (found === undefined || found.waiting === 0) return [];
    const { conversation, events } = readHead(found, count);
    const taken = found.state === "running" ? Math.max(found.taken, events.at(-1)?.sequence ?? 0) : found.taken;
    if (conversation !== found || taken !== found.taken) {
      const next = { ...conversation, taken };
      conversations.save(next.waiting === 0 && next.state === "ready" ? released(next, clock()) : next);
    }
    return events;
  }

  return { begin, peek };
}
