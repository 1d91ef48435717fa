import type { RESTOptions } from "discord.js";
import type { Client } from "discord.js";
import { z } from "zod";
import type { AdapterContext, AdapterSession, Health } from "../../adapter.ts";
import { describeError, realSleep } from "../../adapter.ts";
import { CONTENT_REMEDY, DiscordRefusedError, DiscordUnreachableError, type Refusal, refusalOf } from "./errors.ts";
import { type Answers, createAnswers } from "./gateway/answers.ts";
import { registerCommands } from "./gateway/commands.ts";
import { openAttachment } from "./gateway/files.ts";
import { type Inbox, openInbox } from "./gateway/inbox.ts";
import { createReceiver, type Receiver } from "./gateway/receive.ts";
import { readApplication } from "./probe.ts";
import type { DiscordPayload } from "./render.ts";
import { type Sender, createSender } from "./send.ts";
import type { DiscordSettings } from "./settings.ts";
import { type Discord, identityOf, loadDiscord } from "./gateway/library.ts";

const READY_WITHIN_MS = 45_000;
const DRAIN_MS = 8_000;
/** A connection that is away for longer is down, not just reconnecting. */
const AWAY_MS = 15_000;

interface State {
  closed: boolean;
  /** Why Discord will not let this connection back in. */
  refusal?: Refusal | undefined;
  awaySince?: number | undefined;
  lastReceivedAt?: number;
}

interface Gateway {
  readonly discord: Discord;
  readonly client: Client;
  readonly context: AdapterContext<DiscordSettings>;
  readonly state: State;
}

/** One login at Discord's gateway. It survives everything but a refusal. */
export interface Line {
  readonly session: LineSession;
  /** Resolves when Discord closed it for good. */
  readonly refused: Promise<Refusal>;
}

export type LineSession = Sender &
  Required<Pick<AdapterSession<DiscordPayload>, "fetchAttachment" | "health" | "close">>;

/** Logs in: the account's shards of this process, its commands, its place in the channels' history. */
export async function openLine(context: AdapterContext<DiscordSettings>): Promise<Line> {
  const { settings, log } = context;
  const discord = await loadDiscord(context.network);
  const application = await readApplication(discord, settings);
  const readsContent = settings.messageContent && application.mayReadContent;
  const missesContent = settings.messageContent && !readsContent;
  if (missesContent) log.warn({ remedy: CONTENT_REMEDY }, "Discord withholds the words of messages: the intent is off");
  const client = createClient(discord, settings, readsContent);
  const gateway: Gateway = { discord, client, context, state: { closed: false } };
  const receiver = createReceiver({ ...gateway, withholdsContent: !readsContent });
  const inbox = await openInbox({
    context,
    catchUpHours: settings.catchUpHours,
    pageAfter: receiver.pageAfter,
    onOverflow: () => void inbox.fill(-1, receiver.gaps(), true),
  });
  const answers = createAnswers({ discord, client, context, applicationId: application.id });
  const close = async (): Promise<void> => {
    if (gateway.state.closed) return;
    gateway.state.closed = true;
    client.removeAllListeners();
    await inbox.close(AbortSignal.timeout(DRAIN_MS));
    await answers.settled();
    await client.destroy();
  };
  const refused = listen(gateway, { receiver, inbox, answers });
  const ended = refused.catch(() => gateway.state.refusal ?? refusalOf(0));
  try {
    await login(gateway, refused);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  await registerCommands({ discord, client, context, applicationId: application.id }).catch((thrown: unknown) =>
    log.warn({ error: describeError(thrown) }, "Discord did not take the bot's commands; they stay as they were"),
  );
  const session: LineSession = {
    ...createSender({
      discord,
      rest: client.rest,
      applicationId: application.id,
      context,
      hasThread: (id) => client.channels.cache.has(id),
      acknowledged: answers.acknowledged,
    }),
    fetchAttachment: async (attachment, signal) =>
      await openAttachment({ discord, client, fetchFile: context.fetchFile }, attachment, signal),
    health: () => healthOf(gateway, missesContent),
    close,
  };
  return { session, refused: ended };
}

/** A client that keeps channels and servers, and forgets messages and people. */
function createClient(discord: Discord, settings: DiscordSettings, readsContent: boolean): Client {
  const { GatewayIntentBits, Options } = discord;
  const { shards, apiUrl } = settings;
  const isSelf = (one: { readonly id: string; readonly client: Client }): boolean => one.id === one.client.user?.id;
  return new discord.Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.DirectMessages,
      GatewayIntentBits.DirectMessageReactions,
      ...(readsContent ? [GatewayIntentBits.MessageContent] : []),
    ],
    makeCache: Options.cacheWithLimits({
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      GuildMemberManager: { maxSize: 50, keepOverLimit: isSelf },
      UserManager: { maxSize: 50, keepOverLimit: isSelf },
    }),
    waitGuildTimeout: 5_000,
    ...(shards === "auto" ? { shards } : { shards: [...shards.ids], shardCount: shards.count }),
    rest: {
      api: apiUrl,
      // The delivery decides what is tried again, and when; only what nobody else would repeat waits here.
      retries: 0,
      // Of this process' one HTTP client: the library's own would hand its forms to another version's connections.
      makeRequest: request,
      rejectOnRateLimit: ({ method, route }) => method !== "GET" && !route.startsWith("/interactions"),
    },
  });
}

const Dispatch = z.object({ t: z.string(), d: z.unknown() });

/** Listens to the client; no listener throws into the library. Gives a promise that rejects when Discord refuses. */
async function listen(
  { discord, client, context, state }: Gateway,
  { receiver, inbox, answers }: { readonly receiver: Receiver; readonly inbox: Inbox; readonly answers: Answers },
): Promise<never> {
  const { Events } = discord;
  const { log, environment } = context;
  const guarded =
    <Given extends unknown[]>(work: (...given: Given) => void | Promise<void>) =>
    (...given: Given): void => {
      const run = async (): Promise<void> => await work(...given);
      run().catch((thrown: unknown) =>
        log.error({ error: describeError(thrown) }, "an event of Discord was not handled"),
      );
    };
  client.on(
    "raw",
    guarded(async (packet: unknown, shard: unknown) => {
      state.lastReceivedAt = environment.clock();
      const dispatch = Dispatch.safeParse(packet).data;
      if (dispatch?.t === "INTERACTION_CREATE") await answers.handle(dispatch.d, receiver.about());
      else if (dispatch !== undefined) receiver.receive({ ...dispatch, shard: Number(shard) }, inbox);
    }),
  );
  const back = (): void => {
    state.awaySince = undefined;
  };
  client.on(Events.ShardResume, back);
  client.on(
    Events.ShardReady,
    guarded(async (shard) => {
      back();
      context.identify(identityOf(client));
      await inbox.fill(shard, receiver.gaps(shard), shard === 0);
    }),
  );
  client.on(Events.ShardReconnecting, () => {
    state.awaySince ??= environment.clock();
  });
  const failed = (error: Error): void => log.warn({ error: describeError(error) }, "Discord's gateway failed");
  client.on(Events.ShardError, failed);
  client.on(Events.Error, failed);
  return await new Promise<never>((_resolve, reject) => {
    client.on(Events.ShardDisconnect, ({ code }) => {
      state.refusal = refusalOf(code);
      log.error(state.refusal, "Discord closed the connection for good");
      reject(new DiscordRefusedError(state.refusal));
    });
  });
}

/** Resolves when all shards know their servers. */
async function login({ discord, client, context, state }: Gateway, refused: Promise<never>): Promise<void> {
  const stop = new AbortController();
  const tooLate = realSleep(READY_WITHIN_MS, stop.signal).then(() => {
    throw new DiscordUnreachableError(`not ready within ${READY_WITHIN_MS / 1_000} s`);
  });
  const ready = new Promise<void>((resolve) => client.once(discord.Events.ClientReady, () => resolve()));
  const loggedIn = client.login(context.settings.token.reveal()).then(async () => await ready);
  // Whichever loses the race has nobody who waits for it.
  for (const loser of [refused, tooLate, loggedIn]) loser.catch(() => undefined);
  try {
    await Promise.race([loggedIn, refused, tooLate]);
  } catch (thrown) {
    if (state.refusal !== undefined) throw new DiscordRefusedError(state.refusal);
    throw thrown instanceof DiscordUnreachableError ? thrown : new DiscordUnreachableError(describeError(thrown));
  } finally {
    stop.abort();
  }
}

/** By what was received last: packets, and the acknowledged heartbeats of every shard. */
function healthOf({ discord, client, context, state }: Gateway, missesContent: boolean): Health {
  const shards = [...client.ws.shards.values()];
  const last = Math.max(state.lastReceivedAt ?? 0, ...shards.map(({ lastPingTimestamp }) => lastPingTimestamp));
  const received = last > 0 ? { lastReceivedAt: new Date(last).toISOString() } : {};
  if (state.closed) return { state: "closed", detail: "closed", ...received };
  if (state.refusal !== undefined) return { state: "down", ...state.refusal, ...received };
  const away = shards.filter(({ status }) => status !== discord.Status.Ready).length;
  if (away > 0) {
    const forMs = context.environment.clock() - (state.awaySince ?? context.environment.clock());
    const detail = `${away} of ${shards.length} shards reconnect, since ${Math.round(forMs / 1_000)} s`;
    const isDown = away === shards.length && forMs > AWAY_MS;
    const remedy = "Check the network of this machine, and https://discordstatus.com.";
    return { state: isDown ? "down" : "degraded", detail, ...(isDown ? { remedy } : {}), ...received };
  }
  if (missesContent) {
    const detail = "the Message Content intent is off: in servers only mentions and commands can be read";
    return { state: "degraded", detail, remedy: CONTENT_REMEDY, ...received };
  }
  const servers = client.guilds.cache.size;
  return { state: "live", detail: `${shards.length} shards, ${servers} servers`, ...received };
}

/** One call of the library, by this process' own fetch. */
async function request(url: string, init: Parameters<RESTOptions["makeRequest"]>[1]): Promise<Response> {
  const { method, headers, body, signal } = init;
  return await fetch(
    new Request(url, {
      ...(method === undefined ? {} : { method }),
      headers: new Headers(headers),
      body: body ?? null,
      signal: signal ?? null,
    }),
  );
}
