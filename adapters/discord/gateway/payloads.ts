/** What Discord sends, as far as it is read, and what the connection knows beside it. */
import { z } from "zod";

/** What the connection knows beside a payload. */
export const About = z.object({
  selfId: z.string(),
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
  /** The message that a form asks about. */
  asked: z.object({ id: z.string(), userId: z.string(), text: z.string() }).optional(),
});
export type About = z.infer<typeof About>;

/** A dispatch of the gateway (`t`, `d`) with what the connection knows. */
export const DiscordRaw = z.object({ t: z.string(), d: z.unknown(), about: About });
export type DiscordRaw = z.infer<typeof DiscordRaw>;

export const User = z.object({
  id: z.string(),
  username: z.string().default(""),
  global_name: z.string().nullish(),
  bot: z.boolean().default(false),
});
export type User = z.infer<typeof User>;
export const Member = z.object({ nick: z.string().nullish() });
export type Member = z.infer<typeof Member>;
export const File = z.object({
  id: z.string(),
  filename: z.string().default("file"),
  content_type: z.string().nullish(),
  size: z.number().int().nonnegative().optional(),
  url: z.string(),
});
export type File = z.infer<typeof File>;
export const Content = z.object({
  content: z.string().default(""),
  attachments: z.array(File).default([]),
  sticker_items: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
  flags: z.number().default(0),
});
export type Content = z.infer<typeof Content>;
export const Message = Content.extend({
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  type: z.number().default(0),
  author: User,
  member: Member.optional(),
  webhook_id: z.string().optional(),
  timestamp: z.string(),
  edited_timestamp: z.string().nullish(),
  mentions: z.array(User).default([]),
  mention_roles: z.array(z.string()).default([]),
  message_reference: z.object({ type: z.number().default(0), message_id: z.string().optional() }).nullish(),
  referenced_message: z.object({ author: User, content: z.string().default("") }).nullish(),
  message_snapshots: z.array(z.object({ message: Content })).default([]),
});
export type Message = z.infer<typeof Message>;

export const Reaction = z.object({
  user_id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  message_id: z.string(),
  message_author_id: z.string().optional(),
  member: z.object({ nick: z.string().nullish(), user: User }).optional(),
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
  id: z.string(),
  application_id: z.string(),
  token: z.string(),
  type: z.number(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  channel: z.object({ type: z.number(), parent_id: z.string().nullish(), name: z.string().nullish() }),
  locale: z.string().optional(),
  user: User.optional(),
  member: z.object({ nick: z.string().nullish(), user: User }).optional(),
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
          messages: z.record(z.string(), z.object({ content: z.string(), author: User })).optional(),
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
  /** Name for the thread that the answer opens. */
  threadName: z.string().optional(),
});
export type Reference = z.infer<typeof Reference>;
