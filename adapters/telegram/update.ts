/** What is read of the Bot API's updates. Everything else in them is dropped here. */
import { z } from "zod";
import { optionalPart, readableItems } from "../../adapter.ts";
import { content } from "./content.ts";
import { Chat, Origin, User } from "./who.ts";

const Place = z.object({
  message_id: z.number(),
  message_thread_id: optionalPart(z.number()),
  is_topic_message: optionalPart(z.boolean()),
  chat: Chat,
});
export type Place = z.infer<typeof Place>;

const Original = z.object({
  ...content,
  message_id: z.number(),
  from: optionalPart(User),
  sender_chat: optionalPart(Chat),
  forward_origin: optionalPart(Origin),
  forum_topic_created: z.unknown().optional(),
});
/** A message of another chat: its files are told, its words are not, but for the part that was quoted. */
const External = z.object({ ...content, origin: Origin.catch({}), message_id: optionalPart(z.number()) });

const Message = z.object({
  ...Place.shape,
  ...content,
  from: optionalPart(User),
  sender_chat: optionalPart(Chat),
  is_automatic_forward: optionalPart(z.boolean()),
  date: z.number(),
  edit_date: optionalPart(z.number()),
  media_group_id: optionalPart(z.string()),
  forward_origin: optionalPart(Origin),
  reply_to_message: optionalPart(Original),
  external_reply: optionalPart(External),
  quote: optionalPart(z.object({ text: z.string() })),
  /** Which line of a list with boxes is answered. */
  reply_to_checklist_task_id: optionalPart(z.number()),
  story: optionalPart(z.object({})),
  paid_media: optionalPart(z.object({})),
  giveaway: optionalPart(z.object({})),
  invoice: optionalPart(z.object({})),
  game: optionalPart(z.object({})),
});
export type Message = z.infer<typeof Message>;

const Reaction = z.union([
  z.object({ type: z.literal("emoji"), emoji: z.string() }).transform(({ emoji }) => emoji),
  z
    .object({ type: z.literal("custom_emoji"), custom_emoji_id: z.string() })
    .transform((one) => `custom:${one.custom_emoji_id}`),
  z.object({ type: z.literal("paid") }).transform(() => "⭐"),
]);

const Membership = z.object({ status: z.string(), is_member: optionalPart(z.boolean()) });
export type Membership = z.infer<typeof Membership>;

const Update = z.object({
  update_id: z.number(),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: z
    .object({ id: z.string(), from: User, data: optionalPart(z.string()), message: optionalPart(Place) })
    .optional(),
  message_reaction: z
    .object({
      chat: Chat,
      message_id: z.number(),
      user: optionalPart(User),
      /** The chat that an anonymous administrator reacts as. */
      actor_chat: optionalPart(Chat),
      date: z.number(),
      old_reaction: readableItems(Reaction),
      new_reaction: readableItems(Reaction),
    })
    .optional(),
  my_chat_member: z
    .object({ chat: Chat, from: User, date: z.number(), old_chat_member: Membership, new_chat_member: Membership })
    .optional(),
  poll_answer: z
    .object({
      poll_id: z.string(),
      user: optionalPart(User),
      /** The chat that an anonymous voter votes as. */
      voter_chat: optionalPart(Chat),
      option_ids: readableItems(z.number()),
    })
    .optional(),
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
  update: Update,
  /** When it was received, in ms: presses and votes carry no time. */
  at: z.number(),
  poll: SentPoll.optional(),
});
export type TelegramRaw = z.infer<typeof TelegramRaw>;

/** Kinds of updates that are asked for. Telegram tells a bot nothing of deleted messages. */
export const UPDATE_KINDS = [
  "message",
  "edited_message",
  "callback_query",
  "message_reaction",
  "my_chat_member",
  "poll_answer",
] as const;
