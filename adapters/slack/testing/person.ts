/** A person at their Slack client. */
import { z } from "zod";
import type {
  Acknowledgement,
  CompletePerson,
  LocalChat,
  SayOptions,
  SeenMessage,
} from "../../../core/testing/index.ts";
import { encodeMrkdwn } from "../mrkdwn.ts";
import type { Acknowledged, Envelope } from "./hand-over.ts";
import { messageEvent, rawMessage } from "./history.ts";
import { pressables, seenBy } from "./view.ts";
import { type AppViews, appViews } from "./app-views.ts";
import { APP, BOT_ID, type StoredMessage, type StoredUser, type World, addMessage, directChannel } from "./world.ts";

/** A person with what only Slack has. */
export type SlackPerson = CompletePerson & AppViews;

export interface PersonTools {
  readonly world: World;
  readonly url: string;
  readonly hand: (envelope: Envelope) => Promise<Acknowledged | undefined>;
}

/** `event` in the envelope that Slack puts around it. */
export function eventBody(world: World, team: string, event: Readonly<Record<string, unknown>>): Envelope {
  const { organisation = null, botUser } = world.teams.get(team) ?? {};
  const isWhole = organisation !== null;
  return {
    type: "events_api",
    body: {
      type: "event_callback",
      team_id: team,
      api_app_id: APP,
      event_id: world.newId("Ev"),
      event_time: Math.floor(Date.now() / 1_000),
      enterprise_id: organisation,
      authorizations: [
        {
          enterprise_id: organisation,
          team_id: isWhole ? null : team,
          user_id: botUser,
          is_bot: true,
          is_enterprise_install: isWhole,
        },
      ],
      event,
    },
  };
}

export function createPerson(tools: PersonTools, user: StoredUser): SlackPerson {
  const { world, url, hand } = tools;
  const direct = directChannel(world, user.id);
  const emit = (event: Readonly<Record<string, unknown>>): void => void hand(eventBody(world, user.team, event));
  const interact = async (body: Readonly<Record<string, unknown>>): Promise<Acknowledgement> =>
    acknowledgementOf(await hand({ type: "interactive", body: { ...common(tools, user), ...body } }));
  const find = (id: string): StoredMessage => findMessage(world, user, id);
  return {
    id: user.id,
    name: user.name,
    say: async (text, options = {}) => say(tools, user, { text, options, direct, emit }),
    edit: async (id, text) => {
      const message = find(id);
      const before = rawMessage(message, url);
      Object.assign(message, { text: typed(text), edited: world.newTs() });
      world.changed();
      emit(messageEvent(tools, message, "changed", before));
    },
    remove: async (id) => {
      const message = find(id);
      world.messages.delete(`${message.channel}:${id}`);
      world.changed();
      emit(messageEvent(tools, message, "deleted"));
    },
    react: async (id, emoji) => {
      const message = find(id);
      message.reactions.push({ user: user.id, name: emoji });
      world.changed();
      const item = { type: "message", channel: message.channel, ts: id };
      const reaction = { user: user.id, reaction: emoji, item, item_user: message.user };
      emit({ type: "reaction_added", ...reaction, event_ts: world.newTs() });
    },
    press: async (id, label) => {
      const message = find(id);
      const choice = pressables(message).find((one) => one.label === label);
      if (choice === undefined) throw new Error(`${user.name} sees no "${label}" at ${id}`);
      return await interact(pressBody(tools, message, choice.action));
    },
    command: async (name, text = "", options = {}) =>
      await command(tools, user, { name, text, channel: options.chat ?? direct.id }),
    sees: (chat) => seesIn(world, user.id, chat ?? direct.id),
    seesTyping: (chat) => [...world.statuses.keys()].some((key) => key.startsWith(`${chat ?? direct.id}:`)),
    openThread: async (id) => find(id).ts,
    ...appViews(world, user, { direct, emit, interact }),
  };
}

function findMessage(world: World, user: StoredUser, id: string): StoredMessage {
  const message = [...world.messages.values()].find(
    ({ ts, channel }) => ts === id && world.channels.get(channel)?.members.has(user.id) === true,
  );
  if (message === undefined) throw new Error(`${user.name} sees no message ${id}`);
  return message;
}

interface Saying {
  readonly text: string;
  readonly options: SayOptions;
  readonly direct: LocalChat;
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
}

function say(tools: PersonTools, user: StoredUser, { text, options, direct, emit }: Saying): string {
  const { world } = tools;
  const { chat: channel = direct.id, mentionBot = false, files: given = [] } = options;
  const threadTs = threadOf(world, channel, options);
  const files = given.map((file) => ({ ...file, id: world.newId("F"), owner: user.id }));
  for (const file of files) world.files.set(file.id, file);
  const words = typed(text, mentionBot ? world.teams.get(user.team)?.botUser : undefined);
  const message = addMessage(world, { channel, user: user.id, text: words, files, threadTs });
  const event = {
    ...messageEvent(tools, message, "posted"),
    client_msg_id: world.newId("M"),
    team: user.team,
    parent_user_id: world.messages.get(`${channel}:${threadTs ?? ""}`)?.user,
  };
  emit(event);
  if (mentionBot && !channel.startsWith("D"))
    emit({ ...event, type: "app_mention", subtype: undefined, channel_type: undefined });
  return message.ts;
}

/** Clients encode these three characters of what people type. */
function typed(text: string, mentioned?: string): string {
  return mentioned === undefined ? encodeMrkdwn(text) : `<@${mentioned}> ${encodeMrkdwn(text)}`;
}

/** Answers go to the thread's first message. */
function threadOf(world: World, channel: string, { thread, replyTo }: SayOptions): string | undefined {
  if (thread !== undefined || replyTo === undefined) return thread;
  return world.messages.get(`${channel}:${replyTo}`)?.threadTs ?? replyTo;
}

async function command(
  { world, url, hand }: PersonTools,
  user: StoredUser,
  { name, text, channel }: { readonly name: string; readonly text: string; readonly channel: string },
): Promise<Acknowledgement> {
  if (!world.commands.includes(`/${name}`))
    throw new Error(`/${name} is not a valid command (the app registered no such one)`);
  const acknowledged = await hand({
    type: "slash_commands",
    body: {
      command: `/${name}`,
      text,
      team_id: user.team,
      channel_id: channel,
      channel_name: channel.startsWith("D") ? "directmessage" : (world.channels.get(channel)?.title ?? ""),
      user_id: user.id,
      user_name: user.name,
      api_app_id: APP,
      is_enterprise_install: "false",
      trigger_id: trigger(world, user.id),
      response_url: `${url}/response/${channel}.${user.id}.${world.newId("R")}`,
    },
  });
  const said = z.object({ text: z.string() }).safeParse(acknowledged?.answer);
  if (said.success) {
    const bot = world.teams.get(user.team)?.botUser ?? "";
    addMessage(world, { channel, user: bot, botId: BOT_ID, text: said.data.text, ephemeralFor: user.id });
  }
  return { ...acknowledgementOf(acknowledged), ...(said.success ? { notice: said.data.text } : {}) };
}

function trigger(world: World, user: string): string {
  return `trigger.${user}.${world.newId("X")}`;
}

function common({ world }: PersonTools, user: StoredUser): Readonly<Record<string, unknown>> {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
    team: { id: user.team, domain: "local" },
    api_app_id: APP,
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: trigger(world, user.id),
  };
}

function pressBody(
  { world, url }: PersonTools,
  message: StoredMessage,
  action: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { channel, ts, threadTs, ephemeralFor } = message;
  return {
    type: "block_actions",
    channel: { id: channel, name: world.channels.get(channel)?.title },
    container: {
      type: "message",
      message_ts: ts,
      channel_id: channel,
      is_ephemeral: ephemeralFor !== undefined,
      thread_ts: threadTs,
    },
    message: ephemeralFor === undefined ? rawMessage(message, url) : undefined,
    response_url: `${url}/response/${channel}.${ephemeralFor ?? ""}.${ts}`,
    actions: [{ ...action, action_ts: world.newTs() }],
  };
}

function acknowledgementOf(acknowledged: Acknowledged | undefined): Acknowledgement {
  return { acknowledged: acknowledged !== undefined, withinMs: acknowledged?.withinMs ?? Number.POSITIVE_INFINITY };
}

function seesIn(world: World, user: string, chat: string): readonly SeenMessage[] {
  if (world.channels.get(chat)?.members.has(user) !== true) return [];
  return [...world.messages.values()]
    .filter(({ channel, ephemeralFor }) => channel === chat && (ephemeralFor === undefined || ephemeralFor === user))
    .map((message) => seenBy(world, message));
}
