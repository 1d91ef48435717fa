/** From what Slack sends (events, slash commands, interactions) to events. Pure. */
import { z } from "zod";
import type { Normalized } from "../../core/adapter.ts";
import type { Attachment, EventDraft } from "../../core/event.ts";
import { decodeMrkdwn, toEmoji } from "./render.ts";
import { type SlackSettings, qualified } from "./settings.ts";
import {
  Callback,
  Changed,
  Command,
  Deleted,
  type File,
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
  // Nobody types as the bot at Slack, so its own messages say nothing new: they are no take-over by a person.
  if (author.isSelf === true) return ignored("the bot's own message");
  const content = contentOf(callback, said, settings);
  if (content.text === "" && content.attachments.length === 0) return ignored("an empty message");
  const base = baseOf(callback, { key: `message:${channel}:${said.ts}`, channel, author, said }, settings);
  return { event: spoken(base, said.ts, content, settings) };
}

function fromChange(callback: Callback, settings: SlackSettings): Normalized {
  const parsed = Changed.safeParse(callback.event);
  if (!parsed.success) return { ignored: "a change of a message that cannot be read" };
  const { channel, message: said, previous_message: before } = parsed.data;
  const author = authorOf(callback, said, settings);
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: said.ts, chat: channel });
  if (author === undefined) return ignored("a change of nobody's message");
  if (author.isSelf === true) return ignored("the bot's own edit");
  // Unfurled links change a message without anybody editing it.
  if (said.edited === undefined || said.text === before?.text) return ignored("a change that is no edit");
  const key = `edit:${channel}:${said.ts}:${said.edited.ts}`;
  const base = baseOf(callback, { key, channel, author, said }, settings);
  return {
    event: {
      ...base,
      type: "edit",
      timestamp: isoOf(said.edited.ts),
      messageId: said.ts,
      ...contentOf(callback, said, settings),
    },
  };
}

function fromDeletion(callback: Callback, settings: SlackSettings): Normalized {
  const parsed = Deleted.safeParse(callback.event);
  if (!parsed.success) return { ignored: "a deletion that cannot be read" };
  const { channel, ts, deleted_ts: messageId, previous_message: before } = parsed.data;
  const said = Said.parse({ ...before, ts: messageId });
  const author = authorOf(callback, said, settings);
  if (author === undefined || author.isSelf === true) {
    return { ignored: "a deletion of the bot's or nobody's message", messageId, chat: channel };
  }
  const base = baseOf(callback, { key: `delete:${channel}:${messageId}`, channel, author, said }, settings);
  return { event: { ...base, type: "delete", timestamp: isoOf(ts), messageId } };
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
      user: author,
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
  const [self = ""] = selfOf(callback);
  const { user = self, channel, event_ts: at } = parsed.data;
  if (user !== self) return { ignored: "somebody else came or went" };
  const change = callback.event.type === "member_joined_channel" ? "added" : "removed";
  return {
    event: {
      type: "membership",
      key: `membership:${channel}:${change}:${at}`,
      chat: chatOf(callback.team_id, channel, settings),
      user: { id: qualified(settings, callback.team_id, user), isBot: true, isSelf: true },
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
  const team = pressed.team?.id ?? "";
  return {
    event: {
      type: "action",
      key: `action:${channel.id}:${messageId ?? "view"}:${user.id}:${action.action_ts}`,
      // Its thread is written there when the message is sent: an ephemeral message does not tell it.
      chat: chatOf(team, channel.id, settings, threadIn(action.block_id) ?? container?.thread_ts),
      user: { id: qualified(settings, team, user.id), ...named(user.username) },
      timestamp: pressed.received_at,
      reference: referenceOf(team, pressed.response_url),
      ...(messageId === undefined ? {} : { messageId }),
      choiceId,
      value: action.value ?? "",
    },
  };
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

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}

interface Speaking {
  readonly key: string;
  readonly channel: string;
  readonly author: EventDraft["user"];
  readonly said: Said;
}

type Base = Pick<EventDraft, "key" | "chat" | "user" | "timestamp" | "reference">;

function baseOf({ team_id: team }: Callback, { key, channel, author, said }: Speaking, settings: SlackSettings): Base {
  // A message in a channel is answered in its own thread: what follows there is the same conversation.
  const own = channel.startsWith("D") || settings.replies === "channel" ? undefined : said.ts;
  return {
    key,
    chat: chatOf(team, channel, settings, said.thread_ts ?? own),
    user: author,
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
  return { ...base, type: "command", messageId, name, text: command[2] ?? "", attachments: content.attachments };
}

function contentOf(callback: Callback, said: Said, settings: SlackSettings) {
  const { team_id: team } = callback;
  const self = selfOf(callback);
  const mentioned = [...said.text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/gu)].map(([, id = ""]) => id);
  const person = (id: string): { readonly userId: string; readonly isSelf: boolean } => ({
    userId: qualified(settings, team, id),
    isSelf: self.includes(id),
  });
  const { thread_ts: thread, parent_user_id: parent } = said;
  const replies = thread !== undefined && thread !== said.ts && parent !== undefined;
  return {
    text: decodeMrkdwn(said.text, self),
    attachments: said.files.map((file) => attachmentOf(file, team)),
    mentions: [...new Set(mentioned)].map(person),
    ...(replies ? { replyTo: { messageId: thread, ...person(parent) } } : {}),
  };
}

function attachmentOf(file: z.infer<typeof File>, team: string): z.input<typeof Attachment> {
  const url = file.url_private_download ?? file.url_private;
  return {
    id: file.id,
    kind: kindOf(file.mimetype ?? ""),
    ...(file.name == null ? {} : { name: file.name.slice(0, 256) }),
    ...(file.mimetype == null ? {} : { mediaType: file.mimetype }),
    ...(file.size == null ? {} : { sizeBytes: file.size }),
    reference: { team, ...(url === undefined ? {} : { url }) },
  };
}

function kindOf(mediaType: string): Attachment["kind"] {
  const family = mediaType.split("/")[0];
  if (family === "image" || family === "audio" || family === "video") return family;
  return mediaType === "" ? "other" : "document";
}

function authorOf(
  callback: Callback,
  { user, bot_id: botId, app_id: appId, username }: Partial<Said>,
  settings: SlackSettings,
): EventDraft["user"] | undefined {
  const id = user ?? botId;
  if (id === undefined) return undefined;
  const isSelf = selfOf(callback).includes(id) || (appId !== undefined && appId === callback.api_app_id);
  return {
    id: qualified(settings, callback.team_id, id),
    ...named(username),
    isBot: botId !== undefined || isSelf,
    isSelf,
  };
}

function selfOf({ authorizations }: Callback): readonly string[] {
  return (authorizations ?? []).flatMap(({ user_id: id }) => (id == null ? [] : [id]));
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
