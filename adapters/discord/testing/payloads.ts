/** What the API and the gateway send, field by field as Discord names them. */
import { createHmac } from "node:crypto";
import { timeOf } from "./snowflakes.ts";
import type { Payload, StoredChannel, StoredFile, StoredGuild, StoredMessage, StoredUser, World } from "./world.ts";

const CHANNEL_TYPES = { direct: 1, text: 0, forum: 15, thread: 11 } as const;
const ALL_PERMISSIONS = "2251799813685247";
/** How long a link to a file lives. */
const LINK_MS = 24 * 60 * 60_000;

export function userPayload(user: StoredUser): Payload {
  return {
    id: user.id,
    username: user.username,
    discriminator: "0",
    global_name: user.displayName,
    avatar: null,
    bot: user.bot,
    flags: 0,
  };
}

export function memberPayload(): Payload {
  return { roles: [], joined_at: "2026-01-01T00:00:00.000000+00:00", deaf: false, mute: false, flags: 0 };
}

export function channelPayload(world: World, channel: StoredChannel): Payload {
  const { id, type, name, guildId, parentId, lastMessageId } = channel;
  const base = { id, type: CHANNEL_TYPES[type], last_message_id: lastMessageId, flags: 0 };
  if (type === "direct") {
    const recipients = [...channel.members]
      .map((userId) => world.users.get(userId))
      .filter((user) => user !== undefined);
    return { ...base, recipients: recipients.map(userPayload) };
  }
  const named = { ...base, guild_id: guildId, name, parent_id: parentId ?? null, rate_limit_per_user: 0 };
  if (type !== "thread") return { ...named, position: 0, permission_overwrites: [], nsfw: false, topic: null };
  return {
    ...named,
    owner_id: world.bot.id,
    message_count: channel.messages.length,
    member_count: channel.members.size,
    thread_metadata: {
      archived: false,
      auto_archive_duration: 1440,
      archive_timestamp: "2026-01-01T00:00:00.000000+00:00",
      locked: false,
    },
  };
}

export function guildPayload(world: World, guild: StoredGuild): Payload {
  const channels = [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
  const role = (id: string, name: string, tags: Payload): Payload => ({
    id,
    name,
    permissions: ALL_PERMISSIONS,
    position: 0,
    color: 0,
    hoist: false,
    managed: "bot_id" in tags,
    mentionable: false,
    flags: 0,
    ...("bot_id" in tags ? { tags } : {}),
  });
  return {
    ...GUILD_DEFAULTS,
    id: guild.id,
    name: guild.name,
    owner_id: [...guild.members][0] ?? world.bot.id,
    member_count: guild.members.size + 1,
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    system_channel_id: channels.find(({ type }) => type === "text")?.id ?? null,
    roles: [role(guild.id, "@everyone", {}), role(world.botRoleId, world.bot.displayName, { bot_id: world.bot.id })],
    channels: channels.filter(({ type }) => type !== "thread").map((channel) => channelPayload(world, channel)),
    threads: channels.filter(({ type }) => type === "thread").map((channel) => channelPayload(world, channel)),
    members: [{ ...memberPayload(), roles: [world.botRoleId], user: userPayload(world.bot) }],
  };
}

const EMPTY_LISTS =
  "emojis stickers features presences voice_states stage_instances guild_scheduled_events soundboard_sounds";
const LEVELS =
  "default_message_notifications explicit_content_filter mfa_level nsfw_level premium_tier system_channel_flags verification_level";
const GUILD_DEFAULTS = {
  ...Object.fromEntries(EMPTY_LISTS.split(" ").map((field) => [field, []])),
  ...Object.fromEntries(LEVELS.split(" ").map((field) => [field, 0])),
  unavailable: false,
  large: false,
  afk_timeout: 300,
  preferred_locale: "en-US",
};

/** Where a file can be had, for a day, by whoever has the link. */
export function fileUrl(world: World, cdn: string, file: StoredFile): string {
  const expires = Math.floor((world.clock() + LINK_MS) / 1000).toString(16);
  return `${cdn}/attachments/${file.id}/${encodeURIComponent(file.name)}?ex=${expires}&hm=${linkSignature(file.id, expires)}`;
}

export function linkSignature(fileId: string, expires: string): string {
  return createHmac("sha256", "local-discord").update(`${fileId}.${expires}`).digest("hex");
}

function attachmentPayload(world: World, cdn: string, file: StoredFile): Payload {
  const url = fileUrl(world, cdn, file);
  return {
    id: file.id,
    filename: file.name,
    size: file.bytes.byteLength,
    content_type: file.mediaType,
    url,
    proxy_url: url,
  };
}

export function mentionedUsers(world: World, content: string): readonly StoredUser[] {
  const ids = [...content.matchAll(/<@!?(\d+)>/g)].map((match) => match[1]);
  return [...new Set(ids)].map((id) => world.users.get(id ?? "")).filter((user) => user !== undefined);
}

export interface PayloadContext {
  readonly world: World;
  /** Base address of files. */
  readonly cdn: () => string;
}

/** A message as REST gives it; the gateway adds guild and member (`gatewayMessage`). */
export function messagePayload({ world, cdn }: PayloadContext, message: StoredMessage, nested = false): Payload {
  const { id, channelId, author, type, content, embeds, components, files, flags, replyTo } = message;
  return {
    id,
    channel_id: channelId,
    type,
    content,
    author: userPayload(author),
    timestamp: new Date(timeOf(id)).toISOString(),
    edited_timestamp: message.editedAt ?? null,
    tts: false,
    mention_everyone: message.pinged.everyone,
    mentions: mentionedUsers(world, content).map(userPayload),
    mention_roles: [...content.matchAll(/<@&(\d+)>/g)].map((match) => match[1]),
    attachments: files.map((file) => attachmentPayload(world, cdn(), file)),
    embeds,
    components,
    pinned: false,
    flags,
    ...(replyTo === undefined ? {} : referenceOf({ world, cdn }, message, nested)),
    reactions: message.reactions.length === 0 ? undefined : reactionCounts(world, message),
  };
}

function referenceOf(context: PayloadContext, { channelId, replyTo }: StoredMessage, nested: boolean): Payload {
  const channel = context.world.channels.get(channelId);
  const message_reference = { type: 0, message_id: replyTo, channel_id: channelId, guild_id: channel?.guildId };
  if (nested) return { message_reference };
  const referenced = channel?.messages.find(({ id }) => id === replyTo);
  return { message_reference, referenced_message: referenced ? messagePayload(context, referenced, true) : null };
}

function reactionCounts(world: World, message: StoredMessage): readonly Payload[] {
  const emojis = [...new Set(message.reactions.map(({ emoji }) => emoji))];
  return emojis.map((emoji) => {
    const by = message.reactions.filter((reaction) => reaction.emoji === emoji);
    return {
      emoji: { id: null, name: emoji },
      count: by.length,
      me: by.some(({ userId }) => userId === world.bot.id),
      burst_colors: [],
      count_details: { burst: 0, normal: by.length },
      me_burst: false,
    };
  });
}

/** A message as the gateway dispatches it. */
export function gatewayMessage(context: PayloadContext, message: StoredMessage): Payload {
  const { type = "text", guildId } = context.world.channels.get(message.channelId) ?? {};
  const inGuild = guildId === undefined ? {} : { guild_id: guildId, member: memberPayload() };
  return { ...messagePayload(context, message), ...inGuild, channel_type: CHANNEL_TYPES[type], nonce: message.nonce };
}

/** Without the Message Content intent a bot reads only what is said to it: direct, with its mention, or by itself. */
export function withoutContent(world: World, payload: Payload, message: StoredMessage): Payload {
  const channel = world.channels.get(message.channelId);
  const forBot = message.content.includes(`<@${world.bot.id}>`) || message.author.id === world.bot.id;
  if (channel?.type === "direct" || forBot) return payload;
  return { ...payload, content: "", attachments: [], embeds: [], components: [] };
}
