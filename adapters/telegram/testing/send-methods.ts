/** Bot API methods that put something into a chat. */
import { z } from "zod";
import { toMessage } from "./bot-view.ts";
import { checkEntities, findEntities, LocalEntity } from "./entities.ts";
import { parseHtml } from "./html.ts";
import type { Method, MethodContext } from "./methods.ts";
import { ChatId, Keyboard, roomOf } from "./methods.ts";
import { refuse } from "./refusal.ts";
import type { FormFile } from "../../../testing.ts";
import { readRich, RichMessage } from "./rich.ts";
import type { FileKind, MessageDraft, Room, StoredFile, StoredMessage, World } from "./world.ts";

const MAX_TEXT = 4_096;
const MAX_CAPTION = 1_024;
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;
const MAX_PHOTO_BYTES = 10 * 1024 * 1024;

const Where = {
  chat_id: ChatId,
  message_thread_id: z.number().int().optional(),
  reply_parameters: z
    .object({ message_id: z.number().int(), allow_sending_without_reply: z.boolean().optional() })
    .optional(),
  ephemeral_message_parameters: z.object({ receiver_user_id: z.number().int() }).optional(),
  reply_markup: Keyboard.optional(),
};
type Where = z.infer<z.ZodObject<typeof Where>>;

export const Marked = { parse_mode: z.string().optional(), entities: z.array(LocalEntity).optional() };

/** The text as it is shown, and its entities, checked. */
export function readText(
  text: string,
  {
    parse_mode: mode,
    entities,
  }: { readonly parse_mode?: string | undefined; readonly entities?: LocalEntity[] | undefined },
  limit: number,
): Pick<StoredMessage, "text" | "entities"> {
  if (mode !== undefined && mode.toLowerCase() !== "html") refuse(400, "Bad Request: unsupported parse_mode");
  const read = mode === undefined ? { text, entities: entities ?? [] } : parseHtml(text);
  if (read.text.length > limit) {
    refuse(400, `Bad Request: ${limit === MAX_TEXT ? "message is too long" : "message caption is too long"}`);
  }
  checkEntities(read.text, read.entities);
  return { text: read.text, entities: findEntities(read.text, read.entities) };
}

export const readMessageText = (
  text: string,
  marked: Parameters<typeof readText>[1],
): Pick<StoredMessage, "text" | "entities"> => {
  if (text.trim() === "") refuse(400, "Bad Request: message text is empty");
  return readText(text, marked, MAX_TEXT);
};

type Place = Pick<StoredMessage, "room" | "from" | "buttons"> & Pick<MessageDraft, "thread" | "replyTo" | "onlyFor">;

/** Where it goes: the chat, its topic, the message that is answered; checked, and counted against the flood. */
function place(where: Where, { world, flood }: MethodContext): Place {
  const room = roomOf(where.chat_id, world);
  const { message_thread_id: thread, ephemeral_message_parameters: ephemeral } = where;
  if (thread !== undefined && !room.topics.has(thread)) refuse(400, "Bad Request: message thread not found");
  if (thread !== undefined && room.closedTopics.has(thread)) refuse(400, "Bad Request: TOPIC_CLOSED");
  const onlyFor =
    ephemeral === undefined || world.ephemeral === "ignored"
      ? undefined
      : receiverOf(ephemeral.receiver_user_id, room, world);
  const replyTo = answered(where, room, world);
  flood.count(room);
  world.drafts.delete(room.id);
  world.typingUntil.delete(room.id);
  return {
    room,
    from: world.bot,
    buttons: where.reply_markup?.inline_keyboard ?? [],
    ...(thread === undefined ? {} : { thread }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(onlyFor === undefined ? {} : { onlyFor }),
  };
}

function receiverOf(user: number, room: Room, world: World): number {
  const isPossible = world.ephemeral === "known" && room.type === "supergroup" && room.members.has(user);
  return isPossible ? user : refuse(400, "Bad Request: EPHEMERAL_RECEIVER_INVALID");
}

/** The id of the message that is answered; nothing where there is none and the bot can do without. */
function answered({ reply_parameters: reply }: Where, room: Room, world: World): number | undefined {
  const message = reply === undefined ? undefined : world.messages.get(reply.message_id);
  if (message !== undefined && message.room === room && !message.removed) return message.id;
  if (reply === undefined || reply.allow_sending_without_reply === true) return undefined;
  return refuse(400, "Bad Request: message to be replied not found");
}

const SendMessage = z.object({ ...Where, ...Marked, text: z.string() });

const sendMessage: Method = (fields, context) => {
  const call = SendMessage.parse(fields);
  const text = readMessageText(call.text, call);
  return toMessage(context.world.put({ ...place(call, context), ...text }), context.world);
};

const SendRichMessage = z.object({ ...Where, rich_message: RichMessage });

const sendRichMessage: Method = (fields, context) => {
  const call = SendRichMessage.parse(fields);
  const rich = readRich(call.rich_message);
  const { refusesRich } = context.world;
  context.world.refusesRich = undefined;
  if (refusesRich !== undefined) refuse(400, refusesRich);
  return toMessage(context.world.put({ ...place(call, context), rich }), context.world);
};

const SendMessageDraft = z.object({
  chat_id: ChatId,
  message_thread_id: z.number().int().optional(),
  draft_id: z.number().int(),
  text: z.string().default(""),
  ...Marked,
});

const sendMessageDraft: Method = (fields, { world }) => {
  const call = SendMessageDraft.parse(fields);
  const room = roomOf(call.chat_id, world);
  if (room.type !== "private") refuse(400, "Bad Request: drafts can be sent only to private chats");
  if (call.draft_id === 0) refuse(400, "Bad Request: draft_id must be non-zero");
  world.drafts.set(room.id, readText(call.text, call, MAX_TEXT).text);
  world.changed();
  return true;
};

const SendPoll = z.object({
  ...Where,
  question: z.string().min(1).max(300),
  options: z
    .array(z.object({ text: z.string().min(1).max(100) }))
    .min(2)
    .max(12),
  is_anonymous: z.boolean().default(true),
});

const sendPoll: Method = (fields, context) => {
  const call = SendPoll.parse(fields);
  const { world } = context;
  const poll = {
    id: `poll-${world.newId()}`,
    question: call.question,
    options: call.options.map(({ text }) => text),
    votes: new Map<number, number>(),
  };
  return toMessage(world.put({ ...place(call, context), poll }), world);
};

const SendFile = z.object({
  ...Where,
  caption: z.string().default(""),
  parse_mode: z.string().optional(),
  caption_entities: z.array(LocalEntity).optional(),
});

function sendFile(kind: FileKind): Method {
  return (fields, context, files) => {
    const call = SendFile.parse(fields);
    const { world } = context;
    const file = fileOf(fields[kind], kind, files, world);
    const text = readText(call.caption, { parse_mode: call.parse_mode, entities: call.caption_entities }, MAX_CAPTION);
    const where = place(call, context);
    if (where.room.filesForbidden === true) refuse(400, `Bad Request: not enough rights to send ${kind}s to the chat`);
    return toMessage(world.put({ ...where, ...text, file }), world);
  };
}

/** An upload (`attach://name`), or a file that Telegram has already, by its id. */
function fileOf(source: unknown, kind: FileKind, files: readonly FormFile[], world: World): StoredFile {
  const known = typeof source === "string" ? world.files.get(source) : undefined;
  if (known !== undefined) return known;
  const field = typeof source === "string" ? source.replace(/^attach:\/\//u, "") : kind;
  const upload =
    files.find((file) => file.field === field) ?? refuse(400, `Bad Request: there is no ${kind} in the request`);
  if (upload.bytes.byteLength === 0) refuse(400, "Bad Request: file must be non-empty");
  const limit = kind === "photo" ? MAX_PHOTO_BYTES : MAX_UPLOAD_BYTES;
  if (upload.bytes.byteLength > limit) refuse(413, "Request Entity Too Large");
  if (kind === "photo" && !isPicture(upload.bytes)) refuse(400, "Bad Request: IMAGE_PROCESS_FAILED");
  return world.keepFile({ kind, name: upload.name, mediaType: mediaTypeOf(upload.name, kind), bytes: upload.bytes });
}

/** JPEG, PNG, WebP or GIF, by their first bytes. */
function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return /^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP)/su.test(head);
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  jpg: "image/jpeg",
  json: "application/json",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
};

function mediaTypeOf(name: string, kind: FileKind): string {
  return MEDIA_TYPES[name.split(".").at(-1) ?? ""] ?? (kind === "photo" ? "image/jpeg" : "application/octet-stream");
}

const SendChatAction = z.object({
  chat_id: ChatId,
  message_thread_id: z.number().int().optional(),
  action: z.string(),
});
/** How long "is typing" is shown for one call. */
const TYPING_MS = 5_000;

const sendChatAction: Method = (fields, { world, clock }) => {
  const call = SendChatAction.parse(fields);
  const room: Room = roomOf(call.chat_id, world);
  world.typingUntil.set(room.id, clock() + TYPING_MS);
  world.changed();
  return true;
};

export const sendMethods: Readonly<Record<string, Method>> = {
  sendMessage,
  sendRichMessage,
  sendMessageDraft,
  sendPoll,
  sendChatAction,
  sendPhoto: sendFile("photo"),
  sendDocument: sendFile("document"),
  sendAudio: sendFile("audio"),
  sendVoice: sendFile("voice"),
  sendVideo: sendFile("video"),
};
