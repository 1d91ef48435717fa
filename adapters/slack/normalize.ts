/** From what Slack sends (events, slash commands, interactions) to events. Pure. */
import { z } from "zod";
import type { EventDraft, Normalized } from "../../adapter.ts";
import { type Author, authorOf, contentOf, isEmpty, named, selfOf } from "./content.ts";
import { toEmoji } from "./emojis.ts";
import { decodeMrkdwn } from "./mrkdwn.ts";
import { type SlackSettings, qualified } from "./settings.ts";
import {
  type Before,
  Callback,
  Changed,
  Command,
  Deleted,
  Membership,
  Pressed,
  Reaction,
  Said,
} from "./transport/bodies.ts";

/** A body as Slack sends it over HTTP and Socket Mode alike. */
export function normalizeSlack(raw: unknown, { settings }: { readonly settings: SlackSettings }): Normalized {
  const callback = Callback.safeParse(raw);
  if (callback.success) return fromEvent(callback.data, settings);
  const command = Command.safeParse(raw);
  if (command.success) return { event: commandEvent(command.data, settings) };
  const pressed = Pressed.safeParse(raw);
  if (pressed.success) return fromPress(pressed.data, settings);
  const kind = z.object({ type: z.string().max(64) }).safeParse(raw);
  return { ignored: kind.success ? `an interaction of type "${kind.data.type}"` : "nothing that Slack sends" };
}

function fromEvent(callback: Callback, settings: SlackSettings): Normalized {
  const { type, subtype } = callback.event;
  switch (type) {
    case "message":
      if (subtype === "message_changed") return fromChange(callback, settings);
      if (subtype === "message_deleted") return fromDeletion(callback, settings);
      return fromMessage(callback, settings);
    case "app_mention":
      return fromMessage(callback, settings);
    case "reaction_added":
    case "reaction_removed":
      return fromReaction(callback, settings);
    case "member_joined_channel":
    case "member_left_channel":
    case "channel_left":
    case "group_left":
      return fromMembership(callback, settings);
    default:
      return { ignored: `an event of type "${type.slice(0, 64)}"` };
  }
}

const WORDS = new Set([undefined, "file_share", "thread_broadcast", "me_message", "bot_message"]);

/** `message` and `app_mention` of one message differ in their event ids; its channel and ts are its identity. */
function fromMessage(callback: Callback, settings: SlackSettings): Normalized {
  const parsed = Said.extend({ channel: z.string() }).safeParse(callback.event);
  if (!parsed.success) return { ignored: "a message without a channel or a ts" };
  const { channel, ...said } = parsed.data;
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: said.ts, chat: channel });
  if (!WORDS.has(said.subtype)) return ignored(`a message of subtype "${said.subtype}"`);
  const author = authorOf(callback, said, settings);
  if (author === undefined) return ignored("a message of nobody");
  if (author.isOwn) return ignored("the bot's own message");
  const content = contentOf(callback, said, settings);
  if (isEmpty(content)) return ignored("an empty message");
  const base = baseOf(callback, { key: `message:${channel}:${said.ts}`, channel, author, said }, settings);
  return { event: spoken(base, said.ts, content, settings) };
}

function fromChange(callback: Callback, settings: SlackSettings): Normalized {
  const parsed = Changed.safeParse(callback.event);
  if (!parsed.success) return { ignored: "a change of a message that cannot be read" };
  const { channel, message: said, previous_message: before } = parsed.data;
  // A deleted message that has replies leaves a stone with its date.
  if (said.subtype === "tombstone")
    return deleted(callback, { channel, messageId: said.ts, at: said.ts, before }, settings);
  const author = authorOf(callback, said, settings);
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: said.ts, chat: channel });
  if (author === undefined) return ignored("a change of nobody's message");
  if (author.isOwn) return ignored("the bot's own edit");
  const content = contentOf(callback, said, settings);
  // Unfurled links and new replies change a message without anybody editing it.
  if (said.edited === undefined || isSame(callback, { said, before }, settings))
    return ignored("a change that is no edit");
  const key = `edit:${channel}:${said.ts}:${said.edited.ts}`;
  const base = baseOf(callback, { key, channel, author, said }, settings);
  return { event: { ...base, type: "edit", timestamp: isoOf(said.edited.ts), messageId: said.ts, ...content } };
}

/**
 * Compares words, whatever the spaces between them, files, and whether the bot was called: that is no word of the text,
 * and often what an edit adds. Not known where Slack tells nothing of before.
 */
function isSame(
  callback: Callback,
  { said, before }: { readonly said: Said; readonly before: Before | undefined },
  settings: SlackSettings,
): boolean {
  if (before === undefined) return false;
  const facts = (one: Said): string => {
    const { text, attachments, forwarded, mentions } = contentOf(callback, one, settings);
    const words = [text, ...forwarded.map((part) => part.text)].join(" ").replaceAll(/\s+/gu, " ").trim();
    const isCalled = mentions.some(({ isSelf }) => isSelf === true);
    return JSON.stringify([words, attachments.map(({ id }) => id), isCalled]);
  };
  return facts(said) === facts(Said.parse({ ...before, ts: said.ts }));
}

function fromDeletion(callback: Callback, settings: SlackSettings): Normalized {
  const parsed = Deleted.safeParse(callback.event);
  if (!parsed.success) return { ignored: "a deletion that cannot be read" };
  const { channel, ts: at, deleted_ts: messageId, previous_message: before } = parsed.data;
  return deleted(callback, { channel, messageId, at, before }, settings);
}

interface Deletion {
  readonly channel: string;
  readonly messageId: string;
  readonly at: string;
  readonly before: Before | undefined;
}

function deleted(
  callback: Callback,
  { channel, messageId, at, before }: Deletion,
  settings: SlackSettings,
): Normalized {
  const said = Said.parse({ ...before, ts: messageId });
  const author = authorOf(callback, said, settings);
  if (author === undefined || author.isOwn) {
    return { ignored: "a deletion of the bot's or nobody's message", messageId, chat: channel };
  }
  const base = baseOf(callback, { key: `delete:${channel}:${messageId}`, channel, author, said }, settings);
  return { event: { ...base, type: "delete", timestamp: isoOf(at), messageId } };
}

function fromReaction(callback: Callback, settings: SlackSettings): Normalized {
  const parsed = Reaction.safeParse(callback.event);
  if (!parsed.success) return { ignored: "a reaction to something that is no message" };
  const { user, reaction, item, event_ts: at } = parsed.data;
  const added = callback.event.type === "reaction_added";
  const author = authorOf(callback, { user, ts: at }, settings);
  if (author === undefined) return { ignored: "a reaction of nobody" };
  return {
    event: {
      type: "reaction",
      key: `reaction:${item.channel}:${item.ts}:${user}:${reaction}:${at}`,
      chat: chatOf(callback.team_id, item.channel, settings),
      user: author.user,
      ...(author.isOwn ? { echo: true } : {}),
      timestamp: isoOf(at),
      messageId: item.ts,
      emoji: toEmoji(reaction),
      added,
    },
  };
}

function fromMembership(callback: Callback, settings: SlackSettings): Normalized {
  const parsed = Membership.safeParse(callback.event);
  if (!parsed.success) return { ignored: "a change of members that cannot be read" };
  const self = selfOf(callback);
  const { user = self[0] ?? "", channel, event_ts: at } = parsed.data;
  if (!self.includes(user)) return { ignored: "somebody else came or went" };
  const change = callback.event.type === "member_joined_channel" ? "added" : "removed";
  return {
    event: {
      type: "membership",
      key: `membership:${channel}:${change}:${at}`,
      chat: chatOf(callback.team_id, channel, settings),
      user: { id: qualified(settings, callback.team_id, user), isBot: true },
      timestamp: isoOf(at),
      change,
    },
  };
}

function commandEvent(command: z.infer<typeof Command>, settings: SlackSettings): EventDraft {
  const { team_id: team, channel_id: channel, user_id: user, user_name: name, trigger_id: trigger } = command;
  return {
    type: "command",
    key: `command:${trigger}`,
    chat: chatOf(team, channel, settings),
    user: { id: qualified(settings, team, user), ...named(name) },
    timestamp: command.received_at,
    name: withoutPrefix(command.command.slice(1), settings),
    text: decodeMrkdwn(command.text),
    reference: referenceOf(team, command.response_url),
  };
}

function fromPress(pressed: Pressed, settings: SlackSettings): Normalized {
  const { actions, channel, container, user } = pressed;
  const [action, choiceId] = actions.map((one) => [one, choiceOf(one)] as const)[0] ?? [];
  if (action === undefined || choiceId === undefined) return { ignored: "a press of something that is no choice" };
  const messageId = container?.message_ts;
  const { team, home } = teamsOf(pressed);
  return {
    event: {
      type: "action",
      key: `action:${channel.id}:${messageId ?? "view"}:${user.id}:${action.action_ts}`,
      // Its thread is written there when the message is sent: an ephemeral message does not tell it.
      chat: chatOf(team, channel.id, settings, threadIn(action.block_id) ?? container?.thread_ts),
      user: { id: qualified(settings, home, user.id), ...named(user.username) },
      timestamp: pressed.received_at,
      reference: referenceOf(team, pressed.response_url),
      ...(messageId === undefined ? {} : { messageId }),
      choiceId,
      value: action.value ?? "",
    },
  };
}

/** Where it was pressed, and whose workspace the presser is of. An organisation's installation names the latter alone. */
function teamsOf({ team, user }: Pressed): { readonly team: string; readonly home: string } {
  const here = team?.id ?? user.team_id ?? "";
  return { team: here, home: user.team_id ?? here };
}

function referenceOf(team: string, responseUrl = ""): EventDraft["reference"] {
  return responseUrl === "" ? { team } : { team, responseUrl };
}

function choiceOf({ action_id: id, selected_option: option }: Pressed["actions"][number]): string | undefined {
  return option?.value ?? /^choice:(.+)$/u.exec(id)?.[1];
}

function threadIn(blockId: string): string | undefined {
  return /^choices:[^:]*:([\d.]+)$/u.exec(blockId)?.[1];
}

interface Speaking {
  readonly key: string;
  readonly channel: string;
  readonly author: Author;
  readonly said: Said;
}

type Base = Pick<EventDraft, "key" | "chat" | "user" | "timestamp" | "reference">;

function baseOf({ team_id: team }: Callback, { key, channel, author, said }: Speaking, settings: SlackSettings): Base {
  // A message in a channel is answered in its own thread: what follows there is the same conversation.
  const own = channel.startsWith("D") || settings.replies === "channel" ? undefined : said.ts;
  return {
    key,
    chat: chatOf(team, channel, settings, said.thread_ts ?? own),
    user: author.user,
    timestamp: isoOf(said.ts),
    reference: { team },
  };
}

/** Slash commands cannot be typed in threads, so a message that begins like one is one. */
function spoken(
  base: Base,
  messageId: string,
  content: ReturnType<typeof contentOf>,
  settings: SlackSettings,
): EventDraft {
  const command = /^\/([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/u.exec(content.text);
  if (command?.[1] === undefined) return { ...base, type: "message", messageId, ...content };
  const name = withoutPrefix(command[1], settings);
  const { attachments, replyTo } = content;
  const referred = replyTo === undefined ? {} : { replyTo };
  return { ...base, type: "command", messageId, name, text: command[2] ?? "", attachments, ...referred };
}

function chatOf(team: string, channel: string, settings: SlackSettings, thread?: string): EventDraft["chat"] {
  return {
    id: qualified(settings, team, channel),
    type: channel.startsWith("D") ? "direct" : "group",
    ...(thread === undefined ? {} : { thread }),
  };
}

function withoutPrefix(name: string, { commandPrefix }: SlackSettings): string {
  return name.startsWith(commandPrefix) && name.length > commandPrefix.length ? name.slice(commandPrefix.length) : name;
}

function isoOf(ts: string): string {
  return new Date(Number(ts) * 1_000).toISOString();
}
