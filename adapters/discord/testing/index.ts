/** A Discord on this machine: REST API v10, gateway, content network, people. The real discord.js connects to it. */
import { WebSocketServer } from "ws";
import type { AccountConfig } from "../../../adapter.ts";
import { Secret } from "../../../adapter.ts";
import type {
  CompletePlatform,
  FaultQueue,
  LocalApi,
  LocalPlatformOptions,
  OpenLocalPlatform,
  SeenCall,
} from "../../../core/testing/index.ts";
import { createChanges, createFaultQueue, openLocalApi } from "../../../core/testing/index.ts";
import { discordAdapter } from "../index.ts";
import type { ApiContext } from "./api.ts";
import { createExecutor, faultAnswers, kindOf } from "./calls.ts";
import { createDispatches } from "./dispatches.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createInteractions } from "./interactions.ts";
import { createPerson, type DiscordPerson } from "./people.ts";
import { createPlaces, type Places } from "./places.ts";
import { createRateLimits } from "./rate-limits.ts";
import { addGuild, createWorld, findMessage, type StoredMessage, type World } from "./world.ts";

export type { DiscordPerson } from "./people.ts";
export type { ForumPost } from "./places.ts";

/** The local platform with what only Discord has. */
export interface LocalDiscord extends Omit<CompletePlatform, "person" | keyof Places>, Places {
  readonly person: (id: string, name?: string) => DiscordPerson;
  /** Whom a message of the bot notified. */
  readonly pinged: (messageId: string) => StoredMessage["pinged"];
  readonly gateway: Gateway;
  readonly calls: () => readonly SeenCall[];
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
  /** @default the system's clock */
  readonly clock?: () => number;
}

/** What Discord may deliver twice. */
const REDELIVERED = new Set(["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_REACTION_ADD"]);

/** Opens one for `parley dev` and for the suites that all platforms share. */
export const openDiscordLocally: OpenLocalPlatform<CompletePlatform> = async (options) => await openDiscord(options);

/** The same, with what only Discord has. */
export async function openDiscord(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
  const { changed, onChange } = createChanges();
  const world = createWorld("Parley", changed, options.clock);
  const home = addGuild(world, "Local server");
  const server = await openServer(world, options);
  const { gateway } = server.own;
  const places = createPlaces(world, home, server.context.dispatches);
  return {
    platform: "discord",
    account: localAccount(server, options),
    person: createPeople(world, server.context),
    ...places,
    addBot: places.server,
    pinged: (messageId) => findMessage(world, messageId)?.pinged ?? { users: [], everyone: false },
    refusedCalls: () => server.refused,
    faults: {
      next: server.faults.next,
      cutConnections: async () => gateway.closeAll(),
      goDown: server.stop,
      comeBack: server.start,
      redeliver: async () => gateway.redeliver(REDELIVERED),
      revoke: async () => server.revoke(),
    },
    isConnected: () => gateway.connected() > 0,
    onChange,
    close: server.stop,
    calls: () => server.calls,
    ...server.own,
  };
}

interface Server extends LocalApi {
  readonly token: string;
  readonly context: ApiContext;
  readonly faults: FaultQueue;
  readonly revoke: () => void;
  readonly own: Pick<LocalDiscord, "gateway" | "restoreToken" | "allowContent">;
}

async function openServer(world: World, options: LocalDiscordOptions): Promise<Server> {
  const { messageContent = true, rateLimits = true, port } = options;
  const token = `local.${world.newId()}`;
  const state = { url: "", token, allowsContent: messageContent };
  const gatewayUrl = (): string => state.url.replace("http", "ws");
  const allowsContent = (): boolean => state.allowsContent;
  const gateway = createGateway(world, {
    token: () => state.token,
    allowsContent,
    url: gatewayUrl,
  });
  const payloads = { world, cdn: () => state.url };
  const context: ApiContext = {
    ...payloads,
    dispatches: createDispatches(payloads, gateway),
    interactions: createInteractions(world),
    gatewayUrl,
    allowsContent,
  };
  const faults = createFaultQueue();
  const execute = createExecutor(context, () => state.token, createRateLimits(rateLimits, world.clock));
  const api = await openLocalApi({
    port,
    root: /^\/api(?:\/v\d+)?/,
    faults,
    faultAnswers,
    kindOf,
    isJson: (field) => field === "payload_json",
    answer: execute,
  });
  state.url = api.url;
  new WebSocketServer({ server: api.server }).on("connection", gateway.accept);
  return {
    ...api,
    token,
    context,
    faults,
    revoke: () => {
      state.token = `revoked.${world.newId()}`;
      gateway.closeAll(4004);
    },
    own: {
      gateway,
      restoreToken: () => {
        state.token = token;
      },
      allowContent: (allowed) => {
        state.allowsContent = allowed;
        if (!allowed) gateway.closeAll(4014);
      },
    },
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
