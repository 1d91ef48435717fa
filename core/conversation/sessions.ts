import type { Broker } from "../broker/broker.ts";
import type { ConversationId } from "../conversation-id.ts";
import type { Environment } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import type { LifecycleEvent } from "../lifecycle.ts";
import type { ConversationRecord, Store } from "../store/store.ts";

const PAGE = 100;

type ConversationEnded = Extract<LifecycleEvent, { readonly type: "conversation-ended" }>;
type EndReason = ConversationEnded["reason"];

/** The life of conversations: created or resumed by an event, ended by a reset, a wish to be forgotten, or silence. */
export interface ConversationLife {
  /** Opens or resumes the event's conversation; a replay of the event counts once. Emits `conversation-created`. */
  readonly touch: (event: InboundEvent) => Promise<{ readonly record: ConversationRecord; readonly created: boolean }>;
  /**
   * Ends the conversation; its next event starts a new session, which the old one's history does not reach.
   * `forgotten` also erases history and memory. Undefined when none was open. Emits `conversation-ended`.
   */
  readonly end: (conversation: ConversationId, reason: EndReason) => Promise<ConversationRecord | undefined>;
  /** Ends every conversation without an event in the last `minutes`; gives how many. */
  readonly endIdle: (minutes: number) => Promise<number>;
}

export interface ConversationLifeOptions {
  readonly store: Pick<Store, "conversations">;
  readonly broker: Pick<Broker, "emit">;
  readonly environment: Environment;
}

/** Keeps the conversations and tells the lifecycle stream about them. */
export function createConversations({ store, broker, environment }: ConversationLifeOptions): ConversationLife {
  const now = (): string => new Date(environment.clock()).toISOString();

  async function endIf(
    conversation: ConversationId,
    reason: EndReason,
    condition: { readonly idleBefore?: string } = {},
  ): Promise<ConversationRecord | undefined> {
    const at = now();
    const ended = await store.conversations.end(conversation, { forget: reason === "forgotten", at, ...condition });
    if (ended !== undefined) {
      await broker.emit({ ...conversationEnded(ended, at), id: environment.newId(), reason });
    }
    return ended;
  }

  return {
    touch: async (event) => {
      const { id: eventId, bot, account, conversation, chat, user } = event;
      const at = now();
      const touched = await store.conversations.touch({
        id: conversation,
        bot,
        account,
        chatType: chat.type,
        userId: user.id,
        eventId,
        at,
      });
      // The id follows from the event, so that a replay's repetition can be told from a second creation.
      const created = { version: 1, id: `${eventId}.created`, type: "conversation-created" } as const;
      if (touched.created) await broker.emit({ ...created, at, bot, account, conversation });
      return touched;
    },
    end: async (conversation, reason) => await endIf(conversation, reason),
    endIdle: async (minutes) => {
      const idleBefore = new Date(environment.clock() - minutes * 60_000).toISOString();
      let count = 0;
      for (;;) {
        const idle = await store.conversations.idle(idleBefore, PAGE);
        if (idle.length === 0) return count;
        for (const { id } of idle) {
          if ((await endIf(id, "idle", { idleBefore })) !== undefined) count += 1;
        }
      }
    },
  };
}

function conversationEnded(record: ConversationRecord, at: string): Omit<ConversationEnded, "id" | "reason"> {
  return {
    version: 1,
    type: "conversation-ended",
    at,
    bot: record.bot,
    account: record.account,
    conversation: record.id,
    durationMs: Math.max(0, Date.parse(at) - Date.parse(record.createdAt)),
    messageCount: record.messageCount,
  };
}
