/**
 * What can be done in a session, whichever call asks for it: say something, wait for the answer, look back, start anew.
 */
import type { AdapterContext, ConversationId, HistoryEntry } from "../../adapter.ts";
import { conversationId, InvalidInputError, linkSignals, ParleyError } from "../../adapter.ts";
import type { ProgramReply } from "./protocol.ts";
import type { Channel } from "./channel.ts";
import type { Channels } from "./channels.ts";
import { RateLimitedError } from "./errors.ts";
import type { HistoryWatch } from "./history-watch.ts";
import { createWatch } from "./history-watch.ts";
import type { WebRaw } from "./normalize.ts";
import { normalizeWeb } from "./normalize.ts";
import { manifest } from "./manifest.ts";
import type { WebSession } from "./session-ids.ts";
import type { WebSettings } from "./settings.ts";
import type { TurnReference } from "./turn-log.ts";

/** What a person did, before it is known in which session. */
export type Said =
  | Omit<Extract<WebRaw, { type: "message" }>, "chat" | "userId" | "at">
  | Omit<Extract<WebRaw, { type: "action" }>, "chat" | "userId" | "at">;

/** An accepted message: durable, and on its way to its turn. */
export interface AcceptedMessage {
  readonly reference: TurnReference;
  readonly duplicate: boolean;
}

export interface Conversations {
  readonly idOf: (session: WebSession) => ConversationId;
  /** Resolves when it is durable; rejects with the broker's retryable error when it cannot be made so. */
  readonly say: (session: WebSession, said: Said) => Promise<AcceptedMessage>;
  /** The answer's replies (none where the bot is silent); undefined when it is not there in time. Throws `web/rate-limited`. */
  readonly answer: (
    session: WebSession,
    reference: TurnReference,
    limits: { readonly waitMs: number; readonly signal: AbortSignal },
  ) => Promise<readonly ProgramReply[] | undefined>;
  /** Whether anything is known of the message. */
  readonly knows: (session: WebSession, reference: TurnReference) => Promise<boolean>;
  readonly history: (
    session: WebSession,
    options: { readonly before?: string; readonly limit: number },
  ) => Promise<readonly HistoryEntry[]>;
  readonly end: (session: WebSession, reason: "reset" | "forgotten") => Promise<void>;
  readonly close: () => void;
}

export function createConversations(context: AdapterContext<WebSettings>, channels: Channels): Conversations {
  const { accountName } = context;
  const closing = new AbortController();
  const idOf = ({ chat }: WebSession): ConversationId =>
    conversationId({ platform: manifest.platform, account: accountName, chat });
  const watch = createWatch(
    async (chat, options) =>
      await context.history(conversationId({ platform: manifest.platform, account: accountName, chat }), options),
    context.log,
  );

  return {
    idOf,
    say: async (session, said) => {
      const channel = channels.open(session.chat);
      const release = channel.hold();
      try {
        return await say({ context, watch, channel }, session, said);
      } finally {
        release();
      }
    },
    answer: async ({ chat }, reference, { waitMs, signal }) => {
      const ending = linkSignals([signal, closing.signal]);
      try {
        const payloads = await channels.open(chat).turns.wait(reference, { waitMs, signal: ending.signal });
        const retryAfterMs = channels.open(chat).turns.retryAfter(reference);
        if (payloads?.length === 0 && retryAfterMs !== undefined) throw new RateLimitedError(retryAfterMs);
        return payloads?.map(({ reply }) => reply);
      } finally {
        ending.release();
      }
    },
    knows: async ({ chat }, reference) => {
      const channel: Channel = channels.open(chat);
      if (!channel.turns.knows(reference)) await watch.look(channel, reference);
      return channel.turns.knows(reference);
    },
    history: async (session, options) => await context.history(idOf(session), options),
    end: async (session, reason) => {
      await context.endConversation(idOf(session), reason);
      if (reason === "reset") return;
      channels.find(session.chat)?.end(4410, "The session was forgotten.");
      channels.remove(session.chat);
    },
    close: () => {
      closing.abort();
      watch.close();
    },
  };
}

async function say(
  {
    context,
    watch,
    channel,
  }: { readonly context: AdapterContext<WebSettings>; readonly watch: HistoryWatch; readonly channel: Channel },
  { chat, userId }: WebSession,
  said: Said,
): Promise<AcceptedMessage> {
  const at = new Date(context.environment.clock()).toISOString();
  const accepted = await context.accept(normalizeWeb({ ...said, chat, userId, at }));
  if (accepted === undefined) throw new InvalidInputError("web/invalid-message", "This message cannot be read.");
  const { messageId } = said;
  const text = said.type === "message" ? said.text : (said.value ?? "");
  if (accepted.status === "accepted") {
    const { eventId, sequence } = accepted;
    channel.turns.accepted({ eventId, messageId, sequence, text });
    channel.publish({ type: "accepted", messageId, eventId, text, duplicate: false });
    watch.follow(channel, { eventId });
    return { reference: { eventId }, duplicate: false };
  }
  if ((channel.turns.textOf(messageId) ?? text) !== text)
    throw new ParleyError(
      "web/message-id-taken",
      "Another text was sent under this messageId, so this one was not taken. Give each message an id of its own.",
      { status: 409 },
    );
  channel.publish({ type: "accepted", messageId, text, duplicate: true });
  await watch.look(channel, { messageId });
  watch.follow(channel, { messageId });
  return { reference: { messageId }, duplicate: true };
}
