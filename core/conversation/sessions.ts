import type { Broker } from "../broker/broker.ts";
import type { ConversationId } from "../conversation-id.ts";
import type { Environment } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import type { LifecycleEvent } from "../lifecycle.ts";
import type { ConversationRecord, Store } from "../store/store.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Erase } from "./eraser.ts";

const PAGE = 100;

type SessionEnded = Extract<LifecycleEvent, { readonly type: "session.ended" }>;
type EndReason = SessionEnded["reason"];

/** The life of conversations: created or resumed by an event, ended by a reset, a wish to be forgotten, or silence. */
export interface ConversationLife {
  /** Opens or resumes the event's conversation; a replay of the event counts once. Emits `session.created`. */
  readonly resume: (event: InboundEvent) => Promise<{ readonly record: ConversationRecord; readonly created: boolean }>;
  /**
   * Ends the conversation; its next event starts a new session, which the old one's history does not reach.
   * `forgotten` also erases all that is kept of it. Undefined when none was open. Emits `session.ended`.
   */
  readonly end: (conversation: ConversationId, reason: EndReason) => Promise<ConversationRecord | undefined>;
  /** Ends every conversation without an event in the last `minutes`; gives how many. */
  readonly endIdle: (minutes: number) => Promise<number>;
}

export interface ConversationLifeOptions {
  readonly store: Pick<Store, "conversations">;
  readonly broker: Pick<Broker, "emit">;
  readonly environment: Environment;
  readonly telemetry: Pick<Telemetry, "log" | "metrics">;
  /** Makes void what waits for a confirmation in a conversation that starts anew. */
  readonly withdraw: (conversation: ConversationRecord, by: { readonly eventId: string }) => Promise<unknown>;
  /** Erases everything of a conversation that is forgotten, and of its person; see `createEraser`. */
  readonly erase: Erase;
}

/** Keeps the conversations and tells the lifecycle stream about them. */
export function createConversationLife(options: ConversationLifeOptions): ConversationLife {
  const { store, broker, environment, erase, telemetry } = options;
  const now = (): string => new Date(environment.clock()).toISOString();

  /** Before anything else: where the end fails halfway and is tried again, nothing may be left to confirm. */
  async function withdraw(conversation: ConversationId): Promise<void> {
    const record = await store.conversations.get(conversation);
    if (record !== undefined) await options.withdraw(record, { eventId: environment.newId() });
  }

  async function endIf(
    conversation: ConversationId,
    reason: EndReason,
    condition: { readonly idleBefore?: string } = {},
  ): Promise<ConversationRecord | undefined> {
    const at = now();
    if (reason === "reset") await withdraw(conversation);
    const ended = await store.conversations.end(conversation, { at, ...condition });
    // Also where none is open: one that was ended before may have left its history.
    if (reason === "forgotten") await erase(conversation);
    if (ended !== undefined) {
      const event = { ...sessionEnded(ended, at), id: environment.newId(), reason };
      await broker.emit(event);
      const { bot, durationMs, messageCount } = event;
      telemetry.metrics.session({ bot, event: event.type });
      telemetry.log.info({ bot, conversation, reason, durationMs, messageCount }, event.type);
    }
    return ended;
  }

  return {
    resume: async (event) => {
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
      const created = { version: 1, id: `${eventId}.created`, type: "session.created" } as const;
      if (touched.created) {
        await broker.emit({ ...created, at, bot, account, conversation });
        telemetry.metrics.session({ bot, event: created.type });
        telemetry.log.info({ bot, conversation, correlationId: eventId }, created.type);
      }
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

function sessionEnded(record: ConversationRecord, at: string): Omit<SessionEnded, "id" | "reason"> {
  return {
    version: 1,
    type: "session.ended",
    at,
    bot: record.bot,
    account: record.account,
    conversation: record.id,
    durationMs: Math.max(0, Date.parse(at) - Date.parse(record.createdAt)),
    messageCount: record.messageCount,
  };
}
