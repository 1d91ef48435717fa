/** What Discord sends, as far as it is read, and what the connection knows beside it. */
import { z } from "zod";
import { optionalPart, readableItems } from "../../../adapter.ts";
import { wordParts } from "./words.ts";

/** What the connection knows beside a payload. */
export const About = z.object({
  /** The role that Discord made for the bot; people often mention it instead of the bot. */
  botRoleId: z.string().optional(),
  receivedAt: z.iso.datetime(),
  channel: z
    .object({
      type: z.number(),
      parentId: z.string().nullish(),
      name: z.string().nullish(),
      ownerId: z.string().nullish(),
    })
    .optional(),
  /** Who wrote a message that was deleted: Discord does not tell. */
  authorId: z.string().optional(),
  /** True for a server that the bot was not in before. */
  isNew: z.boolean().optional(),
  /** True where the Message Content intent is off: then Discord leaves out the words of most messages. */
  withholdsContent: z.boolean().optional(),
  /** The message that a form asks about, as Discord sent it. */
  asked: z.unknown().optional(),
});
export type About = z.infer<typeof About>;
/** The same, and who the bot is. */
export type Known = About & { readonly selfId: string };

/** A dispatch of the gateway (`t`, `d`) with what the connection knows. */
export const DiscordRaw = z.object({ t: z.string(), d: z.unknown(), about: About });
export type DiscordRaw = z.infer<typeof DiscordRaw>;

/** Discord writes microseconds and an offset; a time that is none costs the message. */
const Time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "no time");

export const User = z.object({
  id: z.string(),
  username: z.string().catch(""),
  global_name: optionalPart(z.string()),
  bot: z.boolean().catch(false),
});
export type User = z.infer<typeof User>;
export const Member = z.object({ nick: optionalPart(z.string()) });
export type Member = z.infer<typeof Member>;
export const File = z.object({
  id: z.string(),
  filename: z.string().catch("file"),
  content_type: optionalPart(z.string()),
  size: optionalPart(z.number().int().nonnegative()),
  url: z.string(),
});
export type File = z.infer<typeof File>;
export const Content = z.object({
  content: z.string().catch(""),
  attachments: readableItems(File),
  sticker_items: readableItems(z.object({ id: z.string(), name: z.string() })),
  flags: z.number().catch(0),
  ...wordParts,
});
export type Content = z.infer<typeof Content>;
/** A message that another one answers, or that a menu was opened on. */
export const Referred = Content.extend({
  id: optionalPart(z.string()),
  author: User,
  message_snapshots: readableItems(z.object({ message: Content })),
});
export type Referred = z.infer<typeof Referred>;
export const Message = Content.extend({
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  type: z.number().default(0),
  author: User,
  member: optionalPart(Member),
  webhook_id: optionalPart(z.string()),
  timestamp: Time,
  edited_timestamp: optionalPart(Time),
  mentions: readableItems(User),
  mention_roles: readableItems(z.string()),
  message_reference: optionalPart(
    z.object({
      type: z.number().catch(0),
      message_id: optionalPart(z.string()),
      channel_id: optionalPart(z.string()),
    }),
  ),
  referenced_message: optionalPart(Referred),
  message_snapshots: readableItems(z.object({ message: Content })),
});
export type Message = z.infer<typeof Message>;

export const Reaction = z.object({
  user_id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  message_id: z.string(),
  message_author_id: z.string().optional(),
  member: optionalPart(Member.extend({ user: User })),
  emoji: z.object({ id: z.string().nullish(), name: z.string().nullish() }),
});
export type Reaction = z.infer<typeof Reaction>;
export const Deleted = z.object({ id: z.string(), channel_id: z.string(), guild_id: z.string().optional() });
export const Guild = z.object({
  id: z.string(),
  name: z.string().default(""),
  unavailable: z.boolean().default(false),
  system_channel_id: z.string().nullish(),
});
export type Guild = z.infer<typeof Guild>;

const Option = z.object({
  name: z.string(),
  type: z.number(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
export const Interaction = z.object({
  id: z.string().regex(/^\d+$/u),
  application_id: z.string(),
  token: z.string(),
  type: z.number(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  channel: z.object({ type: z.number(), parent_id: z.string().nullish(), name: z.string().nullish() }),
  locale: z.string().optional(),
  user: User.optional(),
  member: optionalPart(Member.extend({ user: User })),
  message: z.looseObject({ id: z.string(), components: z.array(z.unknown()).default([]) }).optional(),
  data: z
    .object({
      name: z.string().optional(),
      type: z.number().optional(),
      target_id: z.string().optional(),
      custom_id: z.string().optional(),
      values: z.array(z.string()).optional(),
      options: z.array(Option).default([]),
      components: z.array(z.object({ components: z.array(z.object({ value: z.string().default("") })) })).optional(),
      resolved: z
        .object({
          attachments: z.record(z.string(), File).optional(),
          messages: z.record(z.string(), z.looseObject({})).optional(),
        })
        .optional(),
    })
    .optional(),
});
export type Interaction = z.infer<typeof Interaction>;

/** What a reply needs of the event it answers; travels as `reference`. */
export const Reference = z.object({
  /** `deferred`: "is thinking…" waits to be replaced. `pressed`: a button's own message stands there. */
  interaction: z.object({ id: z.string(), token: z.string(), kind: z.enum(["deferred", "pressed"]) }).optional(),
  /** The answer is for its requester alone. */
  isPrivate: z.boolean().default(false),
  /** In a direct chat, where nobody needs to be told what is answered. */
  isDirect: z.boolean().default(false),
  /** Asked in a thread that not all readers of its channel see. */
  inPrivateThread: z.boolean().default(false),
  /** Name for the thread that the answer opens. */
  threadName: z.string().optional(),
});
export type Reference = z.infer<typeof Reference>;
