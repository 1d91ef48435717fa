/** People at their Discord clients. */
import type { Acknowledgement, LocalPerson, SayOptions } from "../../../core/testing/index.ts";
import type { Dispatches } from "./dispatches.ts";
import type { FirstAnswer, Interactions, Opened } from "./interactions.ts";
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
  type StoredChannel,
  type StoredMessage,
  type StoredUser,
  type World,
} from "./world.ts";

/** A person on Discord can do a little more than one elsewhere. */
export interface DiscordPerson extends LocalPerson {
  /** Chooses a command of a message's menu ("Apps"); `fill` answers the form that it may open, by field label. */
  readonly messageCommand: (
    messageId: string,
    name: string,
    fill?: (labels: readonly string[]) => readonly string[],
  ) => Promise<Acknowledgement>;
  readonly openThread: (messageId: string, title: string) => Promise<string>;
  /** Takes a reaction back. */
  readonly unreact: (messageId: string, emoji: string) => Promise<void>;
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

export function createPerson(context: PeopleContext, user: StoredUser): DiscordPerson {
  const { world, dispatches, interactions } = context;

  const channelOf = (chat: string | undefined, thread?: string): StoredChannel => {
    if (chat === undefined && thread === undefined) {
      const { channel, isNew } = directChannel(world, user.id);
      if (isNew) dispatches.channelCreated(channel);
      return channel;
    }
    const channel = world.channels.get(thread ?? chat ?? "");
    if (channel?.members.has(user.id) !== true)
      throw new Error(`${user.displayName} sees no channel ${thread ?? chat}`);
    return channel;
  };

  const ownMessage = (messageId: string): StoredMessage => {
    const message = findMessage(world, messageId);
    if (message?.author.id !== user.id) throw new Error(`${user.displayName} wrote no message ${messageId}`);
    return message;
  };

  const send = async (sent: Sent): Promise<FirstAnswer | undefined> => {
    const opened = interactions.open(user.id, sent.channel, sent.source);
    dispatches.interactionCreated(interactionPayload(context, user, sent, opened), sent.channel.guildId);
    return await opened.answer;
  };

  const acknowledged = async (sent: Sent): Promise<Acknowledgement> => {
    const startedAt = performance.now();
    return acknowledgement(world, await send(sent), startedAt);
  };

  const react = (messageId: string, emoji: string, added: boolean): void => {
    const message = findMessage(world, messageId);
    if (message === undefined) throw new Error(`There is no message ${messageId}`);
    const index = message.reactions.findIndex((one) => one.emoji === emoji && one.userId === user.id);
    if (added && index < 0) message.reactions.push({ emoji, userId: user.id });
    if (!added && index >= 0) message.reactions.splice(index, 1);
    dispatches.reactionChanged(message, { emoji, userId: user.id }, added);
    world.changed();
  };

  return {
    id: user.id,
    name: user.displayName,
    say: async (text, options = {}) =>
      await Promise.resolve(say(context, user, channelOf(options.chat, options.thread), { text, ...options })),
    edit: async (messageId, text) => {
      const message = ownMessage(messageId);
      message.content = text;
      message.editedAt = new Date(world.clock()).toISOString();
      dispatches.messageUpdated(message);
      world.changed();
      await Promise.resolve();
    },
    remove: async (messageId) => {
      const message = ownMessage(messageId);
      removeMessage(world, message);
      dispatches.messageDeleted(message);
      await Promise.resolve();
    },
    react: async (messageId, emoji) => await Promise.resolve(react(messageId, emoji, true)),
    unreact: async (messageId, emoji) => await Promise.resolve(react(messageId, emoji, false)),
    press: async (messageId, label) => {
      const source = findMessage(world, messageId);
      const shown = source === undefined || seenMessage(world, source, user.id) === undefined ? [] : pressables(source);
      const pressed = shown.find((one) => one.label === label && one.disabled !== true && one.kind !== "link");
      const channel = world.channels.get(source?.channelId ?? "");
      if (source === undefined || channel === undefined || pressed === undefined)
        throw new Error(`"${label}" is not shown to ${user.displayName} on message ${messageId}`);
      const { customId, value } = pressed;
      const data =
        value === undefined
          ? { custom_id: customId, component_type: 2 }
          : { custom_id: customId, component_type: 3, values: [value] };
      return await acknowledged({ type: 3, channel, source, data });
    },
    command: async (name, text, options = {}) => {
      const command = world.commands.find((one) => one.name === name && one.type === 1);
      if (command === undefined) throw new Error(`The bot registered no command /${name}`);
      const data = { id: command.id, name, type: 1, ...optionsOf(command.body, text) };
      return await acknowledged({ type: 2, channel: channelOf(options.chat), data });
    },
    messageCommand: async (messageId, name, fill = (labels) => labels.map(() => "")) => {
      const startedAt = performance.now();
      const command = world.commands.find((one) => one.name === name && one.type === 3);
      const message = findMessage(world, messageId);
      const channel = world.channels.get(message?.channelId ?? "");
      if (command === undefined || message === undefined || channel === undefined)
        throw new Error(`The bot registered no message command "${name}", or there is no message ${messageId}`);
      const resolved = { messages: { [message.id]: messagePayload(context, message) } };
      const data = { id: command.id, name, type: 3, target_id: message.id, resolved };
      const answer = await send({ type: 2, channel, data });
      if (answer?.modal === undefined) return acknowledgement(world, answer, startedAt);
      const { custom_id: customId, components } = answer.modal;
      const inputs = components.map((row) => row.components[0]);
      const values = fill(inputs.map(({ label }) => label));
      const rows = inputs.map((input, index) => ({
        type: 1,
        components: [{ type: 4, custom_id: input.custom_id, value: values[index] ?? "" }],
      }));
      return await acknowledged({ type: 5, channel, data: { custom_id: customId, components: rows } });
    },
    sees: (chat) => {
      const shown = chat === undefined ? directChannel(world, user.id).channel : world.channels.get(chat);
      if (shown?.members.has(user.id) !== true) return [];
      const threads = [...world.channels.values()].filter(({ parentId }) => parentId === shown.id);
      return [shown, ...threads]
        .flatMap(({ messages }) => messages)
        .toSorted((left, right) => (BigInt(left.id) < BigInt(right.id) ? -1 : 1))
        .map((message) => seenMessage(world, message, user.id))
        .filter((message) => message !== undefined);
    },
    seesTyping: (chat) => {
      const shown = channelOf(chat);
      const thinks = shown.messages.some(({ loading, visibleTo }) => loading && (visibleTo ?? user.id) === user.id);
      return thinks || shown.typingUntil > world.clock();
    },
    openThread: async (messageId, title) => {
      const message = findMessage(world, messageId);
      const parent = world.channels.get(message?.channelId ?? "");
      if (message === undefined || parent?.guildId === undefined)
        throw new Error("Threads start from messages in servers");
      const { guildId, members } = parent;
      const thread = addChannel(world, {
        type: "thread",
        name: title,
        parentId: parent.id,
        guildId,
        members,
        id: message.id,
      });
      dispatches.threadCreated(thread);
      world.changed();
      return await Promise.resolve(thread.id);
    },
  };
}

function say(
  { world, dispatches }: PeopleContext,
  author: StoredUser,
  channel: StoredChannel,
  { text, replyTo, files = [], mentionBot = false }: SayOptions & { readonly text: string },
): string {
  const content = mentionBot ? `<@${world.bot.id}> ${text}` : text;
  const message = addMessage(world, channel, {
    author,
    content,
    type: replyTo === undefined ? 0 : 19,
    files: files.map((file) => ({ ...file, id: world.newId() })),
    ...(replyTo === undefined ? {} : { replyTo }),
  });
  dispatches.messageCreated(message);
  return message.id;
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

function acknowledgement(world: World, answer: FirstAnswer | undefined, startedAt: number): Acknowledgement {
  const withinMs = Math.round(performance.now() - startedAt);
  if (answer === undefined) return { acknowledged: false, withinMs };
  const { type, message } = answer;
  const isNotice = type === 4 && message !== undefined && (message.flags & FLAGS.ephemeral) !== 0;
  return { acknowledged: true, withinMs, ...(isNotice ? { notice: plainText(world, message.content) } : {}) };
}
