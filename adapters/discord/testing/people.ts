/** People at their Discord clients. */
import type {
  Acknowledgement,
  Answered,
  CompletePerson,
  SayOptions,
  SeenMessage,
} from "../../../core/testing/index.ts";
import type { Dispatches } from "./dispatches.ts";
import { FIRST_ANSWER_MS, type FirstAnswer, type Interactions, type Opened } from "./interactions.ts";
import { channelPayload, memberPayload, messagePayload, type PayloadContext, userPayload } from "./payloads.ts";
import { FLAGS } from "./posting.ts";
import { plainText, pressables, seenMessage } from "./view.ts";
import {
  addChannel,
  addMessage,
  directChannel,
  findMessage,
  type Payload,
  removeMessage,
  setReaction,
  type StoredChannel,
  type StoredCommand,
  type StoredMessage,
  type StoredUser,
  type World,
} from "./world.ts";

/** A person on Discord can do a little more than one elsewhere. */
export interface DiscordPerson extends CompletePerson {
  /** Chooses a command of a message's menu ("Apps"); `fill` answers the form that it may open, by field label. */
  readonly messageCommand: (
    messageId: string,
    name: string,
    fill?: (labels: readonly string[]) => readonly string[],
  ) => Promise<Acknowledgement>;
  readonly openThread: (messageId: string, title: string) => Promise<string>;
}

export interface PeopleContext extends PayloadContext {
  readonly dispatches: Dispatches;
  readonly interactions: Interactions;
}

/** What a client needs to send an interaction. */
interface Sent {
  readonly type: 2 | 3 | 5;
  readonly channel: StoredChannel;
  readonly data: Payload;
  readonly source?: StoredMessage;
}

interface Client extends PeopleContext {
  readonly user: StoredUser;
}

export function createPerson(context: PeopleContext, user: StoredUser): DiscordPerson {
  const client: Client = { ...context, user };
  const { world } = context;
  return {
    id: user.id,
    name: user.displayName,
    say: async (text, options = {}) => say(client, text, options),
    edit: async (messageId, text) => edit(client, messageId, text),
    remove: async (messageId) => {
      const message = ownMessage(client, messageId);
      removeMessage(world, message);
      context.dispatches.messageDeleted(message);
    },
    react: async (messageId, emoji) => react(client, messageId, emoji),
    press: async (messageId, label) => await acknowledged(client, pressOf(client, messageId, label)),
    command: async (name, text, options = {}) => {
      const { id, body } = commandOf(client, name, 1);
      const data = { id, name, type: 1, ...optionsOf(body, text) };
      return await acknowledged(client, { type: 2, channel: channelOf(client, options.chat), data });
    },
    messageCommand: async (messageId, name, fill) => await useMenu(client, { messageId, name, fill }),
    sees: (chat) => seenIn(client, chat),
    seesTyping: (chat) => {
      const shown = channelOf(client, chat);
      const thinks = shown.messages.some(({ loading, visibleTo }) => loading && (visibleTo ?? user.id) === user.id);
      return thinks || shown.typingUntil > world.clock();
    },
    openThread: async (messageId, title) => openThread(client, messageId, title),
  };
}

/** A channel by its id; without one, the direct chat with the bot. */
function channelOf({ world, dispatches, user }: Client, chat?: string, thread?: string): StoredChannel {
  if (chat === undefined && thread === undefined) {
    const { channel, isNew } = directChannel(world, user.id);
    if (isNew) dispatches.channelCreated(channel);
    return channel;
  }
  const channel = world.channels.get(thread ?? chat ?? "");
  if (channel?.members.has(user.id) === true) return channel;
  throw new Error(`${user.displayName} sees no channel ${thread ?? chat ?? ""}`);
}

function messageAt({ world, user }: Client, messageId: string): { message: StoredMessage; channel: StoredChannel } {
  const message = findMessage(world, messageId);
  const channel = world.channels.get(message?.channelId ?? "");
  if (message !== undefined && channel?.members.has(user.id) === true) return { message, channel };
  throw new Error(`${user.displayName} sees no message ${messageId}`);
}

function ownMessage(client: Client, messageId: string): StoredMessage {
  const { message } = messageAt(client, messageId);
  if (message.author.id === client.user.id) return message;
  throw new Error(`${client.user.displayName} did not write message ${messageId}`);
}

function commandOf({ world }: Client, name: string, type: number): StoredCommand {
  const command = world.commands.find((one) => one.name === name && one.type === type);
  if (command !== undefined) return command;
  throw new Error(`The bot registered no command "${name}" of type ${type}`);
}

function say(client: Client, text: string, options: SayOptions): string {
  const { world, dispatches, user } = client;
  const { chat, thread, replyTo, files = [], mentionBot = false } = options;
  const message = addMessage(world, channelOf(client, chat, thread), {
    author: user,
    content: mentionBot ? `<@${world.bot.id}> ${text}` : text,
    type: replyTo === undefined ? 0 : 19,
    files: files.map((file) => ({ ...file, id: world.newId() })),
    replyTo,
  });
  dispatches.messageCreated(message);
  return message.id;
}

function edit(client: Client, messageId: string, text: string): void {
  const message = ownMessage(client, messageId);
  message.content = text;
  message.editedAt = new Date(client.world.clock()).toISOString();
  client.dispatches.messageUpdated(message);
  client.world.changed();
}

function react(client: Client, messageId: string, emoji: string): void {
  const { world, dispatches, user } = client;
  const { message } = messageAt(client, messageId);
  setReaction(message, { emoji, userId: user.id }, true);
  dispatches.reactionChanged(message, { emoji, userId: user.id }, true);
  world.changed();
}

function pressOf(client: Client, messageId: string, label: string): Sent {
  const { message, channel } = messageAt(client, messageId);
  const shown = seenMessage(client.world, message, client.user.id) === undefined ? [] : pressables(message);
  const pressed = shown.find((one) => one.label === label && one.disabled !== true && one.kind !== "link");
  if (pressed === undefined) throw new Error(`"${label}" cannot be pressed by ${client.user.displayName}`);
  const { customId, value } = pressed;
  const chosen = value === undefined ? { component_type: 2 } : { component_type: 3, values: [value] };
  return { type: 3, channel, source: message, data: { custom_id: customId, ...chosen } };
}

interface MenuUse {
  readonly messageId: string;
  readonly name: string;
  readonly fill: ((labels: readonly string[]) => readonly string[]) | undefined;
}

async function useMenu(client: Client, { messageId, name, fill }: MenuUse): Promise<Acknowledgement> {
  const { id } = commandOf(client, name, 3);
  const { message, channel } = messageAt(client, messageId);
  const resolved = { messages: { [message.id]: messagePayload(client, message) } };
  const sent = await send(client, { type: 2, channel, data: { id, name, type: 3, target_id: message.id, resolved } });
  const modal = sent?.answer.modal;
  if (modal === undefined) return acknowledgement(client.world, sent);
  const inputs = modal.components.map((row) => row.components[0]);
  const values = fill?.(inputs.map(({ label }) => label)) ?? [];
  const components = inputs.map((input, index) => ({
    type: 1,
    components: [{ type: 4, custom_id: input.custom_id, value: values[index] ?? "" }],
  }));
  return await acknowledged(client, { type: 5, channel, data: { custom_id: modal.custom_id, components } });
}

async function send(client: Client, sent: Sent): Promise<Answered<FirstAnswer> | undefined> {
  const { interactions, dispatches, user } = client;
  const { channel, source } = sent;
  const opened = interactions.open({ userId: user.id, channel, source });
  dispatches.interactionCreated(interactionPayload(client, user, sent, opened), channel.guildId);
  return await opened.answer;
}

async function acknowledged(client: Client, sent: Sent): Promise<Acknowledgement> {
  return acknowledgement(client.world, await send(client, sent));
}

/** A channel with its threads, in the order in which things were said. */
function seenIn({ world, user }: Client, chat: string | undefined): readonly SeenMessage[] {
  const shown = chat === undefined ? directChannel(world, user.id).channel : world.channels.get(chat);
  if (shown?.members.has(user.id) !== true) return [];
  const threads = [...world.channels.values()].filter(({ parentId }) => parentId === shown.id);
  return [shown, ...threads]
    .flatMap(({ messages }) => messages)
    .toSorted((left, right) => (BigInt(left.id) < BigInt(right.id) ? -1 : 1))
    .map((message) => seenMessage(world, message, user.id))
    .filter((message) => message !== undefined);
}

function openThread(client: Client, messageId: string, title: string): string {
  const { world, dispatches } = client;
  const { channel: parent } = messageAt(client, messageId);
  const { guildId, members } = parent;
  if (guildId === undefined) throw new Error("Threads start from messages in servers");
  const facts = { type: "thread", name: title, parentId: parent.id, guildId, members, id: messageId } as const;
  const thread = addChannel(world, facts);
  dispatches.threadCreated(thread);
  world.changed();
  return thread.id;
}

function interactionPayload(context: PeopleContext, user: StoredUser, sent: Sent, { id, token }: Opened): Payload {
  const { world } = context;
  const { type, channel, data, source } = sent;
  const inGuild = channel.guildId !== undefined;
  return {
    id,
    application_id: world.applicationId,
    type,
    data,
    token,
    version: 1,
    channel_id: channel.id,
    channel: channelPayload(world, channel),
    ...(inGuild
      ? {
          guild_id: channel.guildId,
          member: { ...memberPayload(), user: userPayload(user), permissions: "8" },
          guild_locale: "en-US",
        }
      : { user: userPayload(user) }),
    ...(source === undefined ? {} : { message: { ...messagePayload(context, source), flags: source.flags } }),
    app_permissions: "8",
    locale: "en-US",
    entitlements: [],
    authorizing_integration_owners: inGuild ? { 0: channel.guildId } : { 1: user.id },
    context: inGuild ? 0 : 1,
    attachment_size_limit: 10_485_760,
  };
}

function optionsOf(body: Payload, text: string | undefined): Payload {
  const { options } = body;
  const first: unknown = Array.isArray(options) ? options[0] : undefined;
  if (text === undefined || typeof first !== "object" || first === null || !("name" in first)) return {};
  return { options: [{ name: first.name, type: 3, value: text }] };
}

/** No first answer in time is "This interaction failed". */
function acknowledgement(world: World, answered: Answered<FirstAnswer> | undefined): Acknowledgement {
  if (answered === undefined) return { acknowledged: false, withinMs: FIRST_ANSWER_MS };
  const { answer, withinMs } = answered;
  const { type, message } = answer;
  const isNotice = type === 4 && message !== undefined && (message.flags & FLAGS.ephemeral) !== 0;
  return { acknowledged: true, withinMs, ...(isNotice ? { notice: plainText(world, message.content) } : {}) };
}
