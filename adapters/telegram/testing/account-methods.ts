/** Bot API methods about messages that are there, the bot itself, its updates and files. */
import { z } from "zod";
import { toMessage } from "./bot-view.ts";
import type { Method } from "./methods.ts";
import { ChatId, Keyboard, roomOf } from "./methods.ts";
import { refuse } from "./refusal.ts";
import { readRich, RichMessage } from "./rich.ts";
import { Marked, readMessageText } from "./send-methods.ts";
import type { StoredMessage, World } from "./world.ts";

const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;

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

const EditText = z.object({
  ...OneMessage,
  ...Marked,
  text: z.string().default(""),
  rich_message: RichMessage.optional(),
  reply_markup: Keyboard.optional(),
});

const editMessageText: Method = (fields, { world, flood, clock }) => {
  const call = EditText.parse(fields);
  const message = ownMessage(call, world);
  if (message.file !== undefined || message.poll !== undefined)
    refuse(400, "Bad Request: there is no text in the message to edit");
  const words =
    call.rich_message === undefined || !world.knowsRich
      ? { ...readMessageText(call.text, call), rich: undefined }
      : { text: "", entities: [], rich: readRich(call.rich_message) };
  const next = { ...words, buttons: call.reply_markup?.inline_keyboard ?? [] };
  applyEdit(message, next, () => flood.count(message.room), clock());
  world.changed();
  return toMessage(message, world);
};

const EditMarkup = z.object({ ...OneMessage, reply_markup: Keyboard.optional() });

const editMessageReplyMarkup: Method = (fields, { world, flood, clock }) => {
  const call = EditMarkup.parse(fields);
  const message = ownMessage(call, world);
  const { text, entities, rich } = message;
  applyEdit(
    message,
    { text, entities, rich, buttons: call.reply_markup?.inline_keyboard ?? [] },
    () => flood.count(message.room),
    clock(),
  );
  world.changed();
  return toMessage(message, world);
};

function applyEdit(
  message: StoredMessage,
  next: Pick<StoredMessage, "text" | "entities" | "buttons"> & { readonly rich: StoredMessage["rich"] | undefined },
  count: () => void,
  now: number,
): void {
  const shown = ({ text, entities, rich, buttons }: typeof next): string =>
    JSON.stringify({ text, entities, rich, buttons });
  const { text, rich } = message;
  if (shown({ ...message, rich }) === shown(next)) {
    refuse(
      400,
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  count();
  // A client shows "edited" for new words, not for a keyboard that went away.
  if (text !== next.text || JSON.stringify(rich) !== JSON.stringify(next.rich)) message.editedAt = now;
  Object.assign(message, next);
}

const deleteMessage: Method = (fields, { world }) => {
  const message =
    messageOf(z.object(OneMessage).parse(fields), world) ?? refuse(400, "Bad Request: message to delete not found");
  if (message.from !== world.bot && message.room.type !== "private")
    refuse(400, "Bad Request: message can't be deleted");
  message.removed = true;
  world.changed();
  return true;
};

const SetReaction = z.object({
  ...OneMessage,
  reaction: z
    .array(z.object({ type: z.literal("emoji"), emoji: z.string() }))
    .max(1)
    .default([]),
});
const REACTIONS: ReadonlySet<string> = new Set(
  "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 💯 🤣 ⚡ 🏆 💔 😐 🍓 💋 😈 😴 😭 🤓 👻 👀 🎃 😇 🤝 ✍ 🤗 🫡 👾".split(
    " ",
  ),
);

/** Clients write some of these with a variation selector; the API knows them without. */
export const isReaction = (emoji: string): boolean => REACTIONS.has(emoji);

const setMessageReaction: Method = (fields, { world }) => {
  const call = SetReaction.parse(fields);
  const message = messageOf(call, world) ?? refuse(400, "Bad Request: message to react not found");
  if (call.reaction.some(({ emoji }) => !isReaction(emoji))) refuse(400, "Bad Request: REACTION_INVALID");
  message.reactions.set(
    world.bot.id,
    call.reaction.map(({ emoji }) => emoji),
  );
  world.changed();
  return true;
};

const AnswerQuery = z.object({ callback_query_id: z.string(), text: z.string().max(200).optional() });

const answerCallbackQuery: Method = (fields, { presses }) => {
  const { callback_query_id: id, text } = AnswerQuery.parse(fields);
  presses.answer(id, text);
  return true;
};

const DeleteEphemeral = z.object({
  chat_id: ChatId,
  receiver_user_id: z.number().int(),
  ephemeral_message_id: z.number().int(),
});

const deleteEphemeralMessage: Method = (fields, { world }) => {
  const call = DeleteEphemeral.parse(fields);
  roomOf(call.chat_id, world);
  const message = world.messages.get(call.ephemeral_message_id);
  if (message?.onlyFor !== call.receiver_user_id) return refuse(400, "Bad Request: message to delete not found");
  message.removed = true;
  world.changed();
  return true;
};

const GetUpdates = z.object({
  offset: z.number().int().default(0),
  timeout: z.number().int().min(0).max(50).default(0),
  limit: z.number().int().min(1).max(100).default(100),
  allowed_updates: z.array(z.string()).optional(),
});

const getUpdates: Method = async (fields, { updates, gone }) => {
  const call = GetUpdates.parse(fields);
  if (call.allowed_updates !== undefined) updates.allow(call.allowed_updates);
  return await updates.poll({ offset: call.offset, timeoutMs: call.timeout * 1_000, limit: call.limit }, gone);
};

const SetWebhook = z.object({
  url: z.string(),
  secret_token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,256}$/u)
    .optional(),
  allowed_updates: z.array(z.string()).optional(),
});

const setWebhook: Method = (fields, { updates }) => {
  const { url, secret_token: secret, allowed_updates: allowed } = SetWebhook.parse(fields);
  if (!/^(?:https:|http:\/\/(?:127\.|localhost))/u.test(url)) {
    refuse(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
  }
  if (allowed !== undefined) updates.allow(allowed);
  updates.setWebhook({ url, secret });
  return true;
};

const SetMyCommands = z.object({
  commands: z
    .array(z.object({ command: z.string().regex(/^[a-z0-9_]{1,32}$/u), description: z.string().min(1).max(256) }))
    .max(100),
});

const GetFile = z.object({ file_id: z.string() });

const getFile: Method = (fields, { world }) => {
  const { file_id: id } = GetFile.parse(fields);
  const file = world.files.get(id) ?? refuse(400, "Bad Request: invalid file_id");
  if (file.bytes.byteLength > MAX_DOWNLOAD_BYTES) refuse(400, "Bad Request: file is too big");
  return { file_id: id, file_unique_id: `u-${id}`, file_size: file.bytes.byteLength, file_path: `files/${id}` };
};

export const accountMethods: Readonly<Record<string, Method>> = {
  editMessageText,
  editMessageReplyMarkup,
  deleteMessage,
  deleteEphemeralMessage,
  setMessageReaction,
  answerCallbackQuery,
  getUpdates,
  setWebhook,
  getFile,
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
  getWebhookInfo: (_fields, { updates, clock }) => {
    const { url, pending, lastError } = updates.webhook();
    return {
      url,
      has_custom_certificate: false,
      pending_update_count: pending,
      ...(lastError === undefined
        ? {}
        : { last_error_date: Math.floor(clock() / 1_000), last_error_message: lastError }),
    };
  },
  getMyCommands: (_fields, { world }) => world.menu,
  setMyCommands: (fields, { world }) => {
    world.menu = SetMyCommands.parse(fields).commands;
    return true;
  },
};
