/** What is read of the Bot API's updates. Everything else in them is dropped here. */
import { z } from "zod";
import type { Attachment } from "../../core/event.ts";

const User = z.object({
  id: z.number(),
  is_bot: z.boolean().default(false),
  first_name: z.string().default(""),
  last_name: z.string().optional(),
  language_code: z.string().max(35).optional(),
});
export type User = z.infer<typeof User>;

const Chat = z.object({
  id: z.number(),
  type: z.enum(["private", "group", "supergroup", "channel"]),
  title: z.string().optional(),
});

const Entity = z.object({
  type: z.string(),
  offset: z.number(),
  length: z.number(),
  user: User.optional(),
});
export type Entity = z.infer<typeof Entity>;

const Size = z.object({ file_id: z.string(), file_unique_id: z.string(), file_size: z.number().optional() });
const File = Size.extend({ file_name: z.string().optional(), mime_type: z.string().optional() });

/** What a message holds besides words. */
const content = {
  photo: z.array(Size).optional(),
  document: File.optional(),
  animation: File.optional(),
  video: File.optional(),
  video_note: File.optional(),
  voice: File.optional(),
  audio: File.optional(),
  sticker: File.extend({ emoji: z.string().optional() }).optional(),
  location: z.object({ latitude: z.number(), longitude: z.number(), live_period: z.number().optional() }).optional(),
  venue: z.object({ title: z.string(), address: z.string() }).optional(),
  contact: z
    .object({
      phone_number: z.string(),
      first_name: z.string(),
      last_name: z.string().optional(),
      user_id: z.number().optional(),
    })
    .optional(),
  poll: z.object({ question: z.string(), options: z.array(z.object({ text: z.string() })) }).optional(),
  dice: z.object({ emoji: z.string(), value: z.number() }).optional(),
};

const Place = z.object({
  message_id: z.number(),
  message_thread_id: z.number().optional(),
  is_topic_message: z.boolean().optional(),
  chat: Chat,
});
export type Place = z.infer<typeof Place>;

const Message = z.object({
  ...Place.shape,
  ...content,
  from: User.optional(),
  sender_chat: Chat.optional(),
  is_automatic_forward: z.boolean().optional(),
  date: z.number(),
  edit_date: z.number().optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  entities: z.array(Entity).optional(),
  caption_entities: z.array(Entity).optional(),
  reply_to_message: z
    .object({
      message_id: z.number(),
      from: User.optional(),
      text: z.string().optional(),
      caption: z.string().optional(),
      forum_topic_created: z.unknown().optional(),
    })
    .optional(),
  quote: z.object({ text: z.string() }).optional(),
});
export type Message = z.infer<typeof Message>;

const Reaction = z.union([
  z.object({ type: z.literal("emoji"), emoji: z.string() }).transform(({ emoji }) => emoji),
  z
    .object({ type: z.literal("custom_emoji"), custom_emoji_id: z.string() })
    .transform((one) => `custom:${one.custom_emoji_id}`),
  z.object({ type: z.literal("paid") }).transform(() => "⭐"),
]);

const Membership = z.object({ status: z.string(), is_member: z.boolean().optional() });
export type Membership = z.infer<typeof Membership>;

const Update = z.object({
  update_id: z.number(),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: z
    .object({ id: z.string(), from: User, data: z.string().optional(), message: Place.optional() })
    .optional(),
  message_reaction: z
    .object({
      chat: Chat,
      message_id: z.number(),
      user: User.optional(),
      date: z.number(),
      old_reaction: z.array(Reaction),
      new_reaction: z.array(Reaction),
    })
    .optional(),
  my_chat_member: z
    .object({ chat: Chat, from: User, date: z.number(), old_chat_member: Membership, new_chat_member: Membership })
    .optional(),
  poll_answer: z.object({ poll_id: z.string(), user: User.optional(), option_ids: z.array(z.number()) }).optional(),
});
export type Update = z.infer<typeof Update>;

/** A poll of the bot's: a vote names neither its chat nor its words. */
export const SentPoll = z.object({
  chat: z.string(),
  isGroup: z.boolean(),
  thread: z.string().nullable(),
  messageId: z.string(),
  choiceIds: z.array(z.string()),
});
export type SentPoll = z.infer<typeof SentPoll>;

/** An update, and what is needed to understand it. */
export const TelegramRaw = z.object({
  me: z.object({ id: z.number(), username: z.string().optional() }),
  update: Update,
  /** When it was received, in ms: presses and votes carry no time. */
  at: z.number(),
  poll: SentPoll.optional(),
});
export type TelegramRaw = z.infer<typeof TelegramRaw>;
/** The bot itself. */
export type Me = TelegramRaw["me"];

/** Kinds of updates that are asked for. Telegram tells a bot nothing of deleted messages. */
export const UPDATE_KINDS = [
  "message",
  "edited_message",
  "callback_query",
  "message_reaction",
  "my_chat_member",
  "poll_answer",
] as const;

/** Files that are shown as what they are; an animation is also a document, so it comes first. */
const FILE_KINDS = [
  ["animation", "video"],
  ["document", "document"],
  ["video", "video"],
  ["video_note", "video"],
  ["voice", "audio"],
  ["audio", "audio"],
  ["sticker", "image"],
] as const;

/** The files, the place and the contact that a message carries. Fetched by `file_id`, which lives on. */
export function attachmentsOf(message: Message): z.input<typeof Attachment>[] {
  const largest = message.photo?.toSorted((left, right) => (left.file_size ?? 0) - (right.file_size ?? 0)).at(-1);
  if (largest !== undefined) return [{ ...fileFacts(largest), kind: "image", mediaType: "image/jpeg" }];
  for (const [field, kind] of FILE_KINDS) {
    const file = message[field];
    if (file !== undefined) return [{ ...fileFacts(file), kind }];
  }
  const place = placeOf(message) ?? contactOf(message);
  return place === undefined ? [] : [place];
}

function fileFacts({ file_id: fileId, file_unique_id: id, file_size: sizeBytes, ...facts }: z.infer<typeof File>) {
  const { file_name: name, mime_type: mediaType } = facts;
  return {
    id,
    reference: { fileId },
    ...(name === undefined || name === "" ? {} : { name: name.slice(0, 256) }),
    ...(mediaType === undefined ? {} : { mediaType: mediaType.slice(0, 128) }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
}

/** Its name says where it is, for readers that see names alone. */
function placeOf({ message_id: id, location, venue }: Message): z.input<typeof Attachment> | undefined {
  if (location === undefined) return undefined;
  const { latitude, longitude } = location;
  const name = [...(venue === undefined ? [] : [venue.title, venue.address]), `${latitude}, ${longitude}`].join(", ");
  return { id: `location-${id}`, kind: "location", name: name.slice(0, 256), reference: { latitude, longitude } };
}

function contactOf({ message_id: id, contact }: Message): z.input<typeof Attachment> | undefined {
  if (contact === undefined) return undefined;
  const { first_name: first, last_name: last, phone_number: phone, user_id: userId } = contact;
  const name = [first, last].filter((part) => part !== undefined).join(" ");
  return {
    id: `contact-${id}`,
    kind: "contact",
    name: `${name}, ${phone}`.slice(0, 256),
    reference: { name, phone, ...(userId === undefined ? {} : { userId: String(userId) }) },
  };
}

/** The words of a message of any kind, and what they are marked with. */
export function wordsOf(message: Message): { readonly text: string; readonly entities: readonly Entity[] } {
  const { text, caption, entities, caption_entities: captionEntities, sticker, poll, dice } = message;
  if (text !== undefined) return { text, entities: entities ?? [] };
  if (caption !== undefined) return { text: caption, entities: captionEntities ?? [] };
  const asked =
    poll === undefined ? undefined : [poll.question, ...poll.options.map((one) => `- ${one.text}`)].join("\n");
  const thrown = dice === undefined ? undefined : `${dice.emoji} ${dice.value}`;
  return { text: asked ?? thrown ?? sticker?.emoji ?? "", entities: [] };
}
