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

const PlatformId = z.string().min(1).max(512);
const DisplayName = z.string().max(256);

/** Who did it. `id` is the platform's own id, never a display name. */
export const User = z.object({
  id: PlatformId,
  name: DisplayName.optional(),
  isBot: z.boolean().default(false),
  /** True when the bot's own account did it (a human using its phone, an echo). */
  isSelf: z.boolean().default(false),
  /** BCP 47 tag, when the platform tells. */
  locale: z.string().max(35).optional(),
});
export type User = z.infer<typeof User>;

/** Where it happened. */
export const Chat = z.object({
  id: PlatformId,
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

/** The message this one answers or quotes. */
export const ReplyTo = z.object({
  messageId: PlatformId,
  userId: PlatformId.optional(),
  /** True when the quoted message is the bot's. */
  isSelf: z.boolean().default(false),
  text: z.string().max(4_000).optional(),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

const content = {
  messageId: PlatformId,
  text: z.string().max(MAX_TEXT_LENGTH),
  attachments: z.array(Attachment).max(50).default([]),
  mentions: z.array(Mention).max(200).default([]),
  replyTo: ReplyTo.optional(),
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
  /** When it happened by the platform's clock. Order is the order of acceptance, not this. */
  timestamp: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  metadata: JsonObject.default({}),
  /**
   * What the adapter needs to answer this very event (an interaction's token, a thread's timestamp): copied to the
   * reply's target, read by its own adapter only; never shown to a model, never logged.
   */
  reference: JsonObject.optional(),
};

export const MessageEvent = z.object({ ...base, type: z.literal("message"), ...content });
export const EditEvent = z.object({ ...base, type: z.literal("edit"), ...content });
export const DeleteEvent = z.object({ ...base, type: z.literal("delete"), messageId: PlatformId });
/** A pressed button, a poll vote, a chosen menu entry. */
export const ActionEvent = z.object({
  ...base,
  type: z.literal("action"),
  /** The message that carried the choice. */
  messageId: PlatformId.optional(),
  choiceId: z.string().min(1).max(200),
  /** Left empty where the platform gives the id alone: the turn then finds the choice among the replies it showed. */
  value: z.string().max(4_000).default(""),
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
  attachments: z.array(Attachment).max(50).default([]),
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
