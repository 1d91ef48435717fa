import { z } from "zod";
import type { Normalized } from "../../../core/adapter.ts";
import type { Attachment } from "../../../core/event.ts";
import type { Content, EventBase } from "../normalize.ts";
import { contentEvent, kindOf, placeText, timeOf, userIdOf } from "../normalize.ts";

/** Ids come as text or as objects of the page. */
const Wid = z.union([z.string(), z.object({ _serialized: z.string() }).transform(({ _serialized }) => _serialized)]);

/** The page says null where it has nothing. */
const optional = <Type extends z.ZodType>(type: Type) => type.nullish().transform((value) => value ?? undefined);

/** `id` is the message's own, the same for everybody who has the message; `whole` says the chat as well. */
const MessageId = z
  .object({
    fromMe: z.boolean(),
    remote: Wid,
    id: z.string().min(1),
    _serialized: z.string().min(1),
    participant: optional(Wid),
  })
  .transform(({ _serialized: whole, ...id }) => ({ ...id, whole }));

/** A message of WhatsApp Web, in the fields that are read. */
const MessageData = z.object({
  id: MessageId,
  type: z.string(),
  body: optional(z.string()),
  caption: optional(z.string()),
  t: z.number(),
  author: optional(Wid),
  from: optional(Wid),
  notifyName: optional(z.string()),
  mimetype: optional(z.string()),
  filename: optional(z.string()),
  size: optional(z.number()),
  directPath: optional(z.string()),
  lat: optional(z.number()),
  lng: optional(z.number()),
  loc: optional(z.string()),
  vcardFormattedName: optional(z.string()),
  pollName: optional(z.string()),
  pollOptions: optional(z.array(z.object({ name: z.string() }))),
  mentionedJidList: optional(z.array(Wid)),
  quotedStanzaID: optional(z.string()),
  quotedParticipant: optional(Wid),
  quotedMsg: optional(z.object({ body: optional(z.string()), caption: optional(z.string()) })),
  latestEditSenderTimestampMs: optional(z.number()),
  protocolMessageKey: optional(MessageId),
  isStatusV3: optional(z.boolean()),
});
type MessageData = z.infer<typeof MessageData>;

const around = {
  /** The bot's own ids. */
  self: z.array(z.string()).default([]),
  /** The numbers behind LIDs. */
  phones: z.record(z.string(), z.string()).default({}),
};

/** What the browser's process hands over. */
const WebRaw = z.discriminatedUnion("kind", [
  /** `own`: the bot's code sent it. */
  z.object({ kind: z.enum(["message", "edit", "delete"]), own: z.boolean(), data: MessageData, ...around }),
  z.object({
    kind: z.literal("reaction"),
    message: MessageId,
    sender: z.string(),
    emoji: optional(z.string()),
    at: z.number(),
    ...around,
  }),
  z.object({
    kind: z.literal("vote"),
    message: MessageId,
    voter: z.string(),
    /** Positions in the poll. */
    options: z.array(z.number().int()),
    at: z.number(),
    /** Ids of the choices behind the positions, where the poll is the bot's. */
    choices: z.array(z.string()).optional(),
    ...around,
  }),
  z.object({
    kind: z.literal("membership"),
    change: z.enum(["added", "removed"]),
    id: MessageId,
    chat: z.string(),
    author: z.string(),
    recipients: z.array(z.string()),
    at: z.number(),
    ...around,
  }),
]);
type Parsed = z.infer<typeof WebRaw>;
/** As it comes: `normalize` reads it with care. */
export interface WebRaw {
  readonly kind: Parsed["kind"];
}

/** Types of messages that carry a person's words or files. */
const FILE_TYPES: ReadonlySet<string> = new Set(["image", "video", "audio", "ptt", "ptv", "document", "sticker"]);
const WORD_TYPES: ReadonlySet<string> = new Set(["chat", "location", "vcard", "multi_vcard", "poll_creation"]);

/** What happened on WhatsApp Web to an event, or the reason why it is none. */
export function normalizeWeb(raw: unknown): Normalized {
  const parsed = WebRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not an event of WhatsApp Web" };
  const { data } = parsed;
  if (data.kind === "reaction") return reactionEvent(data);
  if (data.kind === "vote") return voteEvent(data);
  if (data.kind === "membership") return membershipEvent(data);
  return messageEvent(data);
}

type MessageRaw = Extract<Parsed, { kind: "message" | "edit" | "delete" }>;

function messageEvent(raw: MessageRaw): Normalized {
  const { data, kind, own } = raw;
  const chat = chatOf(data.id.remote, raw);
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: data.id.whole, chat: chat.id });
  const elsewhere = elsewhereOf(data);
  if (elsewhere !== undefined) return ignored(elsewhere);
  // Known already, and so many that `parley why` would show little else.
  if (own) return { ignored: "the bot's own message" };
  const base = { chat, user: userOf(data, raw), timestamp: timeOf(data.t) };
  if (kind === "delete") {
    const original = data.protocolMessageKey ?? data.id;
    return {
      event: { ...base, key: `delete:${chat.id}:${original.id}`, type: "delete", messageId: original.whole },
    };
  }
  const content = contentOf(data, raw);
  if (content === undefined) return ignored(`a message of type "${data.type}"`);
  if (kind === "message") return { event: contentEvent({ ...base, key: `message:${chat.id}:${data.id.id}` }, content) };
  // A body also changes when a message is decrypted late: that is no edit.
  const edited = data.latestEditSenderTimestampMs;
  if (edited === undefined) return ignored("a message changed that nobody edited");
  return { event: { ...base, key: `edit:${chat.id}:${data.id.id}:${edited}`, type: "edit", ...content } };
}

function elsewhereOf({ id, isStatusV3 }: MessageData): string | undefined {
  if (isStatusV3 === true || id.remote === "status@broadcast") return "a status update";
  if (id.remote.endsWith("@broadcast")) return "a broadcast";
  return id.remote.endsWith("@newsletter") ? "a channel's post" : undefined;
}

function reactionEvent(raw: Extract<Parsed, { kind: "reaction" }>): Normalized {
  const { message, emoji, sender, at } = raw;
  const chat = chatOf(message.remote, raw);
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: message.whole, chat: chat.id });
  if (isSelf(sender, raw)) return ignored("the bot's own reaction");
  if (emoji === undefined || emoji === "") return ignored("a reaction was taken back");
  const user = { id: canonical(sender, raw) };
  const key = `reaction:${chat.id}:${message.id}:${user.id}:${at}`;
  const timestamp = timeOf(at);
  return {
    event: { key, chat, user, timestamp, type: "reaction", messageId: message.whole, emoji, added: true },
  };
}

function voteEvent(raw: Extract<Parsed, { kind: "vote" }>): Normalized {
  const { message, voter, options, choices, at } = raw;
  const chat = chatOf(message.remote, raw);
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: message.whole, chat: chat.id });
  const [position] = options;
  if (position === undefined) return ignored("a vote was taken back");
  const choiceId = choices?.[position];
  if (choiceId === undefined) return ignored("a vote on a poll that is not the bot's");
  const user = { id: canonical(voter, raw), isSelf: isSelf(voter, raw) };
  const key = `vote:${chat.id}:${message.id}:${user.id}:${at}`;
  const timestamp = new Date(at).toISOString();
  return { event: { key, chat, user, timestamp, type: "action", messageId: message.whole, choiceId } };
}

function membershipEvent(raw: Extract<Parsed, { kind: "membership" }>): Normalized {
  const { chat: id, change, author, recipients, at } = raw;
  const chat = chatOf(id, raw);
  if (!recipients.some((recipient) => isSelf(recipient, raw)))
    return { ignored: "somebody else joined or left a group", chat: chat.id, messageId: raw.id.whole };
  const user = { id: canonical(author === "" ? id : author, raw) };
  return { event: { key: `membership:${raw.id.id}`, chat, user, timestamp: timeOf(at), type: "membership", change } };
}

type Around = Pick<Parsed, "self" | "phones">;

/** A person's id: the number where it is known, whichever form the message came in. */
function canonical(id: string, { phones }: Around): string {
  return userIdOf(phones[id] ?? id);
}

function isSelf(id: string, raw: Around): boolean {
  const own = raw.self.map((one) => canonical(one, raw));
  return raw.self.includes(id) || own.includes(canonical(id, raw));
}

function chatOf(remote: string, raw: Around): EventBase["chat"] {
  const group = remote.endsWith("@g.us");
  return { id: group ? remote : canonical(remote, raw), type: group ? "group" : "direct" };
}

/** Who wrote it. From the bot's own account but not by the bot: a human at its telephone. */
function userOf({ id, author, notifyName }: MessageData, raw: Around): EventBase["user"] {
  const name = notifyName === undefined || notifyName === "" ? {} : { name: notifyName };
  if (id.fromMe) return { id: canonical(raw.self[0] ?? id.remote, raw), isSelf: true, ...name };
  return { id: canonical(id.participant ?? author ?? id.remote, raw), ...name };
}

function contentOf(data: MessageData, raw: Around): Content | undefined {
  const isFile = FILE_TYPES.has(data.type);
  if (!isFile && !WORD_TYPES.has(data.type)) return undefined;
  const mentions = (data.mentionedJidList ?? []).map((id) => ({ userId: canonical(id, raw), isSelf: isSelf(id, raw) }));
  const replyTo = replyOf(data, raw);
  return {
    messageId: data.id.whole,
    text: withoutOwnMention(wordsOf(data), raw),
    attachments: [...(isFile ? [fileOf(data)] : []), ...placesOf(data)],
    ...(mentions.length === 0 ? {} : { mentions }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}

function wordsOf(data: MessageData): string {
  if (FILE_TYPES.has(data.type)) return data.caption ?? "";
  if (data.type === "location") {
    const [name, address] = (data.loc ?? "").split("\n");
    return placeText({ latitude: data.lat ?? 0, longitude: data.lng ?? 0, name, address });
  }
  if (data.type.endsWith("vcard")) return data.vcardFormattedName ?? "";
  if (data.type === "poll_creation") return pollWords(data);
  return data.body ?? "";
}

function pollWords({ pollName = "", pollOptions = [] }: MessageData): string {
  return [pollName, ...pollOptions.map(({ name }) => `- ${name}`)].join("\n");
}

/** "@15550001111 what does a card cost?": the number says only who is asked. */
function withoutOwnMention(text: string, { self }: Around): string {
  const own = self.map((id) => `@${id.split("@")[0] ?? ""}`).find((mention) => text.startsWith(mention));
  return own === undefined ? text : text.slice(own.length).trimStart();
}

type Draft = z.input<typeof Attachment>;

function fileOf({ id, type, filename, mimetype, size }: MessageData): Draft {
  return {
    id: id.whole.slice(0, 512),
    kind: kindOf(type),
    ...(filename === undefined ? {} : { name: filename.slice(0, 256) }),
    ...(mimetype === undefined ? {} : { mediaType: mimetype.split(";")[0]?.slice(0, 128) }),
    ...(size === undefined || size < 0 ? {} : { sizeBytes: Math.floor(size) }),
    reference: { messageId: id.whole },
  };
}

function placesOf({ id, type, lat, lng, vcardFormattedName }: MessageData): readonly Draft[] {
  if (type === "location")
    return [{ id: `${id.id}:place`, kind: "location", reference: { latitude: lat ?? 0, longitude: lng ?? 0 } }];
  if (type !== "vcard") return [];
  const name = vcardFormattedName ?? "";
  return [{ id: `${id.id}:contact`, kind: "contact", ...(name === "" ? {} : { name: name.slice(0, 256) }) }];
}

function replyOf({ type, id, ...quote }: MessageData, raw: Around): Content["replyTo"] {
  const { quotedStanzaID: quoted, quotedParticipant: of } = quote;
  if (quoted === undefined || quoted === "") return undefined;
  const own = of !== undefined && isSelf(of, raw);
  const participant = id.remote.endsWith("@g.us") && of !== undefined ? `_${of}` : "";
  const text = FILE_TYPES.has(type) ? undefined : (quote.quotedMsg?.body ?? quote.quotedMsg?.caption);
  return {
    messageId: `${own}_${id.remote}_${quoted}${participant}`,
    ...(of === undefined ? {} : { userId: canonical(of, raw) }),
    isSelf: own,
    ...(text === undefined ? {} : { text: text.slice(0, 4_000) }),
  };
}
