import { z } from "zod";
import type { Normalized } from "../../core/adapter.ts";
import type { Attachment, EventDraft } from "../../core/event.ts";
import type { JsonObject } from "../../core/json.ts";
import type { DiscordSettings } from "./settings.ts";

const EPOCH_MS = 1_420_070_400_000;
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);
const VOICE_MESSAGE = 1 << 13;

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

const User = z.object({
  id: z.string(),
  username: z.string().default(""),
  global_name: z.string().nullish(),
  bot: z.boolean().default(false),
});
const Member = z.object({ nick: z.string().nullish() });
const File = z.object({
  id: z.string(),
  filename: z.string().default("file"),
  content_type: z.string().nullish(),
  size: z.number().int().nonnegative().optional(),
  url: z.string(),
});
const Content = z.object({
  content: z.string().default(""),
  attachments: z.array(File).default([]),
  sticker_items: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
  flags: z.number().default(0),
});
const Message = Content.extend({
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
type Message = z.infer<typeof Message>;

const Reaction = z.object({
  user_id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  message_id: z.string(),
  message_author_id: z.string().optional(),
  member: z.object({ nick: z.string().nullish(), user: User }).optional(),
  emoji: z.object({ id: z.string().nullish(), name: z.string().nullish() }),
});
const Deleted = z.object({ id: z.string(), channel_id: z.string(), guild_id: z.string().optional() });
const Guild = z.object({
  id: z.string(),
  name: z.string().default(""),
  unavailable: z.boolean().default(false),
  system_channel_id: z.string().nullish(),
});

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

type Context = Pick<DiscordSettings, "answerIn" | "commandReplies">;
type Reader = (data: unknown, about: About, settings: Context) => Normalized;

/** One dispatch of the gateway as an event. */
export function normalizeDiscord(raw: unknown, { settings }: { readonly settings: Context }): Normalized {
  const parsed = DiscordRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not a dispatch of the gateway" };
  const { t, d, about } = parsed.data;
  return READERS[t]?.(d, about, settings) ?? { ignored: `${t} is not used` };
}

/** A reader for payloads of one shape; what does not fit is ignored by name. */
function reader<Shape extends z.ZodType>(
  shape: Shape,
  read: (data: z.output<Shape>, about: About, settings: Context) => Normalized,
): Reader {
  return (data, about, settings) => {
    const parsed = shape.safeParse(data);
    return parsed.success
      ? read(parsed.data, about, settings)
      : { ignored: "the payload has another shape than known" };
  };
}

const READERS: Readonly<Record<string, Reader>> = {
  MESSAGE_CREATE: reader(Message, readMessage),
  MESSAGE_UPDATE: reader(Message, (message, about, settings) => {
    if (message.edited_timestamp === undefined || message.edited_timestamp === null)
      return ignored(message, "Discord itself changed the message (a link preview, a pin)");
    const normalized = readMessage(message, about, settings);
    if ("ignored" in normalized || normalized.event.type !== "message") return normalized;
    const key = `edit:${message.id}:${message.edited_timestamp}`;
    return { event: { ...normalized.event, type: "edit", key, timestamp: isoOf(message.edited_timestamp) } };
  }),
  MESSAGE_DELETE: reader(Deleted, ({ id, channel_id, guild_id }, about, settings) => {
    const userId = about.authorId ?? "unknown";
    return {
      event: {
        type: "delete",
        key: `delete:${id}`,
        messageId: id,
        chat: chatOf({ channelId: channel_id, guildId: guild_id, messageId: id }, about, settings),
        user: { id: userId, isSelf: userId === about.selfId },
        timestamp: about.receivedAt,
      },
    };
  }),
  MESSAGE_REACTION_ADD: reader(Reaction, (reaction, about, settings) => readReaction(reaction, about, settings, true)),
  MESSAGE_REACTION_REMOVE: reader(Reaction, (reaction, about, settings) =>
    readReaction(reaction, about, settings, false),
  ),
  GUILD_CREATE: reader(Guild, (guild, about) =>
    about.isNew === true ? membership(guild, about, "added") : { ignored: "a server that the bot is in already" },
  ),
  GUILD_DELETE: reader(Guild, (guild, about) =>
    guild.unavailable ? { ignored: "a server is out of order" } : membership(guild, about, "removed"),
  ),
  INTERACTION_CREATE: reader(Interaction, readInteraction),
};

function ignored(message: Message, reason: string): Normalized {
  return { ignored: reason, messageId: message.id, chat: message.channel_id };
}

function readMessage(message: Message, about: About, settings: Context): Normalized {
  const { id, channel_id: channelId, guild_id: guildId, author, member, type } = message;
  if (type !== 0 && type !== 19 && type !== 20 && type !== 23)
    return ignored(message, `a system message (type ${type})`);
  const isSelf = author.id === about.selfId;
  const content = message.message_snapshots[0]?.message ?? message;
  const attachments = attachmentsOf(message, content);
  const text = readable(content.content, message, about);
  if (text === "" && attachments.length === 0 && !isAddressed(message, about) && !isSelf)
    return ignored(message, "an empty message: without the Message Content intent Discord withholds the words");
  const chat = chatOf({ channelId, guildId, messageId: id }, about, settings);
  const opensThread = chat.thread === id && about.channel?.type === 0;
  return {
    event: {
      type: "message",
      key: `message:${id}`,
      messageId: id,
      chat,
      user: { id: author.id, ...nameOf(author, member), isBot: author.bot || message.webhook_id !== undefined, isSelf },
      timestamp: isoOf(message.timestamp),
      text,
      attachments,
      mentions: mentionsOf(message, about),
      ...replyToOf(message, about),
      ...(chat.type === "direct" ? { reference: { isDirect: true } } : {}),
      ...(opensThread ? { reference: { threadName: titleOf(text) } } : {}),
    },
  };
}

function replyToOf({ message_reference: reference, referenced_message: answered }: Message, { selfId }: About) {
  if (reference?.message_id === undefined || reference.type !== 0) return {};
  const { author, content } = answered ?? {};
  return {
    replyTo: {
      messageId: reference.message_id,
      ...(author === undefined ? {} : { userId: author.id, isSelf: author.id === selfId }),
      ...(content === undefined || content === "" ? {} : { text: content.slice(0, 4_000) }),
    },
  };
}

function mentionsOf(message: Message, about: About) {
  const users = message.mentions.map((user) => ({
    userId: user.id,
    ...nameOf(user),
    isSelf: user.id === about.selfId,
  }));
  const named = users.some(({ isSelf }) => isSelf);
  return named || !isAddressed(message, about) ? users : [...users, { userId: about.selfId, isSelf: true }];
}

/** Mentioned by name or by its role, or spoken to in a thread of its own. */
function isAddressed({ mentions, mention_roles: roles }: Message, { selfId, botRoleId, channel }: About): boolean {
  const ownsThread = channel !== undefined && THREADS.has(channel.type) && channel.ownerId === selfId;
  return (
    mentions.some(({ id }) => id === selfId) || (botRoleId !== undefined && roles.includes(botRoleId)) || ownsThread
  );
}

/** Words as people read them: names for ids, and without the mention that called the bot. */
function readable(content: string, { mentions }: Message, { selfId, botRoleId }: About): string {
  const names = new Map(mentions.map((user) => [user.id, nameOf(user).name ?? user.id]));
  return content
    .replaceAll(/<@(&|!)?(\d+)>/g, (whole, kind: string | undefined, id: string) => {
      if (kind === "&") return id === botRoleId ? "" : whole;
      return id === selfId ? "" : `@${names.get(id) ?? id}`;
    })
    .replaceAll(/<a?(:\w+:)\d+>/g, "$1")
    .trim();
}

/** The unit of conversation: a direct chat, a channel, or a thread of a channel. */
function chatOf(
  { channelId, guildId, messageId }: { channelId: string; guildId: string | undefined; messageId?: string },
  { channel }: Pick<About, "channel">,
  { answerIn }: Pick<Context, "answerIn">,
): EventDraft["chat"] {
  if (guildId === undefined) return { id: channelId, type: "direct" };
  const title = channel?.name === undefined || channel.name === null ? {} : { title: channel.name };
  if (channel !== undefined && THREADS.has(channel.type) && channel.parentId !== undefined && channel.parentId !== null)
    return { id: channel.parentId, type: "group", thread: channelId, ...title };
  // The id of a thread is that of the message it starts from, so the conversation is known before its thread exists.
  const opens = answerIn === "thread" && channel?.type === 0 && messageId !== undefined;
  return { id: channelId, type: "group", ...(opens ? { thread: messageId } : {}), ...title };
}

function titleOf(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line === "" ? "Question" : line.slice(0, 80);
}

function attachmentsOf(message: Message, content: z.infer<typeof Content>): z.input<typeof Attachment>[] {
  const files = content.attachments.map((file) => attachmentOf(file, message, (content.flags & VOICE_MESSAGE) !== 0));
  const stickers = content.sticker_items.map(
    ({ id, name }) =>
      ({ id, kind: "other", name, reference: { url: `https://media.discordapp.net/stickers/${id}.png` } }) as const,
  );
  return [...files, ...stickers];
}

/** With the way to its message, since the link dies within a day. */
function attachmentOf(
  { id, filename, content_type: mediaType, size, url }: z.infer<typeof File>,
  message: Pick<Message, "id" | "channel_id"> | undefined,
  isVoice: boolean,
): z.input<typeof Attachment> {
  const reference: JsonObject =
    message === undefined ? { url } : { url, channelId: message.channel_id, messageId: message.id };
  return {
    id,
    kind: isVoice ? "audio" : kindOf(mediaType ?? ""),
    name: filename.slice(0, 256),
    ...(mediaType === undefined || mediaType === null ? {} : { mediaType: mediaType.slice(0, 128) }),
    ...(size === undefined ? {} : { sizeBytes: size }),
    reference,
  };
}

function kindOf(mediaType: string): Attachment["kind"] {
  const family = mediaType.split("/")[0];
  if (family === "image" || family === "audio" || family === "video") return family;
  return family === "text" || /pdf|document|sheet|presentation|json|rtf/.test(mediaType) ? "document" : "other";
}

function readReaction(reaction: z.infer<typeof Reaction>, about: About, settings: Context, added: boolean): Normalized {
  const { user_id: userId, channel_id: channelId, guild_id: guildId, message_id: messageId, member, emoji } = reaction;
  const toBot = reaction.message_author_id === undefined || reaction.message_author_id === about.selfId;
  if (!toBot) return { ignored: "a reaction to somebody else's message" };
  const shown = emoji.name ?? emoji.id ?? "";
  if (shown === "") return { ignored: "a reaction without an emoji" };
  return {
    event: {
      type: "reaction",
      key: `reaction:${messageId}:${userId}:${shown}:${added}:${about.receivedAt}`,
      messageId,
      emoji: shown.slice(0, 64),
      added,
      chat: chatOf({ channelId, guildId }, about, settings),
      user: {
        id: userId,
        ...(member === undefined ? {} : { ...nameOf(member.user, member), isBot: member.user.bot }),
        isSelf: userId === about.selfId,
      },
      timestamp: about.receivedAt,
    },
  };
}

function membership(guild: z.infer<typeof Guild>, about: About, change: "added" | "removed"): Normalized {
  return {
    event: {
      type: "membership",
      change,
      key: `membership:${guild.id}:${change}:${about.receivedAt}`,
      chat: {
        id: guild.system_channel_id ?? guild.id,
        type: "group",
        ...(guild.name === "" ? {} : { title: guild.name }),
      },
      user: { id: about.selfId, isSelf: true, isBot: true },
      timestamp: about.receivedAt,
    },
  };
}

function readInteraction(interaction: Interaction, about: About, settings: Context): Normalized {
  const { id, token, type, data, channel_id: channelId, guild_id: guildId, channel, locale, member } = interaction;
  const user = interaction.user ?? member?.user;
  if (user === undefined || data === undefined) return { ignored: "an interaction without a person" };
  const here = { channel: { type: channel.type, parentId: channel.parent_id, name: channel.name } };
  const base = {
    key: `interaction:${id}`,
    chat: chatOf({ channelId, guildId }, here, settings),
    user: { id: user.id, ...nameOf(user, member), isBot: user.bot, ...(locale === undefined ? {} : { locale }) },
    timestamp: new Date(Number(BigInt(id) >> 22n) + EPOCH_MS).toISOString(),
  } as const;
  const deferred = {
    interaction: { id, token, kind: "deferred" },
    isPrivate: guildId !== undefined && settings.commandReplies === "private",
  } as const;
  if (type === 2 && data.type === 1) return readCommand(data, base, deferred);
  if (type === 5) return readForm(data, { base, about, reference: deferred });
  const pressed = type === 3 ? readChoice(data.custom_id ?? "", data.values) : undefined;
  if (pressed === undefined) return { ignored: `an interaction that is not used (type ${type})` };
  const isPrivate = pressed.requesterId !== "" && pressed.requesterId !== user.id && guildId !== undefined;
  return {
    event: {
      ...base,
      type: "action",
      choiceId: pressed.choiceId,
      ...(interaction.message === undefined ? {} : { messageId: interaction.message.id }),
      reference: { interaction: { id, token, kind: "pressed" }, isPrivate },
    },
  };
}

type Base = Pick<EventDraft, "key" | "chat" | "user" | "timestamp">;
type InteractionData = NonNullable<Interaction["data"]>;

function readCommand({ name = "", options, resolved }: InteractionData, base: Base, reference: JsonObject): Normalized {
  if (!/^[a-z0-9_-]{1,64}$/.test(name)) return { ignored: "a command that is not this bot's" };
  const words = options.filter(({ type }) => type !== 11).map(({ value }) => String(value ?? ""));
  const files = Object.values(resolved?.attachments ?? {}).map((file) => attachmentOf(file, undefined, false));
  return { event: { ...base, type: "command", name, text: words.join(" "), attachments: files, reference } };
}

/** A filled form asks about the message it was opened on. */
function readForm(
  { custom_id: customId = "", components = [] }: InteractionData,
  { base, about, reference }: { readonly base: Base; readonly about: About; readonly reference: JsonObject },
): Normalized {
  const askedId = /^ask\|(\d+)$/.exec(customId)?.[1];
  if (askedId === undefined) return { ignored: "a form that is not this bot's" };
  const question = (components[0]?.components[0]?.value ?? "").trim();
  const { asked } = about;
  return {
    event: {
      ...base,
      type: "message",
      messageId: base.key,
      text: question === "" ? "What about this message?" : question,
      mentions: [{ userId: about.selfId, isSelf: true }],
      replyTo: {
        messageId: askedId,
        ...(asked === undefined ? {} : { userId: asked.userId, text: asked.text.slice(0, 4_000) }),
      },
      reference,
    },
  };
}

/** `choice|<id>|<requester>` on a button; `menu||<requester>` on a menu, whose values are the ids. */
export function customIdOf(choiceId: string, requesterId: string): string {
  return choiceId === "" ? `menu||${requesterId}` : `choice|${choiceId}|${requesterId}`;
}

export function readChoice(
  customId: string,
  values: readonly string[] = [],
): { readonly choiceId: string; readonly requesterId: string } | undefined {
  const [kind, id = "", requesterId = ""] = customId.split("|");
  const choiceId = kind === "menu" ? (values[0] ?? "") : kind === "choice" ? id : "";
  return choiceId === "" ? undefined : { choiceId, requesterId };
}

function nameOf(user: z.infer<typeof User>, member?: z.infer<typeof Member>): { readonly name?: string } {
  const name = member?.nick ?? user.global_name ?? user.username;
  return name === "" ? {} : { name };
}

const isoOf = (timestamp: string): string => new Date(timestamp).toISOString();
