/** Bot API methods that put something into a chat. */
import { z } from "zod";
import { toMessage } from "./bot-view.ts";
import { checkEntities, findEntities, LocalEntity } from "./entities.ts";
import type { Method, MethodContext } from "./methods.ts";
import { ChatId, countFor, Keyboard, method, roomOf } from "./methods.ts";
import { refuse } from "./refusal.ts";
import type { FormFile } from "../../../core/testing/index.ts";
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

export const Marked = {
  entities: z.array(LocalEntity).optional(),
  // Adapters send entities: markup in the text is not read here.
  parse_mode: z.never("unsupported parse_mode").optional(),
};

/** The text as it is shown, and its entities, checked. */
function readText(text: string, entities: readonly LocalEntity[] = [], limit = MAX_TEXT): Words {
  if (text.length > limit)
    refuse(400, `Bad Request: ${limit === MAX_TEXT ? "message is too long" : "message caption is too long"}`);
  checkEntities(text, entities);
  return { text, entities: findEntities(text, entities) };
}
type Words = Pick<StoredMessage, "text" | "entities">;

export function readMessageText(text: string, entities: readonly LocalEntity[] | undefined): Words {
  if (text.trim() === "") refuse(400, "Bad Request: message text is empty");
  return readText(text, entities);
}

type Place = Pick<StoredMessage, "room" | "from" | "buttons"> & Pick<MessageDraft, "thread" | "replyTo" | "onlyFor">;

/** Where it goes: the chat, its topic, the message that is answered; checked, and counted against the flood. */
function place(where: Where, context: MethodContext): Place {
  const { world } = context;
  const room = roomOf(where.chat_id, world);
  const { message_thread_id: thread, ephemeral_message_parameters: ephemeral } = where;
  if (thread !== undefined && !room.topics.has(thread)) refuse(400, "Bad Request: message thread not found");
  if (thread !== undefined && room.closedTopics.has(thread)) refuse(400, "Bad Request: TOPIC_CLOSED");
  const onlyFor =
    ephemeral === undefined || world.ephemeral === "ignored"
      ? undefined
      : receiverOf(ephemeral.receiver_user_id, room, world);
  const replyTo = answered(where, room, world);
  countFor(room, context);
  world.drafts.delete(room.id);
  world.typingUntil.delete(room.id);
  return {
    room,
    from: world.bot,
    buttons: where.reply_markup?.inline_keyboard ?? [],
    thread,
    replyTo,
    onlyFor,
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

/** How long "is typing" is shown for one call. */
const TYPING_MS = 5_000;

export const sendMethods: Readonly<Record<string, Method>> = {
  sendMessage: method({ ...Where, ...Marked, text: z.string() }, (call, context) => {
    const text = readMessageText(call.text, call.entities);
    return put({ ...place(call, context), ...text }, context);
  }),
  sendRichMessage: method({ ...Where, rich_message: RichMessage }, (call, context) => {
    const rich = readRich(call.rich_message);
    const { refusesRich } = context.world;
    context.world.refusesRich = undefined;
    if (refusesRich !== undefined) refuse(400, refusesRich);
    return put({ ...place(call, context), rich }, context);
  }),
  sendMessageDraft: method(
    { ...Marked, chat_id: ChatId, draft_id: z.number().int(), text: z.string().default("") },
    (call, { world }) => {
      const room = roomOf(call.chat_id, world);
      if (room.type !== "private") refuse(400, "Bad Request: drafts can be sent only to private chats");
      if (call.draft_id === 0) refuse(400, "Bad Request: draft_id must be non-zero");
      world.drafts.set(room.id, readText(call.text, call.entities).text);
      world.changed();
      return true;
    },
  ),
  sendPoll: method(
    {
      ...Where,
      question: z.string().min(1).max(300),
      options: z
        .array(z.object({ text: z.string().min(1).max(100) }))
        .min(2)
        .max(12),
    },
    (call, context) => {
      const { question } = call;
      const options = call.options.map(({ text }) => text);
      const poll = { id: `poll-${context.world.newId()}`, question, options, votes: new Map<number, number>() };
      return put({ ...place(call, context), poll }, context);
    },
  ),
  sendChatAction: method({ chat_id: ChatId, action: z.string() }, (call, { world }) => {
    world.typingUntil.set(roomOf(call.chat_id, world).id, Date.now() + TYPING_MS);
    world.changed();
    return true;
  }),
  sendPhoto: sendFile("photo"),
  sendDocument: sendFile("document"),
  sendAudio: sendFile("audio"),
  sendVoice: sendFile("voice"),
  sendVideo: sendFile("video"),
};

function put(draft: MessageDraft, { world }: MethodContext): unknown {
  return toMessage(world.put(draft), world);
}

function sendFile(kind: FileKind): Method {
  const shape = {
    ...Where,
    caption: z.string().default(""),
    parse_mode: Marked.parse_mode,
    caption_entities: Marked.entities,
  };
  return method(shape, (call, context, files) => {
    const file = fileOf(call[kind], kind, files, context.world);
    const text = readText(call.caption, call.caption_entities, MAX_CAPTION);
    const where = place(call, context);
    if (where.room.filesForbidden === true) refuse(400, `Bad Request: not enough rights to send ${kind}s to the chat`);
    return put({ ...where, ...text, file }, context);
  });
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
