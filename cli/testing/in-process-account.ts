/** An account without a platform: what is said goes through intake, broker, turn and delivery, and comes back here. */
import { z } from "zod";
import { ADAPTER_API_VERSION, type AdapterContext, type AdapterManifest, type Normalized } from "../../core/adapter.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
import type { AccountConfig } from "../../core/bot.ts";
import { accountId, type AccountId, conversationId, type ConversationId } from "../../core/conversation-id.ts";
import { ParleyError } from "../../core/errors.ts";
import { Choice, type Reply } from "../../core/reply.ts";
import type { ListedAction } from "../../core/tool.ts";
import { createWaits } from "./waits.ts";

/** What a person does: the words, the words handed on, a file, or a pressed choice. */
export const Move = z.object({
  id: z.string(),
  chat: z.object({ id: z.string(), type: z.enum(["direct", "group"]) }),
  userId: z.string(),
  at: z.iso.datetime(),
  text: z.string().default(""),
  forwarded: z.string().optional(),
  file: z.object({ name: z.string(), spoolKey: z.string() }).optional(),
  pressed: z.object({ messageId: z.string(), choice: Choice.pick({ id: true, value: true }) }).optional(),
});
export type Move = z.input<typeof Move>;

/** A reply as it was delivered. */
export interface Delivered {
  readonly messageId: string;
  readonly reply: Reply;
}

/** What came back for a move. */
export interface Answer {
  readonly eventId: string;
  readonly conversation: ConversationId;
  /** None where the bot was silent on purpose. */
  readonly replies: readonly Delivered[];
}

export interface InProcessAccount {
  readonly id: AccountId;
  readonly account: AccountConfig;
  /** Hands a move in and waits for the answer. Throws `testing/no-answer` when none comes. */
  readonly move: (move: Move) => Promise<Answer>;
  /** No answer will come to what is waited for: it throws this instead. */
  readonly fail: (thrown: unknown) => void;
  /** What the bot proposed in a conversation, newest first. */
  readonly actions: (conversation: ConversationId) => Promise<readonly ListedAction[]>;
  /** Keeps a text that is sent as a file; gives its key. */
  readonly keep: (name: string, text: string, conversation: ConversationId) => Promise<string>;
}

const manifest: AdapterManifest = {
  platform: "test",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "Test",
  acknowledgement: "after-accept",
  connection: "shared",
  attachmentHosts: [],
  capabilities: {
    text: { maxLength: 1_000_000, unit: "utf16", markup: "markdown" },
    choices: { max: 25, labelMaxLength: 200 },
    polls: false,
    ephemeral: true,
    edit: false,
    remove: false,
    react: false,
    typing: false,
    // Native: a turn that is silent on purpose says so by its last signal.
    streaming: { style: "native" },
    threads: false,
    files: { maxBytes: 20_000_000 },
    history: false,
    reconcile: false,
    idempotentSend: true,
    rate: { perChatPerSecond: 1_000_000, perAccountPerSecond: 1_000_000 },
  },
};

/** Where the chats of this account are kept. */
export const conversationOf = (chat: string): ConversationId =>
  conversationId({ platform: manifest.platform, account: "main", chat });

/** Opens an account for one run of a bot. */
export function inProcessAccount(): InProcessAccount {
  const waits = createWaits<Delivered>();
  let context: AdapterContext<unknown> | undefined;
  const adapter = defineAdapter<unknown, Reply>({
    manifest,
    configSchema: z.unknown(),
    normalize: (raw) => normalizeMove(raw),
    render: (reply) => ({ parts: [reply], degraded: [] }),
    connect: async (given) => {
      context = given;
      given.identify({ userIds: ["bot"] });
      return {
        send: async ({ key, eventId, payload, replyIndex, replyCount }) => {
          waits.add(eventId, { messageId: key, reply: payload });
          if (replyIndex === replyCount - 1) waits.end(eventId);
          return { messageId: key };
        },
        live: ({ eventId, signal }) => {
          if (signal.type === "finished" && signal.replies === 0) waits.end(eventId);
        },
        health: () => ({ state: "live", detail: "in this process" }),
        close: async () => {},
      };
    },
  });
  const connected = (): AdapterContext<unknown> => {
    if (context === undefined) throw new ParleyError("testing/not-connected", "The account of the test is not open.");
    return context;
  };
  return {
    id: accountId(manifest.platform, "main"),
    account: { adapter, name: "main", settings: {} },
    move: async (move) => {
      const { accept } = connected();
      const { eventId, items } = await waits.after(async () => (await accept(normalizeMove(move)))?.eventId ?? "");
      return { eventId, conversation: conversationOf(move.chat.id), replies: items };
    },
    fail: waits.fail,
    actions: async (conversation) => await connected().actions(conversation),
    keep: async (name, text, conversation) => {
      const { key } = await connected().spool(once(new TextEncoder().encode(text)), {
        name,
        mediaType: "text/plain",
        conversation,
      });
      return key;
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const COMMAND = /^\/([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/u;

function normalizeMove(raw: unknown): Normalized {
  const move = Move.safeParse(raw);
  if (!move.success) return { ignored: "no move of a test" };
  const { id, chat, userId, at, text, forwarded, file, pressed } = move.data;
  const base = { key: id, messageId: id, chat, user: { id: userId }, timestamp: at };
  if (pressed !== undefined) {
    const { messageId, choice } = pressed;
    return { event: { ...base, type: "action", messageId, choiceId: choice.id, value: choice.value } };
  }
  const [, name, words = ""] = COMMAND.exec(text) ?? [];
  if (name !== undefined) return { event: { ...base, type: "command", name, text: words } };
  return {
    event: {
      ...base,
      type: "message",
      text,
      // Whoever writes in a group of a test speaks to the bot.
      mentions: chat.type === "group" ? [{ userId: "bot", isSelf: true }] : [],
      forwarded: forwarded === undefined ? [] : [{ text: forwarded }],
      attachments:
        file === undefined ? [] : [{ id: file.spoolKey, kind: "document", mediaType: "text/plain", ...file }],
    },
  };
}
