import type { z } from "zod";
import type { Attachment, NormalizeContext, Normalized } from "../../../adapter.ts";
import type { Content, EventBase } from "../normalize.ts";
import { contentEvent, kindOf, placeText, timeOf, userIdOf } from "../normalize.ts";
import { type MessageData, type ParsedRaw, WebRaw } from "./web-raw.ts";

/** Types of messages that carry a person's words or files. */
const FILE_TYPES: ReadonlySet<string> = new Set(["image", "video", "audio", "ptt", "ptv", "document", "sticker"]);
const WORD_TYPES: ReadonlySet<string> = new Set(
  "chat location vcard multi_vcard poll_creation list_response buttons_response template_button_reply".split(" "),
);
/** Types that a person sends and that are not read here. All others are WhatsApp's own notes. */
const UNREAD_TYPES: ReadonlySet<string> = new Set(
  "order product payment groups_v4_invite event_creation interactive interactive_response".split(" "),
);

/** What happened on WhatsApp Web to an event, or the reason why it is none. */
export function normalizeWeb(raw: unknown, { identity }: Pick<NormalizeContext<unknown>, "identity">): Normalized {
  const parsed = WebRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not an event of WhatsApp Web" };
  const data = { ...parsed.data, self: identity.userIds };
  if (data.kind === "reaction") return reactionEvent(data);
  if (data.kind === "vote") return voteEvent(data);
  if (data.kind === "membership") return membershipEvent(data);
  return messageEvent(data);
}

type MessageRaw = Extract<ParsedRaw, { kind: "message" | "edit" | "delete" }> & Around;

function messageEvent(raw: MessageRaw): Normalized {
  const { data, kind, own } = raw;
  const chat = chatOf(data.id.remote, raw);
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: data.id.whole, chat: chat.id });
  const elsewhere = elsewhereOf(data);
  if (elsewhere !== undefined) return ignored(elsewhere);
  // Known already, and so many that `parley why` would show little else.
  if (own) return { ignored: "the bot's own message" };
  // From the bot's own account but not by the bot: a human at its telephone.
  const operator = data.id.fromMe ? { operator: true } : {};
  const base = { chat, user: userOf(data, raw), ...operator, timestamp: timeOf(data.t) };
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

function reactionEvent(raw: Extract<ParsedRaw, { kind: "reaction" }> & Around): Normalized {
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

function voteEvent(raw: Extract<ParsedRaw, { kind: "vote" }> & Around): Normalized {
  const { message, voter, options, choices, at } = raw;
  const chat = chatOf(message.remote, raw);
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: message.whole, chat: chat.id });
  const [position] = options;
  if (position === undefined) return ignored("a vote was taken back");
  const choiceId = choices?.[position];
  if (choiceId === undefined) return ignored("a vote on a poll that is not the bot's");
  const user = { id: canonical(voter, raw) };
  const operator = isSelf(voter, raw) ? { operator: true } : {};
  const key = `vote:${chat.id}:${message.id}:${user.id}:${at}`;
  const timestamp = new Date(at).toISOString();
  return { event: { key, chat, user, ...operator, timestamp, type: "action", messageId: message.whole, choiceId } };
}

function membershipEvent(raw: Extract<ParsedRaw, { kind: "membership" }> & Around): Normalized {
  const { chat: id, change, author, recipients, at } = raw;
  const chat = chatOf(id, raw);
  if (!recipients.some((recipient) => isSelf(recipient, raw)))
    return { ignored: "somebody else joined or left a group", chat: chat.id, messageId: raw.id.whole };
  const user = { id: canonical(author === "" ? id : author, raw) };
  return { event: { key: `membership:${raw.id.id}`, chat, user, timestamp: timeOf(at), type: "membership", change } };
}

/** What is known beside a payload: the bot's own ids, by number and by LID. */
type Around = Pick<ParsedRaw, "phones"> & { readonly self: readonly string[] };

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

function userOf({ id, author, notifyName }: MessageData, raw: Around): EventBase["user"] {
  const name = notifyName === undefined || notifyName === "" ? {} : { name: notifyName };
  if (id.fromMe) return { id: canonical(raw.self[0] ?? id.remote, raw), ...name };
  return { id: canonical(id.participant ?? author ?? id.remote, raw), ...name };
}

function contentOf(data: MessageData, raw: Around): Content | undefined {
  const { type } = data;
  const isFile = FILE_TYPES.has(type);
  if (!isFile && !WORD_TYPES.has(type) && !UNREAD_TYPES.has(type)) return undefined;
  const mentions = data.mentionedJidList.map((id) => ({ userId: canonical(id, raw), isSelf: isSelf(id, raw) }));
  const replyTo = replyOf(data, raw);
  const attachments = [...(isFile ? [fileOf(data)] : []), ...placesOf(data)];
  const words = wordsOf(data);
  const about = {
    messageId: data.id.whole,
    ...(mentions.length === 0 ? {} : { mentions }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(UNREAD_TYPES.has(type) ? { unreadable: type } : {}),
  };
  // WhatsApp does not tell whose words these are: the person hands them on, and has added none.
  if (data.isForwarded === true) return { ...about, text: "", forwarded: [{ text: words, attachments }] };
  return { ...about, text: withoutOwnMention(words, raw), attachments };
}

function wordsOf(data: MessageData): string {
  if (FILE_TYPES.has(data.type)) return data.caption ?? "";
  if (data.type === "location") {
    const [name, address] = (data.loc ?? "").split("\n");
    return placeText({ latitude: data.lat ?? 0, longitude: data.lng ?? 0, name, address });
  }
  if (data.type.endsWith("vcard")) return contactsIn(data).map(contactText).join("\n");
  if (data.type === "poll_creation") return pollWords(data);
  return data.body ?? "";
}

interface SharedContact {
  readonly name: string;
  readonly card: string;
}

/** The contacts that a message shares: one in its body, several in a list. */
function contactsIn({ type, body = "", vcardFormattedName, vcardList }: MessageData): readonly SharedContact[] {
  if (type === "vcard") return [{ name: vcardFormattedName ?? nameIn(body), card: body }];
  if (type !== "multi_vcard") return [];
  return vcardList.map(({ displayName, vcard = "" }) => ({ name: displayName ?? nameIn(vcard), card: vcard }));
}

function nameIn(card: string): string {
  return /^FN[^:\n]*:(.+)$/imu.exec(card)?.[1]?.trim() ?? "";
}

function contactText({ name, card }: SharedContact): string {
  const phones = [...card.matchAll(/^(?:item\d+\.)?TEL[^:\n]*:(.+)$/gimu)].map(([, phone = ""]) => phone.trim());
  return [name, ...phones].filter((part) => part !== "").join(" ");
}

function pollWords({ pollName = "", pollOptions }: MessageData): string {
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
    id: id.whole,
    kind: kindOf(type),
    ...(filename === undefined ? {} : { name: filename }),
    ...(mimetype === undefined ? {} : { mediaType: mimetype.split(";")[0] ?? mimetype }),
    ...(size === undefined || size < 0 ? {} : { sizeBytes: Math.floor(size) }),
    reference: { messageId: id.whole },
  };
}

function placesOf(data: MessageData): readonly Draft[] {
  const { id, type, lat, lng } = data;
  if (type === "location")
    return [{ id: `${id.id}:place`, kind: "location", reference: { latitude: lat ?? 0, longitude: lng ?? 0 } }];
  return contactsIn(data).map(({ name }, index): Draft => ({
    id: `${id.id}:contact${index === 0 ? "" : `-${index}`}`,
    kind: "contact",
    ...(name === "" ? {} : { name }),
  }));
}

/** What is answered: words and, where it is a picture or another file, the file. */
function replyOf({ id, ...quote }: MessageData, raw: Around): Content["replyTo"] {
  const { quotedStanzaID: quoted, quotedParticipant: of, quotedMsg } = quote;
  if (quoted === undefined || quoted === "") return undefined;
  const own = of !== undefined && isSelf(of, raw);
  const participant = id.remote.endsWith("@g.us") && of !== undefined ? `_${of}` : "";
  const messageId = `${own}_${id.remote}_${quoted}${participant}`;
  const user = of === undefined ? {} : { userId: canonical(of, raw) };
  return { messageId, ...user, isSelf: own, ...quotedContent(messageId, quotedMsg) };
}

function quotedContent(messageId: string, { type = "", body, caption }: NonNullable<MessageData["quotedMsg"]> = {}) {
  if (!FILE_TYPES.has(type)) return { text: body ?? caption };
  // The body of a file is its preview, not words.
  return { text: caption, attachments: [{ id: messageId, kind: kindOf(type), reference: { messageId } }] };
}
