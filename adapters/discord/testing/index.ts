/** A Discord on this machine: REST API v10, gateway, content network, people. The real discord.js connects to it. */
import { WebSocketServer } from "ws";
import type { AccountConfig } from "../../../adapter.ts";
import { Secret } from "../../../adapter.ts";
import type { CompletePlatform, LocalPlatformOptions, LocalServer, OpenLocalPlatform } from "../../../testing.ts";
import { openLocalServer, respond } from "../../../testing.ts";
import { discordAdapter } from "../index.ts";
import { answer, type ApiContext, isOpenTo } from "./api.ts";
import { type Answer, type Call, readCall } from "./calls.ts";
import { createDispatches } from "./dispatches.ts";
import { createFaults, faultAnswer } from "./faults.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createInteractions } from "./interactions.ts";
import { guildPayload } from "./payloads.ts";
import { createPerson, type DiscordPerson } from "./people.ts";
import { createPlaces, type Places } from "./places.ts";
import { createRateLimits } from "./rate-limits.ts";
import { addGuild, createWorld, findMessage, type StoredMessage, type World } from "./world.ts";

export type { DiscordPerson } from "./people.ts";
export type { ForumPost } from "./places.ts";

/** A call of the bot, and what it was answered. */
export interface SeenCall {
  readonly method: string;
  readonly path: string;
  /** 0 where a planned fault answered. */
  readonly status: number;
  readonly body: unknown;
}

/** The local platform with what only Discord has. */
export interface LocalDiscord extends Omit<CompletePlatform, "person" | keyof Places>, Places {
  readonly person: (id: string, name?: string) => DiscordPerson;
  /** Whom a message of the bot notified. */
  readonly pinged: (messageId: string) => StoredMessage["pinged"];
  readonly gateway: Gateway;
  readonly calls: () => readonly SeenCall[];
  readonly botId: string;
  /** The token that was revoked is valid again (a mistaken reset that was taken back). */
  readonly restoreToken: () => void;
  /** Switches the Message Content intent on or off in the developer portal; off closes who uses it (4014). */
  readonly allowContent: (allowed: boolean) => void;
}

export interface LocalDiscordOptions extends LocalPlatformOptions {
  /** Whether the Message Content intent is switched on in the developer portal. @default true */
  readonly messageContent?: boolean;
  /** False lifts the rate limits. @default true */
  readonly rateLimits?: boolean;
  /** @default 41250, as Discord's */
  readonly heartbeatMs?: number;
  /** @default the system's clock */
  readonly clock?: () => number;
}

/** What Discord may deliver twice. */
const REDELIVERED = new Set(["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_REACTION_ADD"]);

/** Opens one for `parley dev` and for the suites that all platforms share. */
export const openDiscordLocally: OpenLocalPlatform<CompletePlatform> = async (options) => await openDiscord(options);

/** The same, with what only Discord has. */
export async function openDiscord(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const world = createWorld("Parley", changed, options.clock);
  const home = addGuild(world, "Local server");
  const server = await openServer(world, options);
  const { gateway, calls } = server;
  const places = createPlaces(world, home, server.context.dispatches);
  return {
    platform: "discord",
    account: localAccount(server, options),
    person: createPeople(world, server.context),
    ...places,
    addBot: places.server,
    pinged: (messageId) => findMessage(world, messageId)?.pinged ?? { users: [], everyone: false },
    refusedCalls: () =>
      calls
        .filter(({ status }) => status >= 400 && status !== 429)
        .map(({ method, path, status }) => `${method} ${path}: ${status}`),
    faults: {
      next: server.faults.next,
      cutConnections: async () => gateway.closeAll(),
      goDown: server.stop,
      comeBack: server.start,
      redeliver: async () => gateway.redeliver(REDELIVERED),
      revoke: async () => server.revoke(),
    },
    isConnected: () => gateway.connected() > 0,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: server.stop,
    gateway,
    calls: () => calls,
    botId: world.bot.id,
    restoreToken: server.restoreToken,
    allowContent: server.allowContent,
  };
}

interface Server extends LocalServer {
  readonly token: string;
  readonly context: ApiContext;
  readonly gateway: Gateway;
  readonly faults: ReturnType<typeof createFaults>;
  readonly calls: readonly SeenCall[];
  readonly revoke: () => void;
  readonly restoreToken: () => void;
  readonly allowContent: (allowed: boolean) => void;
}

async function openServer(world: World, options: LocalDiscordOptions): Promise<Server> {
  const { heartbeatMs = 41_250, messageContent = true, rateLimits = true, port = 0 } = options;
  const state = { url: "", token: `local.${world.newId()}`, allowsContent: messageContent };
  const calls: SeenCall[] = [];
  const { token } = state;
  const gatewayUrl = (): string => state.url.replace("http", "ws");
  const gateway = createGateway(world, {
    token: () => state.token,
    heartbeatMs,
    allowsContent: () => state.allowsContent,
    url: gatewayUrl,
    guildsOf: ([id, count]) =>
      [...world.guilds.values()]
        .filter((guild) => Number((BigInt(guild.id) >> 22n) % BigInt(count)) === id)
        .map((guild) => guildPayload(world, guild)),
  });
  const payloads = { world, cdn: () => state.url };
  const context: ApiContext = {
    ...payloads,
    dispatches: createDispatches(payloads, gateway),
    interactions: createInteractions(world),
    gatewayUrl,
    allowsContent: () => state.allowsContent,
  };
  const faults = createFaults();
  const execute = createExecutor(context, () => state.token, createRateLimits(rateLimits, world.clock));
  const server = await openLocalServer({
    port,
    handle: async (request, response) => {
      const call = await readCall(request);
      const fault = call.path.startsWith("/attachments/") ? undefined : faults.take(call);
      if (fault?.kind === "cut-before") return void request.socket.destroy();
      const planned = fault === undefined ? undefined : faultAnswer(fault);
      const given = planned ?? execute(call);
      const { method, path, body } = call;
      calls.push({ method, path, status: planned === undefined ? given.status : 0, body });
      if (fault?.kind === "cut-after") return void request.socket.destroy();
      respond(response, given);
    },
  });
  state.url = server.url;
  new WebSocketServer({ server: server.server }).on("connection", gateway.accept);
  const revoke = (): void => {
    state.token = `revoked.${world.newId()}`;
    gateway.closeAll(4004);
  };
  const restoreToken = (): void => {
    state.token = token;
  };
  const allowContent = (allowed: boolean): void => {
    state.allowsContent = allowed;
    if (!allowed) gateway.closeAll(4014);
  };
  return { ...server, token, context, gateway, faults, calls, revoke, restoreToken, allowContent };
}

/** Authorisation, then rate limits, then the route. */
function createExecutor(
  context: ApiContext,
  token: () => string,
  limits: ReturnType<typeof createRateLimits>,
): (call: Call) => Answer {
  return (call) => {
    if (!isOpenTo(call.path) && call.authorization !== `Bot ${token()}`)
      return { status: 401, body: { message: "401: Unauthorized", code: 0 } };
    const { headers, refused } = limits.take(call.method, call.path);
    if (refused === undefined) {
      const given = answer(context, call);
      return { ...given, headers: { ...headers, ...given.headers } };
    }
    const { retryAfterSeconds, global } = refused;
    return {
      status: 429,
      headers: { ...headers, "Retry-After": retryAfterSeconds.toFixed(3) },
      body: { message: "You are being rate limited.", retry_after: retryAfterSeconds, global },
    };
  };
}

/** People by the name a test gives them; Discord's own id of each is a snowflake. */
function createPeople(world: World, context: ApiContext): LocalDiscord["person"] {
  const people = new Map<string, DiscordPerson>();
  return (name, displayName = name) => {
    const known = people.get(name);
    if (known !== undefined) return known;
    const id = /^\d{15,}$/.test(name) ? name : world.newId();
    const user = { id, username: name.toLowerCase(), displayName, bot: false };
    world.users.set(id, user);
    const person = createPerson(context, user);
    people.set(name, person);
    people.set(id, person);
    return person;
  };
}

function localAccount(
  { url, token }: Server,
  { accountName = "main", settings = {} }: LocalDiscordOptions,
): AccountConfig {
  return {
    adapter: discordAdapter,
    name: accountName,
    settings: { token: new Secret(token, "the local Discord"), apiUrl: `${url}/api`, cdnUrl: url, ...settings },
  };
}
