import type { AdapterContext, AdapterSession, Health } from "../../core/adapter.ts";
import type { BoundAdapter, SealedPayload } from "../../core/adapter-binding.ts";
import { createAttachments } from "../../core/attachments/index.ts";
import type { AccountConfig, BotConfig } from "../../core/bot.ts";
import type { AccountId } from "../../core/conversation-id.ts";
import { accountId } from "../../core/conversation-id.ts";
import { createConversations } from "../../core/conversation/index.ts";
import { createDelivery, createLimiter, createLive, realSleep, splitIn } from "../../core/delivery/index.ts";
import { describeError } from "../../core/errors.ts";
import type { InboundEvent } from "../../core/event.ts";
import type { HttpRoute, SocketRoute } from "../../core/http.ts";
import { createIntake } from "../../core/intake/intake.ts";
import type { Shared } from "./shared.ts";

/** One account on its platform: receiving, delivering, showing live signals. */
export interface ConnectedAccount {
  readonly health: () => Health;
  readonly routes: () => readonly HttpRoute[];
  readonly sockets: () => readonly SocketRoute[];
  readonly close: () => Promise<void>;
}

/** Which account is to be connected, and who wants to know when it is. */
export interface WantedAccount {
  readonly account: AccountConfig;
  readonly bot: BotConfig;
  readonly onConnected: () => void;
}

const GRACE_MS = 10_000;
const SPOOL_MS = 120_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** Connects the account; when it cannot connect now, goes on trying in the background and says so in its health. */
export async function connectAccount(wanted: WantedAccount, shared: Shared): Promise<ConnectedAccount> {
  const { account, bot, onConnected } = wanted;
  const adapter = account.adapter.bind(account.settings);
  const id = accountId(adapter.manifest.platform, account.name);
  const log = shared.telemetry.log.child({ account: id });
  let connection: Connection | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let health: Health = { state: "starting", detail: "connecting" };

  const connect = async (delayMs: number): Promise<void> => {
    try {
      connection = await openConnection({ adapter, id, account, bot, shared });
      if (closed) await connection.close();
      else onConnected();
    } catch (thrown) {
      health = { state: "down", detail: describeError(thrown), remedy: "Run: parley doctor" };
      log.error({ error: describeError(thrown), retryInMs: delayMs }, "the account could not connect and tries again");
      if (closed) return;
      retry = setTimeout(() => void connect(Math.min(LAST_RETRY_MS, delayMs * 2)), delayMs);
    }
  };
  await connect(FIRST_RETRY_MS);
  return {
    health: () => connection?.session.health() ?? health,
    routes: () => connection?.session.routes ?? [],
    sockets: () => connection?.session.sockets ?? [],
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await connection?.close();
    },
  };
}

interface ConnectionParts {
  readonly adapter: BoundAdapter;
  readonly id: AccountId;
  readonly account: AccountConfig;
  readonly bot: BotConfig;
  readonly shared: Shared;
}

interface Connection {
  readonly session: AdapterSession<SealedPayload>;
  readonly close: () => Promise<void>;
}

async function openConnection(parts: ConnectionParts): Promise<Connection> {
  const { adapter, id, bot, shared } = parts;
  const { broker, store, environment, telemetry } = shared;
  const link: SessionLink = {};
  const session = await adapter.connect(adapterContext(parts, link));
  link.session = session;
  const limiter = createLimiter({ rate: adapter.manifest.capabilities.rate, clock: environment.clock });
  const live = createLive({
    adapter,
    session,
    broker,
    limiter,
    environment,
    log: telemetry.log,
    sleep: realSleep,
    splitIn,
  });
  const unsubscribe = await broker.subscribe(`live:${id}`, live.handle);
  const delivering = broker.deliver(
    id,
    createDelivery({
      adapter,
      session,
      account: id,
      bot: bot.id,
      deliveries: store.deliveries,
      broker,
      telemetry,
      environment,
      limiter,
      live,
    }),
  );
  return {
    session,
    close: async () => {
      await delivering.close(GRACE_MS);
      await unsubscribe();
      await live.close();
      await session.close();
    },
  };
}

/** The session comes after its context, and the context's files come through the session. */
interface SessionLink {
  session?: AdapterSession<SealedPayload>;
}

function adapterContext(
  { id, account, bot, shared }: ConnectionParts,
  link: SessionLink,
): Omit<AdapterContext<never>, "settings"> {
  const { broker, store, environment, telemetry, bots, spool } = shared;
  const conversations = createConversations({ store, broker, environment });
  return {
    account: id,
    accountName: account.name,
    bot: { id: bot.id, name: bot.name },
    environment,
    log: telemetry.log.child({ account: id }),
    accept: createIntake({
      account: id,
      bot: bot.id,
      burstMs: () => bots.find(bot.id)?.config.policies.burstMs ?? 0,
      broker,
      store,
      environment,
      telemetry,
      onAccepted: spoolFiles(shared, link),
    }),
    spool: spool.put,
    history: async (conversation, options) => await store.history.page(conversation, options),
    endConversation: async (conversation, reason) => {
      await conversations.end(conversation, reason);
    },
    conversation: async (conversation) => await store.conversations.get(conversation),
    values: {
      get: async (key) => await store.values.get(`adapter:${id}`, key),
      set: async (key, value) => await store.values.set(`adapter:${id}`, key, value),
    },
  };
}

/** Fetches the files of an event while the platform's links live; a file that cannot be had is told, not thrown. */
function spoolFiles(
  { spool, broker, environment, telemetry }: Shared,
  link: SessionLink,
): (event: InboundEvent) => void {
  const attachments = createAttachments({ spool, sessionOf: () => link.session, broker, clock: environment.clock });
  const spoolAll = async (event: InboundEvent): Promise<void> => {
    const log = telemetry.log.child({ correlationId: event.id });
    try {
      for (const { code } of await attachments.spoolAll(event, AbortSignal.timeout(SPOOL_MS))) {
        log.warn({ code }, "a file was not spooled");
      }
    } catch (thrown) {
      log.warn({ error: describeError(thrown) }, "files were not spooled");
    }
  };
  return (event) => {
    if ("attachments" in event && event.attachments.length > 0) void spoolAll(event);
  };
}
