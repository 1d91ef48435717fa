/**
 * The one inbound shape: what happened on a platform, normalised.
 *
 * An event is plain JSON, validated on the way into the queue and on the way out.
 * The platform's raw payload never enters it (and so never reaches a log); what an
 * adapter needs later (to fetch a file, say) travels in `reference` and `metadata`.
 * Names and other texts written by users are data: capped here, quoted where shown to a model.
 */
import { z } from "zod";
import { AccountId, ConversationId, PlatformName } from "./conversation-id.ts";
import { JsonObject } from "./json.ts";

/** Grows by one when a field changes its meaning; readers refuse versions they do not know. */
export const EVENT_VERSION = 1;

/** The longest text of one inbound message, in UTF-16 units. Longer ones are refused with a reply that says so. */
export const MAX_TEXT_LENGTH = 100_000;

/** Longer lists and other people's longer texts are cut on the way in; the person's own words never are. */
export const MOST_ATTACHMENTS = 50;
export const MOST_MENTIONS = 200;
const MOST_FORWARDED = 20;
export const MAX_REPLIED_LENGTH = 4_000;
const MAX_FORWARDED_LENGTH = 16_000;

const PlatformId = z.string().min(1).max(512);
const DisplayName = z.string().max(256);

/** Who did it. `id` is the platform's own id, never a display name. */
export const User = z.object({
  id: PlatformId,
  name: DisplayName.optional(),
  isBot: z.boolean().default(false),
  /** True for an account that several people act as (an anonymous administrator, a channel): nobody can confirm in its name. */
  isShared: z.boolean().default(false),
  /** BCP 47 tag, when the platform tells. */
  locale: z.string().max(35).optional(),
});
export type User = z.infer<typeof User>;

/** Where it happened. */
export const Chat = z.object({
  /** Where an answer goes: the platform's own id, as it is now. */
  id: PlatformId,
  /** The id that the conversation is kept under, where the platform calls the chat by another one by now (a group that moved). */
  keptAs: PlatformId.optional(),
  type: z.enum(["direct", "group"]),
  thread: PlatformId.optional(),
  title: DisplayName.optional(),
});
export type Chat = z.infer<typeof Chat>;

/** A file, by reference: fetched lazily through the adapter, spooled before the platform's link expires. */
export const Attachment = z.object({
  id: PlatformId,
  kind: z.enum(["image", "document", "audio", "video", "location", "contact", "other"]),
  name: DisplayName.optional(),
  mediaType: z.string().max(128).optional(),
  sizeBytes: z.number().int().nonnegative().optional(),
  /** What the adapter needs to fetch it again. Never a credential. */
  reference: JsonObject.default({}),
  /** When the platform's link dies. */
  expiresAt: z.iso.datetime().optional(),
  /** Key in the spool, once the bytes are on our side. */
  spoolKey: z.string().max(128).optional(),
});
export type Attachment = z.infer<typeof Attachment>;

export const Mention = z.object({
  userId: PlatformId,
  name: DisplayName.optional(),
  /** True when it is this bot that is mentioned. */
  isSelf: z.boolean().default(false),
});
export type Mention = z.infer<typeof Mention>;

/** What somebody said elsewhere: its speaker as far as the platform tells, the words, the files. */
const passage = {
  userId: PlatformId.optional(),
  /** The speaker's display name; for a message handed on from a channel or a hidden account, the name shown for it. */
  userName: DisplayName.optional(),
  attachments: z.array(Attachment).max(MOST_ATTACHMENTS).default([]),
};

/** The message this one answers, quotes, or was asked about (a reply, a message menu, a command sent as a reply). */
export const ReplyTo = z.object({
  ...passage,
  /** Left out where the platform does not tell (a message of another chat). */
  messageId: PlatformId.optional(),
  /** True when the message is the bot's. */
  isSelf: z.boolean().default(false),
  text: z.string().max(MAX_REPLIED_LENGTH).optional(),
  /** The part of it that the person marked, where the platform lets them. */
  quote: z.string().max(MAX_REPLIED_LENGTH).optional(),
  /** True when that message itself was handed on from elsewhere; the speaker is then its first author. */
  isForwarded: z.boolean().default(false),
  /** True when it stands in another chat. */
  isExternal: z.boolean().default(false),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

/** A message that the person handed on (forwarded, shared): material that they show, not words of their own. */
export const ForwardedPart = z.object({ ...passage, text: z.string().max(MAX_FORWARDED_LENGTH).default("") });
export type ForwardedPart = z.infer<typeof ForwardedPart>;

const content = {
  messageId: PlatformId,
  /** The person's own typed words; what was handed on stands in `forwarded`. */
  text: z.string().max(MAX_TEXT_LENGTH),
  attachments: z.array(Attachment).max(MOST_ATTACHMENTS).default([]),
  mentions: z.array(Mention).max(MOST_MENTIONS).default([]),
  replyTo: ReplyTo.optional(),
  /** What it holds that cannot be read here, for a word to the person: `order`, `story`. Left out where all was read. */
  unreadable: z.string().min(1).max(64).optional(),
  forwarded: z.array(ForwardedPart).max(MOST_FORWARDED).default([]),
  /** Messages that the platform shows as one (an album) share it: they become one turn. */
  album: PlatformId.optional(),
};

const base = {
  version: z.literal(EVENT_VERSION),
  /** Our id; also the correlation id from the platform event to the last send. */
  id: z.string().min(1).max(64),
  /**
   * Platform-stable identity for deduplication, unique within the account: the message's identity
   * (chat and message id), not the envelope's (Slack sends one message under several event ids).
   */
  key: z.string().min(1).max(700),
  /** The configured bot that owns the account. */
  bot: z.string().min(1).max(64),
  platform: PlatformName,
  account: AccountId,
  conversation: ConversationId,
  chat: Chat,
  user: User,
  /** True when it is the bot's own doing that comes back from the platform. Dropped at intake, never answered. */
  echo: z.boolean().optional(),
  /**
   * True when a human of the operator's side did it in the bot's place (with the telephone that the account belongs to,
   * in an inbox of agents): the bot then leaves the conversation to them for a while.
   */
  operator: z.boolean().optional(),
  /** When it happened by the platform's clock. Order is the order of acceptance, not this. */
  timestamp: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  metadata: JsonObject.default({}),
  /**
   * What the adapter needs to answer this very event (an interaction's token, a thread's timestamp): copied to the
   * reply's target, read by its own adapter only; never shown to a model, never logged.
   */
  reference: JsonObject.optional(),
  /** What did not fit and was cut or left out on the way in, for the trace: paths and reasons, never values. */
  repairs: z.array(z.string().max(120)).max(20).optional(),
};

export const MessageEvent = z.object({ ...base, type: z.literal("message"), ...content });
export const EditEvent = z.object({ ...base, type: z.literal("edit"), ...content });
export const DeleteEvent = z.object({ ...base, type: z.literal("delete"), messageId: PlatformId });
/** A pressed button, a poll vote, a chosen menu entry. */
export const ActionEvent = z.object({
  ...base,
  type: z.literal("action"),
  /** The message that carried the choice; the press's own id where its platform gives it one, as a web client does. */
  messageId: PlatformId.optional(),
  choiceId: z.string().min(1).max(200),
  /** Left empty where the platform gives the id alone: the turn then finds the choice among the replies it showed. */
  value: z.string().max(4_000).default(""),
  /** A confirmation's code that was given with the press, whatever it is: nothing is confirmed unless it is the right one. */
  code: z.string().max(4_000).optional(),
});
export const ReactionEvent = z.object({
  ...base,
  type: z.literal("reaction"),
  messageId: PlatformId,
  emoji: z.string().min(1).max(64),
  added: z.boolean(),
});
export const CommandEvent = z.object({
  ...base,
  type: z.literal("command"),
  messageId: PlatformId.optional(),
  /** Without the slash, lower case. */
  name: z.string().regex(/^[a-z0-9_-]{1,64}$/),
  text: z.string().max(MAX_TEXT_LENGTH).default(""),
  attachments: z.array(Attachment).max(MOST_ATTACHMENTS).default([]),
  /** The message that the command was sent as a reply to, or called on. */
  replyTo: ReplyTo.optional(),
});

/** The bot was added to a chat, or removed from it. */
export const MembershipEvent = z.object({
  ...base,
  type: z.literal("membership"),
  change: z.enum(["added", "removed"]),
});

/** One normalised inbound fact. */
export const InboundEvent = z.discriminatedUnion("type", [
  MessageEvent,
  EditEvent,
  DeleteEvent,
  ActionEvent,
  ReactionEvent,
  CommandEvent,
  MembershipEvent,
]);
export type InboundEvent = z.infer<typeof InboundEvent>;
export type MessageEvent = z.infer<typeof MessageEvent>;
export type EditEvent = z.infer<typeof EditEvent>;
export type DeleteEvent = z.infer<typeof DeleteEvent>;
export type ActionEvent = z.infer<typeof ActionEvent>;
export type ReactionEvent = z.infer<typeof ReactionEvent>;
export type CommandEvent = z.infer<typeof CommandEvent>;
export type MembershipEvent = z.infer<typeof MembershipEvent>;

/**
 * What an adapter's `normalize` produces: an event without the fields that the framework fills in
 * (`version`, `id`, `bot`, `platform`, `account`, `conversation`, `receivedAt`).
 */
type FrameworkFields = "version" | "id" | "bot" | "platform" | "account" | "conversation" | "receivedAt";
type DistributiveOmit<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never;
export type EventDraft = DistributiveOmit<z.input<typeof InboundEvent>, FrameworkFields>;

/** A waiting message with the content of its edit; who said it, where and when stays. */
export function withEdit(waiting: MessageEvent | EditEvent, edit: EditEvent): MessageEvent | EditEvent {
  const { text, attachments, mentions, replyTo, forwarded, unreadable } = edit;
  const { replyTo: _replyTo, unreadable: _unreadable, ...kept } = waiting;
  return {
    ...kept,
    text,
    attachments,
    mentions,
    forwarded,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

/** All files that an event carries: its own, those of the message it refers to, and those that were handed on. */
export function filesOf(event: InboundEvent): readonly Attachment[] {
  return [
    ...("attachments" in event ? event.attachments : []),
    ...("replyTo" in event ? (event.replyTo?.attachments ?? []) : []),
    ...("forwarded" in event ? event.forwarded.flatMap(({ attachments }) => attachments) : []),
  ];
}

/** The words a person wrote, whatever kind of event carried them. Empty for deletes, reactions and memberships. */
export function textOf(event: InboundEvent): string {
  switch (event.type) {
    case "message":
    case "edit":
      return event.text;
    case "command":
      return event.text === "" ? `/${event.name}` : `/${event.name} ${event.text}`;
    case "action":
      return event.value;
    case "delete":
    case "reaction":
    case "membership":
      return "";
  }
}
