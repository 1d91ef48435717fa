import { z } from "zod";
import { secret } from "../../adapter.ts";

const Url = z.url({ protocol: /^https?$/ }).describe('an http(s) address such as "https://discord.com/api"');

/** Which shards this account serves. Several processes each take some, as accounts with names of their own. */
const Shards = z
  .strictObject({
    ids: z.array(z.number().int().nonnegative()).min(1),
    /** Of all processes together. */
    count: z.number().int().positive(),
  })
  .refine(({ ids, count }) => ids.every((id) => id < count), "every shard id must be below the count");

/** Settings of a Discord account. */
export const DiscordSettings = z.strictObject({
  /** The bot's token: Developer Portal, Bot, Reset Token. */
  token: secret(),
  /**
   * Whether to ask for the Message Content intent, which must be switched on in the Developer Portal. Without it the bot
   * reads direct messages, mentions, replies to it and commands, and nothing else.
   */
  messageContent: z.boolean().default(true),
  /** Whom the bot's words may notify. The reply's own author: `pingAuthor`. */
  mentions: z.array(z.enum(["users", "roles", "everyone"])).default([]),
  /** Whether the person who is answered is notified. */
  pingAuthor: z.boolean().default(false),
  /** Where an answer refers to the message it answers. */
  quote: z.enum(["groups", "always", "never"]).default("groups"),
  /** `thread`: every question in a text channel gets a thread of its own. */
  answerIn: z.enum(["channel", "thread"]).default("channel"),
  /** Whether answers to slash commands in servers are shown to their author alone. */
  commandReplies: z.enum(["private", "public"]).default("private"),
  /** Name of the entry in a message's "Apps" menu; false for none. */
  messageMenu: z.union([z.string().min(1).max(32), z.literal(false)]).default("Ask about this"),
  /** Which shards this process connects; `auto`: all that Discord recommends. */
  shards: z.union([z.literal("auto"), Shards]).default("auto"),
  /** How old a missed message may be to be answered after an outage, in hours. 0: missed messages stay missed. */
  catchUpHours: z.number().min(0).max(168).default(12),
  /**
   * How long after Discord closed the connection for good (a token, an intent) its cause is looked at for the first time,
   * in seconds. The pauses double, up to a quarter of an hour; once the cause is gone the account comes back by itself.
   */
  retryRefusedSeconds: z.number().min(1).max(900).default(30),
  /** Where the API is: for a proxy, or a Discord on this machine. */
  apiUrl: Url.default("https://discord.com/api"),
  /** Where files are, beside the hosts of Discord: for a Discord on this machine. */
  cdnUrl: Url.optional(),
});
export type DiscordSettings = z.infer<typeof DiscordSettings>;
export type DiscordInput = z.input<typeof DiscordSettings>;
