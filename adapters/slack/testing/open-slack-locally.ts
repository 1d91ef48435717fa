import type { WebSocket } from "ws";
import type { AccountConfig } from "../../../adapter.ts";
import { Secret } from "../../../adapter.ts";
import type { CompletePlatform, LocalChat, LocalFaults, LocalPlatformOptions } from "../../../core/testing/index.ts";
import { slackAdapter } from "../index.ts";
import { type HandOver, createHandOver } from "./hand-over.ts";
import { historyMethods, messageEvent } from "./history.ts";
import { type Announce, messageMethods } from "./messages.ts";
import { streamingMethods } from "./streaming.ts";
import { respond } from "./response-urls.ts";
import { fileMethods, methods } from "./methods.ts";
import { type PersonTools, type SlackPerson, createPerson, eventBody } from "./person.ts";
import { type SlackServer, methodOf, openServer } from "./server.ts";
import { pingsOf } from "./view.ts";
import { APP, HOME_TEAM, type World, addTeam, createWorld } from "./world.ts";

export interface SlackLocalOptions extends LocalPlatformOptions {
  /** How long the bot has to acknowledge, in ms. @default 3_000 */
  readonly ackMs?: number;
  /** Pauses before an event is tried again, in ms; shorter than Slack's. @default [200, 1_000, 3_000] */
  readonly retriesMs?: readonly number[];
  /** Messages that a channel takes at once; one more comes free each second. @default 6 */
  readonly burst?: number;
  /** How long a stream stays open, in ms. @default 5 minutes, as observed at Slack */
  readonly streamLifetimeMs?: number;
}

export interface SlackLocalPlatform extends CompletePlatform {
  readonly url: string;
  /** A person of the home workspace, or of another one (`team`). */
  readonly person: (id: string, name?: string, team?: string) => SlackPerson;
  /** Methods that were called, in order. */
  readonly calls: () => readonly string[];
  /** Whom the messages of a chat would ring. */
  readonly pings: (chat: string) => readonly string[];
  /** The bot is no member of a channel any more. */
  readonly removeBot: (chat: string) => void;
  /** From now on tokens that are given expire after so many seconds (token rotation). */
  readonly rotateTokens: (seconds: number) => void;
  /** A workspace of an organisation that the app is installed in as a whole. */
  readonly workspaceOf: (organisation: string, team: string) => void;
  /** This Slack answers `unknown_method` to it. */
  readonly forgetMethod: (method: string) => void;
  /** Nobody may write in a channel any more. */
  readonly archive: (chat: string) => void;
  /** From now on no bytes of a file are taken. */
  readonly refuseUploads: () => void;
  /** Handed to the bot as Slack writes it. */
  readonly deliver: HandOver["hand"];
  readonly signingSecret: string;
}

const LOCAL = {
  appToken: "xapp-local",
  configurationToken: "xoxe-local",
  signingSecret: "local-signing-secret",
} as const;

/** Opens a Slack that the adapter's real libraries connect to. */
export async function openSlackLocally(options: SlackLocalOptions = {}): Promise<SlackLocalPlatform> {
  const world = createWorld();
  const { server, handOver } = await openPlatform(world, options);
  const calls = (): readonly string[] => server.calls.map(methodOf).filter((name) => name !== undefined);
  const tools: PersonTools = { world, url: server.url, hand: handOver.hand };
  return {
    platform: "slack",
    url: server.url,
    signingSecret: LOCAL.signingSecret,
    account: accountOf(world, server.url, options),
    person: createPeople(tools),
    group: async (title, members) =>
      openGroup(
        tools,
        title,
        members.map(({ id }) => id),
      ),
    deliver: handOver.hand,
    refusedCalls: () => server.refused,
    calls,
    pings: (chat) => [...world.messages.values()].filter(({ channel }) => channel === chat).flatMap(pingsOf),
    removeBot: (chat) => {
      const { team = "", members } = world.channels.get(chat) ?? {};
      members?.delete(world.teams.get(team)?.botUser ?? "");
    },
    rotateTokens: (seconds) => {
      world.rotatesEvery = seconds;
    },
    workspaceOf: (organisation, team) => void addTeam(world, team, organisation),
    forgetMethod: (method) => void world.unknownMethods.add(method),
    archive: (chat) => void Object.assign(world.channels.get(chat) ?? {}, { isArchived: true }),
    refuseUploads: () => {
      world.refusesUploads = true;
    },
    faults: faultsOf(world, server, handOver),
    // Over HTTP nothing shows that the bot is there but its first call.
    isConnected: () => (options.webhook === undefined ? server.sockets.size > 0 : calls().includes("auth.test")),
    onChange: world.onChange,
    close: async () => {
      handOver.close();
      await server.stop();
    },
  };
}

async function openPlatform(
  world: World,
  { webhook, port, ...limits }: SlackLocalOptions,
): Promise<{ readonly server: SlackServer; readonly handOver: HandOver }> {
  const opened: { server?: SlackServer } = {};
  const { ackMs = 3_000, retriesMs = [200, 1_000, 3_000], streamLifetimeMs = 5 * 60_000, burst = 6 } = limits;
  const sockets = (): ReadonlySet<WebSocket> => opened.server?.sockets ?? new Set();
  const handOver = createHandOver({ sockets, webhook, signingSecret: LOCAL.signingSecret, ackMs, retriesMs });
  const announce = announcer(world, handOver, () => opened.server?.url ?? "");
  const rules = { streamLifetimeMs, burst, announce };
  opened.server = await openServer({
    world,
    ...LOCAL,
    port,
    methods: {
      ...methods,
      ...messageMethods(rules),
      ...streamingMethods(rules),
      ...historyMethods,
      ...fileMethods(announce),
    },
    onResponse: (id, body) => respond(world, id, body),
    onAcknowledged: handOver.acknowledged,
  });
  return { server: opened.server, handOver };
}

/** The account as `bots.config.ts` would have it, pointed at this server. */
function accountOf(
  world: World,
  url: string,
  { accountName = "main", settings = {}, webhook }: SlackLocalOptions,
): AccountConfig {
  const socket = { appToken: secretOf(LOCAL.appToken) };
  const http = { signingSecret: secretOf(LOCAL.signingSecret) };
  return {
    adapter: slackAdapter,
    name: accountName,
    settings: {
      botToken: secretOf(world.teams.get(HOME_TEAM)?.token ?? ""),
      ...(webhook === undefined ? socket : http),
      appId: APP,
      configurationToken: secretOf(LOCAL.configurationToken),
      apiUrl: `${url}/api/`,
      ...settings,
    },
  };
}

function createPeople(tools: PersonTools): SlackLocalPlatform["person"] {
  const { world } = tools;
  const people = new Map<string, SlackPerson>();
  return (id, name = id, team = HOME_TEAM) => {
    const userId = /^[UW][A-Z0-9]+$/u.test(id) ? id : `U${id.toUpperCase().replaceAll(/[^A-Z0-9]/gu, "")}`;
    const known = people.get(userId);
    if (known !== undefined) return known;
    const user = { id: userId, name, team: addTeam(world, team).id };
    world.users.set(userId, user);
    const person = createPerson(tools, user);
    people.set(userId, person);
    return person;
  };
}

function secretOf(value: string): Secret {
  return new Secret(value, "the local Slack");
}

/** What the bot posts and changes comes back to it as events, like everybody's. */
function announcer(world: World, handOver: HandOver, url: () => string): Announce {
  return (message, change) => {
    const event = messageEvent({ world, url: url() }, message, change);
    void handOver.hand(eventBody(world, world.channels.get(message.channel)?.team ?? HOME_TEAM, event));
  };
}

function openGroup(tools: PersonTools, title: string, members: readonly string[]): LocalChat {
  const { world, hand } = tools;
  const team = world.users.get(members[0] ?? "")?.team ?? HOME_TEAM;
  const bot = world.teams.get(team)?.botUser ?? "";
  const chat = { id: world.newId("C"), type: "group", title } as const;
  world.channels.set(chat.id, { ...chat, team, members: new Set([...members, bot]) });
  const joined = { type: "member_joined_channel", user: bot, channel: chat.id, channel_type: "C", team };
  void hand(eventBody(world, team, { ...joined, event_ts: world.newTs() }));
  return chat;
}

function faultsOf(world: World, server: SlackServer, handOver: HandOver): Required<LocalFaults> {
  return {
    next: world.faults.next,
    cutConnections: async () => server.cut(),
    goDown: server.stop,
    comeBack: server.start,
    redeliver: async () => {
      const again = handOver.handed.toReversed();
      // Slack sends one message under several event ids.
      for (const { body } of again)
        void handOver.hand({ type: "events_api", body: { ...body, event_id: world.newId("Ev") } });
      return again.length;
    },
    revoke: async () => {
      const team = world.teams.get(HOME_TEAM);
      if (team !== undefined) team.revoked = true;
      void handOver.hand(eventBody(world, HOME_TEAM, { type: "tokens_revoked", tokens: { bot: [team?.botUser] } }));
    },
  };
}
