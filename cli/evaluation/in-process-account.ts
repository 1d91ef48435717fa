/** An account without a platform: what is said goes through intake, broker, turn and delivery, and comes back here. */
import { z } from "zod";
import { ADAPTER_API_VERSION, type AdapterContext, type AdapterManifest, type Normalized } from "../../core/adapter.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
import type { AccountConfig } from "../../core/bot.ts";
import { accountId, type AccountId, conversationId, type ConversationId } from "../../core/conversation-id.ts";
import { ParleyError } from "../../core/errors.ts";
import { Choice, type Reply } from "../../core/reply.ts";
import { within } from "../../core/timing/deadline.ts";
import type { ListedAction } from "../../core/tool.ts";

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
  /** Hands a move in and waits for the answer. Throws `evaluation/no-answer` when none comes. */
  readonly move: (move: Move) => Promise<Answer>;
  /** What the bot proposed in a conversation, newest first. */
  readonly actions: (conversation: ConversationId) => Promise<readonly ListedAction[]>;
  /** Keeps a text that is sent as a file; gives its key. */
  readonly keep: (name: string, text: string, conversation: ConversationId) => Promise<string>;
}

const manifest: AdapterManifest = {
  platform: "evaluation",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "Evaluation",
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

/** Longer than a turn may take with all its repeats. */
const PATIENCE_MS = 180_000;

interface Wait {
  readonly replies: Delivered[];
  readonly done: Promise<void>;
  readonly end: () => void;
}

/** The wait for an event's answer, which may be there before `accept` has told the event's id. */
function waiting(): (eventId: string) => Wait {
  const waits = new Map<string, Wait>();
  return (eventId) => {
    const known = waits.get(eventId);
    if (known !== undefined) return known;
    let end = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    const wait = { replies: [], done, end };
    waits.set(eventId, wait);
    return wait;
  };
}

/** Opens an account for one run of a bot. */
export function inProcessAccount(): InProcessAccount {
  const waitFor = waiting();
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
          const wait = waitFor(eventId);
          wait.replies.push({ messageId: key, reply: payload });
          if (replyIndex === replyCount - 1) wait.end();
          return { messageId: key };
        },
        live: ({ eventId, signal }) => {
          if (signal.type === "finished" && signal.replies === 0) waitFor(eventId).end();
        },
        health: () => ({ state: "live", detail: "in this process" }),
        close: async () => {},
      };
    },
  });
  const connected = (): AdapterContext<unknown> => {
    if (context === undefined)
      throw new ParleyError("evaluation/not-connected", "The evaluation's account is not open.");
    return context;
  };
  return {
    id: accountId(manifest.platform, "main"),
    account: { adapter, name: "main", settings: {} },
    move: async (move) => {
      const { accept } = connected();
      const accepted = await accept(normalizeMove(move));
      const eventId = accepted?.eventId ?? "";
      const wait = waitFor(eventId);
      if ((await within(async () => await wait.done, { ms: PATIENCE_MS })) === undefined)
        throw new ParleyError("evaluation/no-answer", `No answer came within ${PATIENCE_MS / 1000} s.`);
      return { eventId, conversation: conversationOf(move.chat.id), replies: wait.replies };
    },
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

function normalizeMove(raw: unknown): Normalized {
  const move = Move.safeParse(raw);
  if (!move.success) return { ignored: "no move of an evaluation" };
  const { id, chat, userId, at, text, forwarded, file, pressed } = move.data;
  const base = { key: id, messageId: id, chat, user: { id: userId }, timestamp: at };
  if (pressed !== undefined) {
    const { messageId, choice } = pressed;
    return { event: { ...base, type: "action", messageId, choiceId: choice.id, value: choice.value } };
  }
  return {
    event: {
      ...base,
      type: "message",
      text,
      // Whoever writes in a group of an evaluation speaks to the bot.
      mentions: chat.type === "group" ? [{ userId: "bot", isSelf: true }] : [],
      forwarded: forwarded === undefined ? [] : [{ text: forwarded }],
      attachments:
        file === undefined ? [] : [{ id: file.spoolKey, kind: "document", mediaType: "text/plain", ...file }],
    },
  };
}
