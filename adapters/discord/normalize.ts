import type { z } from "zod";
import type { JsonObject, NormalizeContext, Normalized } from "../../adapter.ts";
import { cutText } from "../../adapter.ts";
import { attachmentsOf } from "./gateway/files.ts";
import { readInteraction } from "./gateway/interaction.ts";
import { chatOf, isPrivateThread, isThread, nameOf, opensThreads } from "./gateway/origin.ts";
import { Deleted, DiscordRaw, Guild, Interaction, type Known, Message, Reaction } from "./gateway/payloads.ts";
import { forwardedIn, referredTo } from "./gateway/referred.ts";
import { unreadableIn, wordsIn } from "./gateway/words.ts";
import type { DiscordSettings } from "./settings.ts";

type Context = Pick<DiscordSettings, "answerIn" | "commandReplies">;
type Reader = (data: unknown, about: Known, settings: Context) => Normalized;

/** Types of messages that people write: plain, reply, command, entry of a menu. All others are Discord's own notices. */
const WRITTEN: ReadonlySet<number> = new Set([0, 19, 20, 23]);

/** One dispatch of the gateway as an event. */
export function normalizeDiscord(
  raw: unknown,
  { settings, identity }: Pick<NormalizeContext<Context>, "settings" | "identity">,
): Normalized {
  const parsed = DiscordRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not a dispatch of the gateway" };
  const { t, d, about } = parsed.data;
  const [selfId = ""] = identity.userIds;
  return READERS[t]?.(d, { ...about, selfId }, settings) ?? { ignored: `${t} is not used` };
}

/** A reader for payloads of one shape; what does not fit is ignored by name. */
function reader<Shape extends z.ZodType>(
  shape: Shape,
  read: (data: z.output<Shape>, about: Known, settings: Context) => Normalized,
): Reader {
  return (data, about, settings) => {
    const parsed = shape.safeParse(data);
    return parsed.success ? read(parsed.data, about, settings) : { ignored: "a payload of another shape than known" };
  };
}

const READERS: Readonly<Record<string, Reader>> = {
  MESSAGE_CREATE: reader(Message, readMessage),
  MESSAGE_UPDATE: reader(Message, readEdit),
  MESSAGE_DELETE: reader(Deleted, readDeletion),
  MESSAGE_REACTION_ADD: reader(Reaction, (reaction, about, settings) => readReaction(reaction, about, settings, true)),
  MESSAGE_REACTION_REMOVE: reader(Reaction, (one, about, settings) => readReaction(one, about, settings, false)),
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

function readMessage(message: Message, about: Known, settings: Context): Normalized {
  const { id, channel_id: channelId, guild_id: guildId, author, member, type } = message;
  if (!WRITTEN.has(type)) return ignored(message, `a notice of Discord itself (type ${type})`);
  const isEcho = author.id === about.selfId;
  const said = saidIn(message, about);
  const isDirect = guildId === undefined;
  if (said === undefined && !isEcho && !isDirect && !isAddressed(message, about))
    return ignored(message, about.withholdsContent === true ? WITHHELD : "an empty message");
  const nothing = { text: "", attachments: [], forwarded: [] };
  // In a direct chat nothing is withheld: what holds none of what is read here holds something else.
  const content = said ?? (isDirect ? { ...nothing, unreadable: "message" } : nothing);
  return {
    event: {
      type: "message",
      key: `message:${id}`,
      messageId: id,
      chat: chatOf({ channelId, guildId, messageId: id }, about, settings),
      user: { id: author.id, ...nameOf(author, member), isBot: author.bot || message.webhook_id !== undefined },
      ...(isEcho ? { echo: true } : {}),
      timestamp: isoOf(message.timestamp),
      ...content,
      mentions: mentionsOf(message, about),
      ...replyToOf(message, about),
      ...referenceOf(guildId, about, { settings, text: content.text }),
    },
  };
}

/** Words, files and what was handed on; undefined where there is nothing of it. */
function saidIn(message: Message, about: Known) {
  const where = { channelId: message.channel_id, messageId: message.id };
  const attachments = attachmentsOf(message, where);
  const text = readable(wordsIn(message), message, about);
  const forwarded = forwardedIn(message, where);
  if (text !== "" || attachments.length + forwarded.length > 0) return { text, attachments, forwarded };
  const unreadable = unreadableIn(message);
  return unreadable === undefined ? undefined : { text, attachments, forwarded, unreadable };
}

/** What the answer needs to know of the place. */
function referenceOf(
  guildId: string | undefined,
  { channel }: Known,
  { settings, text }: { readonly settings: Context; readonly text: string },
): { readonly reference?: JsonObject } {
  const reference = {
    ...(guildId === undefined ? { isDirect: true } : {}),
    ...(isPrivateThread(channel) ? { inPrivateThread: true } : {}),
    ...(opensThreads(channel, settings) ? { threadName: titleOf(text) } : {}),
  };
  return Object.keys(reference).length === 0 ? {} : { reference };
}

const WITHHELD = "an empty message: without the Message Content intent Discord withholds the words";

function readEdit(message: Message, about: Known, settings: Context): Normalized {
  const { edited_timestamp: editedAt } = message;
  if (editedAt === undefined) return ignored(message, "Discord itself changed the message (a link preview, a pin)");
  const normalized = readMessage(message, about, settings);
  if ("ignored" in normalized || normalized.event.type !== "message") return normalized;
  const key = `edit:${message.id}:${editedAt}`;
  return { event: { ...normalized.event, type: "edit", key, timestamp: isoOf(editedAt) } };
}

/** Discord does not say who wrote it; the connection may remember. */
function readDeletion(
  { id, channel_id, guild_id }: z.infer<typeof Deleted>,
  about: Known,
  settings: Context,
): Normalized {
  const userId = about.authorId ?? "unknown";
  return {
    event: {
      type: "delete",
      key: `delete:${id}`,
      messageId: id,
      chat: chatOf({ channelId: channel_id, guildId: guild_id, messageId: id }, about, settings),
      user: { id: userId },
      ...(userId === about.selfId ? { echo: true } : {}),
      timestamp: about.receivedAt,
    },
  };
}

function replyToOf(message: Message, about: Known) {
  const { message_reference: reference, referenced_message: answered, channel_id: channelId } = message;
  if (reference?.message_id === undefined || reference.type !== 0) return {};
  const messageId = reference.message_id;
  if (answered === undefined) return { replyTo: { messageId } };
  return { replyTo: referredTo(answered, { messageId, channelId: reference.channel_id ?? channelId }, about.selfId) };
}

function mentionsOf(message: Message, about: Known) {
  const users = message.mentions.map((user) => ({
    userId: user.id,
    ...nameOf(user),
    isSelf: user.id === about.selfId,
  }));
  const isNamed = users.some(({ isSelf }) => isSelf);
  return isNamed || !isAddressed(message, about) ? users : [...users, { userId: about.selfId, isSelf: true }];
}

/** Mentioned by name or by its role, or spoken to in a thread that it opened. */
function isAddressed({ mentions, mention_roles: roles }: Message, about: Known): boolean {
  const { selfId, botRoleId, channel } = about;
  const byRole = botRoleId !== undefined && roles.includes(botRoleId);
  return byRole || mentions.some(({ id }) => id === selfId) || (isThread(channel) && channel?.ownerId === selfId);
}

/** Words as people read them: names for ids, and without the mention that called the bot. */
function readable(content: string, { mentions }: Message, { selfId, botRoleId }: Known): string {
  const names = new Map(mentions.map((user) => [user.id, nameOf(user).name ?? user.id]));
  return content
    .replaceAll(/<@(&|!)?(\d+)>/g, (whole, kind: string | undefined, id: string) => {
      if (kind === "&") return id === botRoleId ? "" : whole;
      return id === selfId ? "" : `@${names.get(id) ?? id}`;
    })
    .replaceAll(/<a?(:\w+:)\d+>/g, "$1")
    .trim();
}

/** A name for the thread that a question opens. */
function titleOf(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line === "" ? "Question" : cutText(line, 80).trim();
}

function readReaction(reaction: Reaction, about: Known, settings: Context, added: boolean): Normalized {
  const { user_id: userId, channel_id: channelId, guild_id: guildId, message_id: messageId, member, emoji } = reaction;
  const { message_author_id: authorId = about.selfId } = reaction;
  if (authorId !== about.selfId) return { ignored: "a reaction to somebody else's message" };
  const shown = emoji.name ?? emoji.id ?? "";
  if (shown === "") return { ignored: "a reaction without an emoji" };
  const person = member === undefined ? {} : { ...nameOf(member.user, member), isBot: member.user.bot };
  return {
    event: {
      type: "reaction",
      key: `reaction:${messageId}:${userId}:${shown}:${added}:${about.receivedAt}`,
      messageId,
      emoji: cutText(shown, 64),
      added,
      chat: chatOf({ channelId, guildId }, about, settings),
      user: { id: userId, ...person },
      ...(userId === about.selfId ? { echo: true } : {}),
      timestamp: about.receivedAt,
    },
  };
}

function membership(guild: Guild, about: Known, change: "added" | "removed"): Normalized {
  const title = guild.name === "" ? {} : { title: guild.name };
  return {
    event: {
      type: "membership",
      change,
      key: `membership:${guild.id}:${change}:${about.receivedAt}`,
      chat: { id: guild.system_channel_id ?? guild.id, type: "group", ...title },
      user: { id: about.selfId, isBot: true },
      timestamp: about.receivedAt,
    },
  };
}

const isoOf = (timestamp: string): string => new Date(timestamp).toISOString();
