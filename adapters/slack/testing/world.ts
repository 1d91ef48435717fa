/** What the local Slack knows: workspaces, people, channels, messages, files. */
import type { LocalChat, LocalFile } from "../../../core/testing/index.ts";
import { createChanges, createFaultQueue } from "../../../core/testing/index.ts";

export interface StoredFile extends LocalFile {
  readonly id: string;
  readonly owner: string;
}

export interface StoredMessage {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  /** Set on messages of the bot. */
  readonly botId?: string | undefined;
  readonly threadTs?: string | undefined;
  /** Shown to this person only. */
  readonly ephemeralFor?: string | undefined;
  text: string;
  /** Whether `text` is mrkdwn; otherwise it is shown as it is. */
  mrkdwn: boolean;
  blocks: readonly unknown[];
  /** Markdown that was streamed; shown above the blocks. */
  streamed: string;
  streamingSince?: number;
  files: readonly StoredFile[];
  edited?: string;
  metadata?: unknown;
  reactions: { readonly user: string; readonly name: string }[];
}

export type MessageChange = "posted" | "changed" | "deleted";

export interface StoredChannel extends LocalChat {
  readonly team: string;
  readonly members: Set<string>;
  isArchived?: boolean;
}

export interface StoredTeam {
  readonly id: string;
  token: string;
  /** Tokens of before a renewal, which work until their end. */
  readonly earlier: string[];
  /** Works once. */
  refreshToken?: string;
  /** The organisation (`E…`) that the app is installed in as a whole; its token is that of all its workspaces. */
  readonly organisation?: string;
  readonly botUser: string;
  revoked: boolean;
}

export interface StoredUser {
  readonly id: string;
  readonly name: string;
  readonly team: string;
}

export const HOME_TEAM = "T0001";
export const APP = "A0001";
export const BOT_ID = "B0001";
export const BOT_NAME = "Parley";

export type World = ReturnType<typeof createWorld>;

interface Settings {
  /** Slash commands of the app, with their slash. */
  commands: readonly string[];
  refusesUploads: boolean;
  /** Tokens expire and are renewed, after so many seconds. */
  rotatesEvery?: number;
}

export function createWorld() {
  const settings: Settings = { commands: [], refusesUploads: false };
  let lastTs = 0;
  let ids = 0;
  const world = {
    ...settings,
    ...createChanges(),
    teams: new Map<string, StoredTeam>(),
    users: new Map<string, StoredUser>(),
    channels: new Map<string, StoredChannel>(),
    /** By `channel:ts`, oldest first. */
    messages: new Map<string, StoredMessage>(),
    files: new Map<string, StoredFile>(),
    /** Files whose bytes are awaited, by id. */
    uploads: new Map<string, { readonly name: string; bytes: Uint8Array }>(),
    /** Home tabs and open modals, by user. */
    homes: new Map<string, unknown>(),
    modals: new Map<string, { readonly id: string; readonly view: unknown }>(),
    /** "is typing…" and the like, by `channel:thread`. */
    statuses: new Map<string, string>(),
    prompts: new Map<string, readonly string[]>(),
    /** Methods that this Slack does not know. */
    unknownMethods: new Set<string>(),
    faults: createFaultQueue(),
    // Microseconds, each used once: a message's ts is its id in the channel.
    newTs: (): string => {
      lastTs = Math.max(lastTs + 1, Date.now() * 1_000);
      return `${Math.floor(lastTs / 1_000_000)}.${String(lastTs % 1_000_000).padStart(6, "0")}`;
    },
    newId: (prefix: string): string => {
      ids += 1;
      return `${prefix}${ids.toString(36).toUpperCase().padStart(8, "0")}`;
    },
  };
  addTeam(world, HOME_TEAM);
  return world;
}

/** A workspace with the app installed. */
export function addTeam(world: World, id: string, organisation?: string): StoredTeam {
  const known = world.teams.get(id);
  if (known !== undefined) return known;
  const owner = organisation === undefined ? undefined : addTeam(world, organisation);
  const own = { token: `xoxb-local-${id}`, botUser: `UBOT${id}` };
  const { token, botUser } = owner ?? own;
  const member = organisation === undefined ? {} : { organisation };
  const team: StoredTeam = { id, token, botUser, earlier: [], revoked: false, ...member };
  world.teams.set(id, team);
  world.users.set(team.botUser, { id: team.botUser, name: BOT_NAME, team: id });
  return team;
}

export function addMessage(
  world: World,
  facts: Pick<StoredMessage, "channel" | "user"> & Partial<StoredMessage>,
): StoredMessage {
  const message: StoredMessage = {
    ts: world.newTs(),
    text: "",
    mrkdwn: true,
    blocks: [],
    streamed: "",
    files: [],
    reactions: [],
    ...facts,
  };
  world.messages.set(`${message.channel}:${message.ts}`, message);
  world.changed();
  return message;
}

/** The direct channel of a person with the bot, made when it is first asked for. */
export function directChannel(world: World, user: string): StoredChannel {
  const { team = HOME_TEAM, name = user } = world.users.get(user) ?? {};
  const id = `D${user.slice(1)}`;
  const known = world.channels.get(id);
  if (known !== undefined) return known;
  const bot = world.teams.get(team)?.botUser ?? "";
  const channel: StoredChannel = { id, type: "direct", title: name, team, members: new Set([user, bot]) };
  world.channels.set(id, channel);
  return channel;
}
