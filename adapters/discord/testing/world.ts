/** What exists on the local Discord: people, servers, channels, messages. Nothing here knows of HTTP or sockets. */
import { createSnowflakes } from "./snowflakes.ts";

export interface StoredUser {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly bot: boolean;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export type ChannelType = "direct" | "text" | "forum" | "thread";

export interface StoredChannel {
  readonly id: string;
  readonly type: ChannelType;
  readonly name: string;
  /** Left out for direct messages. */
  readonly guildId?: string | undefined;
  /** The channel that a thread belongs to. */
  readonly parentId?: string | undefined;
  /** The people who see it; the bot always does. */
  readonly members: Set<string>;
  readonly messages: StoredMessage[];
  /** Ids of posts with a nonce, as long as Discord remembers them. */
  readonly nonces: Map<string, string>;
  /** What Discord answers to a post where nothing can be posted any more. */
  closed?: { readonly status: number; readonly code: number; readonly message: string };
  typingUntil: number;
  lastMessageId: string | null;
}

/** Parts of a message as the API takes and gives them; checked by `validate.ts` before they get here. */
export type Payload = Readonly<Record<string, unknown>>;

export interface StoredMessage {
  readonly id: string;
  readonly channelId: string;
  readonly author: StoredUser;
  /** 0 ordinary, 19 reply, 20 answer to a command. */
  readonly type: number;
  content: string;
  embeds: readonly Payload[];
  components: readonly Payload[];
  files: readonly StoredFile[];
  flags: number;
  editedAt?: string;
  readonly replyTo?: string | undefined;
  readonly nonce?: string | undefined;
  /** Only this person sees it. */
  readonly visibleTo?: string | undefined;
  /** A deferred answer that nothing is known of yet ("is thinking…"). */
  loading: boolean;
  readonly reactions: StoredReaction[];
  /** Whom it notified. */
  readonly pinged: { readonly users: readonly string[]; readonly everyone: boolean };
}

export interface StoredReaction {
  readonly emoji: string;
  readonly userId: string;
}

export interface StoredGuild {
  readonly id: string;
  readonly name: string;
  readonly members: Set<string>;
}

export interface StoredCommand {
  readonly id: string;
  readonly name: string;
  /** 1 slash, 2 on a person, 3 on a message. */
  readonly type: number;
  readonly body: Payload;
}

export type World = ReturnType<typeof createWorld>;

export function createWorld(botName: string, changed: () => void, clock: () => number = Date.now) {
  const newId = createSnowflakes(clock);
  const id = newId();
  const username = botName.toLowerCase().replaceAll(/[^a-z0-9_.]/g, "");
  const bot: StoredUser = { id, username, displayName: botName, bot: true };
  const registered: { commands: readonly StoredCommand[] } = { commands: [] };
  return {
    ...registered,
    bot,
    applicationId: id,
    botRoleId: newId(),
    newId,
    users: new Map([[id, bot]]),
    guilds: new Map<string, StoredGuild>(),
    channels: new Map<string, StoredChannel>(),
    /** Files by id, as the content network serves them. */
    files: new Map<string, StoredFile>(),
    clock,
    changed,
  };
}

export function addGuild(world: World, name: string): StoredGuild {
  const guild: StoredGuild = { id: world.newId(), name, members: new Set() };
  world.guilds.set(guild.id, guild);
  return guild;
}

export function addChannel(
  world: World,
  facts: Pick<StoredChannel, "type" | "name"> &
    // A thread that starts from a message has the message's id.
    Partial<Pick<StoredChannel, "id" | "guildId" | "parentId">> & { readonly members: Iterable<string> },
): StoredChannel {
  const state = { messages: [], nonces: new Map(), typingUntil: 0, lastMessageId: null };
  const channel: StoredChannel = { id: world.newId(), ...facts, ...state, members: new Set(facts.members) };
  world.channels.set(channel.id, channel);
  return channel;
}

/** The direct channel of the bot with a person; made when it is first needed. */
export function directChannel(
  world: World,
  userId: string,
): { readonly channel: StoredChannel; readonly isNew: boolean } {
  const known = [...world.channels.values()].find(({ type, members }) => type === "direct" && members.has(userId));
  if (known !== undefined) return { channel: known, isNew: false };
  return { channel: addChannel(world, { type: "direct", name: "", members: [userId] }), isNew: true };
}

export interface NewMessage extends Partial<
  Omit<StoredMessage, "id" | "channelId" | "author" | "content" | "reactions">
> {
  readonly author: StoredUser;
  readonly content: string;
}

export function addMessage(world: World, channel: StoredChannel, draft: NewMessage): StoredMessage {
  const message: StoredMessage = {
    type: 0,
    embeds: [],
    components: [],
    files: [],
    flags: 0,
    loading: false,
    pinged: { users: [], everyone: false },
    ...draft,
    id: world.newId(),
    channelId: channel.id,
    reactions: [],
  };
  channel.messages.push(message);
  if (message.visibleTo === undefined) channel.lastMessageId = message.id;
  if (message.nonce !== undefined) channel.nonces.set(message.nonce, message.id);
  if (message.author.id === world.bot.id) channel.typingUntil = 0;
  for (const file of message.files) world.files.set(file.id, file);
  world.changed();
  return message;
}

export function findMessage(world: World, messageId: string): StoredMessage | undefined {
  for (const { messages } of world.channels.values()) {
    const found = messages.find(({ id }) => id === messageId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Adds a person's reaction, or takes it back. */
export function setReaction({ reactions }: StoredMessage, by: StoredReaction, added: boolean): void {
  const index = reactions.findIndex(({ emoji, userId }) => emoji === by.emoji && userId === by.userId);
  if (added && index < 0) reactions.push(by);
  if (!added && index >= 0) reactions.splice(index, 1);
}

export function removeMessage(world: World, message: StoredMessage): void {
  const messages = world.channels.get(message.channelId)?.messages ?? [];
  const index = messages.indexOf(message);
  if (index >= 0) messages.splice(index, 1);
  world.changed();
}
