/** Bot API methods about messages that are there, the bot itself, its updates and files. */
import { z } from "zod";
import { toMessage } from "./bot-view.ts";
import type { Method, MethodContext } from "./methods.ts";
import { ChatId, countFor, Keyboard, method, roomOf } from "./methods.ts";
import { refuse } from "./refusal.ts";
import { readRich, RichMessage } from "./rich.ts";
import { Marked, readMessageText } from "./send-methods.ts";
import type { StoredMessage, World } from "./world.ts";

/** How long a press may be answered. */
const QUERY_MS = 60_000;
const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;

const AllowedUpdates = z.array(z.string()).optional();
const OneMessage = { chat_id: ChatId, message_id: z.number().int() };

function messageOf(
  call: { readonly chat_id: number; readonly message_id: number },
  world: World,
): StoredMessage | undefined {
  const room = roomOf(call.chat_id, world);
  const message = world.messages.get(call.message_id);
  return message === undefined || message.removed || message.room !== room || message.onlyFor !== undefined
    ? undefined
    : message;
}

function ownMessage(call: { readonly chat_id: number; readonly message_id: number }, world: World): StoredMessage {
  const message = messageOf(call, world) ?? refuse(400, "Bad Request: message to edit not found");
  return message.from === world.bot ? message : refuse(400, "Bad Request: message can't be edited");
}

const Reactions = z
  .array(z.object({ type: z.literal("emoji"), emoji: z.string() }))
  .max(1)
  .default([]);
const REACTIONS: ReadonlySet<string> = new Set(
  "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 💯 🤣 ⚡ 🏆 💔 😐 🍓 💋 😈 😴 😭 🤓 👻 👀 🎃 😇 🤝 ✍ 🤗 🫡 👾".split(
    " ",
  ),
);

/** Clients write some of these with a variation selector; the API knows them without. */
export const isReaction = (emoji: string): boolean => REACTIONS.has(emoji);

type Shown = Pick<StoredMessage, "text" | "entities" | "buttons"> & {
  readonly rich?: StoredMessage["rich"] | undefined;
};

function applyEdit(message: StoredMessage, next: Shown, context: MethodContext): unknown {
  const shown = ({ text, entities, rich, buttons }: Shown): string => JSON.stringify({ text, entities, rich, buttons });
  const words = ({ text, rich }: Shown): string => JSON.stringify({ text, rich });
  if (shown(message) === shown(next)) {
    refuse(
      400,
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  countFor(message.room, context);
  // A client shows "edited" for new words, not for a keyboard that went away.
  if (words(message) !== words(next)) message.editedAt = Date.now();
  Object.assign(message, next);
  context.world.changed();
  return toMessage(message, context.world);
}

export const accountMethods: Readonly<Record<string, Method>> = {
  editMessageText: method(
    {
      ...OneMessage,
      ...Marked,
      text: z.string().default(""),
      rich_message: RichMessage.optional(),
      reply_markup: Keyboard.optional(),
    },
    (call, context) => {
      const { world } = context;
      const message = ownMessage(call, world);
      if (message.file !== undefined || message.poll !== undefined)
        refuse(400, "Bad Request: there is no text in the message to edit");
      const words =
        call.rich_message === undefined || !world.knowsRich
          ? { ...readMessageText(call.text, call.entities), rich: undefined }
          : { text: "", entities: [], rich: readRich(call.rich_message) };
      return applyEdit(message, { ...words, buttons: call.reply_markup?.inline_keyboard ?? [] }, context);
    },
  ),
  editMessageReplyMarkup: method({ ...OneMessage, reply_markup: Keyboard.optional() }, (call, context) => {
    const message = ownMessage(call, context.world);
    const { text, entities, rich } = message;
    return applyEdit(message, { text, entities, rich, buttons: call.reply_markup?.inline_keyboard ?? [] }, context);
  }),
  deleteMessage: method(OneMessage, (call, { world }) => {
    const message = messageOf(call, world) ?? refuse(400, "Bad Request: message to delete not found");
    if (message.from !== world.bot && message.room.type !== "private")
      refuse(400, "Bad Request: message can't be deleted");
    message.removed = true;
    world.changed();
    return true;
  }),
  deleteEphemeralMessage: method(
    { chat_id: ChatId, receiver_user_id: z.number().int(), ephemeral_message_id: z.number().int() },
    (call, { world }) => {
      roomOf(call.chat_id, world);
      const message = world.messages.get(call.ephemeral_message_id);
      if (message?.onlyFor !== call.receiver_user_id) return refuse(400, "Bad Request: message to delete not found");
      message.removed = true;
      world.changed();
      return true;
    },
  ),
  setMessageReaction: method({ ...OneMessage, reaction: Reactions }, (call, { world }) => {
    const message = messageOf(call, world) ?? refuse(400, "Bad Request: message to react not found");
    const emojis = call.reaction.map(({ emoji }) => emoji);
    if (!emojis.every(isReaction)) refuse(400, "Bad Request: REACTION_INVALID");
    message.reactions.set(world.bot.id, emojis);
    world.changed();
    return true;
  }),
  answerCallbackQuery: method(
    { callback_query_id: z.string(), text: z.string().max(200).optional() },
    ({ callback_query_id: id, text = "" }, { presses, world }) => {
      if (Date.now() - (world.presses.get(id) ?? 0) > QUERY_MS)
        refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
      presses.answer(id, text);
      return true;
    },
  ),
  getUpdates: method(
    {
      offset: z.number().int().default(0),
      timeout: z.number().int().min(0).max(50).default(0),
      limit: z.number().int().min(1).max(100).default(100),
      allowed_updates: AllowedUpdates,
    },
    async ({ offset, timeout, limit, allowed_updates: allowed }, { updates, gone }) => {
      if (allowed !== undefined) updates.allow(allowed);
      return await updates.poll({ offset, timeoutMs: timeout * 1_000, limit, gone });
    },
  ),
  setWebhook: method(
    {
      url: z.string(),
      secret_token: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,256}$/u)
        .optional(),
      allowed_updates: AllowedUpdates,
    },
    ({ url, secret_token: secret, allowed_updates: allowed }, { updates }) => {
      if (!/^(?:https:|http:\/\/(?:127\.|localhost))/u.test(url))
        refuse(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
      if (allowed !== undefined) updates.allow(allowed);
      updates.setWebhook({ url, secret });
      return true;
    },
  ),
  getFile: method({ file_id: z.string() }, ({ file_id: id }, { world }) => {
    const { bytes } = world.files.get(id) ?? refuse(400, "Bad Request: invalid file_id");
    if (bytes.byteLength > MAX_DOWNLOAD_BYTES) refuse(400, "Bad Request: file is too big");
    return { file_id: id, file_unique_id: `u-${id}`, file_size: bytes.byteLength, file_path: `files/${id}` };
  }),
  getMe: (_fields, { world }) => ({
    ...world.bot,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  }),
  deleteWebhook: (_fields, { updates }) => {
    updates.setWebhook(undefined);
    return true;
  },
  getWebhookInfo: (_fields, { updates }) => {
    const { url, pending, lastError } = updates.webhook();
    const error =
      lastError === undefined ? {} : { last_error_date: Math.floor(Date.now() / 1_000), last_error_message: lastError };
    return { url, has_custom_certificate: false, pending_update_count: pending, ...error };
  },
  getMyCommands: (_fields, { world }) => world.menu,
  setMyCommands: method(
    {
      commands: z
        .array(z.object({ command: z.string().regex(/^[a-z0-9_]{1,32}$/u), description: z.string().min(1).max(256) }))
        .max(100),
    },
    ({ commands }, { world }) => {
      world.menu = commands;
      return true;
    },
  ),
};
