/** Counts, and the state of one mailbox, for people. */
import { z } from "zod";
import type { Broker, MailboxState } from "../broker.ts";
import { InboundEvent } from "../../event.ts";
import type { EmbeddedContext } from "./context.ts";
import { type Conversation, type Conversations, isAhead } from "./conversations.ts";
import type { Pauses } from "./pauses.ts";

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
      const conversation = conversations.find(id);
      if (conversation === undefined) return { state: "idle", waiting: [], attempt: 0 };
      const waiting = conversations.rows(id, 0, SHOWN).map(({ sequence, type, event }) => ({
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
