import type { AdapterSession, Capabilities, Health } from "../../core/adapter.ts";
import type { BoundAdapter, SealedPayload, ConnectContext } from "../../core/adapter-binding.ts";
import type { AccountConfig, BotConfig } from "../../core/bot.ts";
import type { Broker } from "../../core/broker/broker.ts";
import { type AccountId, accountId } from "../../core/conversation-id.ts";
import { createDelivery, createLimiter, createLive } from "../../core/delivery/index.ts";
import { describeError } from "../../core/errors.ts";
import type { HttpRoute, SocketRoute } from "../../core/http.ts";
import { createIntake } from "../../core/intake/intake.ts";
import { backOffMs } from "../../core/timing/back-off.ts";
import { within } from "../../core/timing/deadline.ts";
import { whenAborted } from "../../core/timing/signals.ts";
import { pauseFor } from "../../core/timing/sleep.ts";
import { readHealth, secretHider } from "./account-health.ts";
import { describePaths } from "./check-network.ts";
import type { Shared } from "./shared.ts";
import { keepFile, type SessionLink, spoolFiles } from "./spool-files.ts";

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
const retryInMs = (failures: number): number => backOffMs(failures, { baseDelayMs: 1_000, maxDelayMs: 60_000 }, 0.5);
/** A start waits at most this long for an exclusive account's first try. */
const FIRST_TRY_MS = 1_500;
/** And this long for any other's; what the account offers over HTTP after that is there from the next start on. */
const PATIENCE_MS = 5_000;

/**
 * Connects the account; when it cannot connect now, goes on trying in the background and says so in its health. An
 * exclusive account is connected by one process at a time: the others stand by.
 */
export async function connectAccount(wanted: WantedAccount, shared: Shared): Promise<ConnectedAccount> {
  const { account, bot, onConnected } = wanted;
  const adapter = account.adapter.bind(account.settings, bot);
  const id = accountId(adapter.manifest.platform, account.name);
  const log = shared.telemetry.log.child({ account: id });
  const exclusive = adapter.connection === "exclusive";
  const hide = secretHider(account.settings);
  let connection: Connection | undefined;
  let health: Health = exclusive
    ? { state: "stand-by", detail: "another process is connected; this one takes over when it stops" }
    : { state: "starting", detail: "connecting" };

  /** One try; gives whether it succeeded. */
  const connect = async (nextTryMs: number): Promise<boolean> => {
    try {
      health = { state: "starting", detail: "connecting" };
      connection = await openConnection({ adapter, id, account, bot, shared });
      onConnected();
      return true;
    } catch (thrown) {
      const error = hide(describeError(thrown));
      // Where a proxy is set it is the first suspect, which no adapter's error names.
      const [path] = describePaths(id, adapter, shared.network);
      const reached = path === undefined ? "" : `It is reached so: ${path.detail}. `;
      health = { state: "down", detail: error, remedy: `${reached}Run: parley doctor` };
      log.error(
        { error, retryInMs: nextTryMs, ...(path && { network: path.detail }) },
        "the account could not connect and tries again",
      );
      return false;
    }
  };
  const stayConnected = async (closing: AbortSignal, isConnected: boolean): Promise<void> => {
    let connected = isConnected;
    for (let failures = 1; !connected; failures += 1) {
      await pauseFor(retryInMs(failures), closing);
      if (closing.aborted) break;
      connected = await connect(retryInMs(failures + 1));
    }
    await whenAborted(closing);
    await connection?.close();
    connection = undefined;
    health = { state: "closed", detail: "closed" };
  };
  const onSlow = (): void => log.warn({}, "still connecting: the start goes on");
  const closeAccount = exclusive
    ? await connectWhenFree(shared.broker, id, { connect, stayConnected })
    : await connectAtOnce({ connect, stayConnected, onSlow });
  return {
    health: () => (connection === undefined ? health : readHealth(() => connection?.session.health(), hide)),
    routes: () => connection?.session.routes ?? [],
    sockets: () => connection?.session.sockets ?? [],
    close: async () => await closeAccount(),
  };
}

interface Connecting {
  readonly connect: (nextTryMs: number) => Promise<boolean>;
  readonly stayConnected: (closing: AbortSignal, isConnected: boolean) => Promise<void>;
}

/** Waits a moment for the first try, so that a start can say what became of it; a stand-by waits no longer than that. */
async function connectWhenFree(
  broker: Pick<Broker, "hold">,
  id: AccountId,
  { connect, stayConnected }: Connecting,
): Promise<() => Promise<void>> {
  const tried = new AbortController();
  const holding = broker.hold(id, async ({ closing }) => {
    const isConnected = await connect(retryInMs(1));
    tried.abort();
    await stayConnected(closing, isConnected);
  });
  await pauseFor(FIRST_TRY_MS, tried.signal);
  return async () => await holding.close(GRACE_MS);
}

/**
 * The first try is waited for, so that what the account offers over HTTP is there when the gateway opens; one that never
 * ends keeps neither the other accounts from starting nor the process from stopping.
 */
async function connectAtOnce({
  connect,
  stayConnected,
  onSlow,
}: Connecting & { readonly onSlow: () => void }): Promise<() => Promise<void>> {
  const closing = new AbortController();
  let isTried = false;
  const first = connect(retryInMs(1)).finally(() => {
    isTried = true;
  });
  const staying = first.then(async (isConnected) => await stayConnected(closing.signal, isConnected));
  if ((await within(async () => await first, { ms: PATIENCE_MS })) === undefined) onSlow();
  return async () => {
    closing.abort();
    if (isTried) await staying;
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
  const {
    adapter,
    id,
    shared: { telemetry },
  } = parts;
  const link: SessionLink = {};
  const session = await adapter.connect(adapterContext(parts, link));
  link.session = session;
  try {
    return await runSession(parts, session);
  } catch (thrown) {
    // The next try opens another session; two at once would answer everything twice.
    await session.close().catch((cause: unknown) => {
      telemetry.log.warn({ account: id, error: describeError(cause) }, "a session could not be closed");
    });
    throw thrown;
  }
}

async function runSession(
  { adapter, id, account, bot, shared }: ConnectionParts,
  session: AdapterSession<SealedPayload>,
): Promise<Connection> {
  const { broker, store, environment, telemetry } = shared;
  const limiter = createLimiter({ rate: paceOf(adapter, account), clock: environment.clock });
  const live = createLive({
    adapter,
    session,
    broker,
    limiter,
    environment,
    log: telemetry.log,
  });
  const unsubscribe = await broker.subscribe(`live:${id}`, live.handle);
  const delivering = broker.deliver(
    id,
    createDelivery({
      adapter,
      session,
      account: id,
      bot: bot.id,
      locale: bot.locale,
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

/** The account's own pace, where one is set; a chat's pace stays the platform's. */
function paceOf({ manifest }: BoundAdapter, { messagesPerSecond }: AccountConfig): Capabilities["rate"] {
  const { rate } = manifest.capabilities;
  return messagesPerSecond === undefined ? rate : { ...rate, perAccountPerSecond: messagesPerSecond };
}

function adapterContext({ id, account, bot, shared }: ConnectionParts, link: SessionLink): ConnectContext {
  const { broker, store, environment, telemetry, bots, files, spool, conversations, network } = shared;
  return {
    account: id,
    accountName: account.name,
    bot: { id: bot.id, name: bot.name, locale: bot.locale, timeZone: bot.timeZone },
    environment,
    network,
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
    spool: async (bytes, { conversation, ...facts }) => {
      const file = await spool.put(bytes, facts);
      await keepFile(shared, conversation, file.key);
      return file;
    },
    openFile: spool.open,
    commands: bot.policies.commands.map(({ name, description, argument }) => ({
      name,
      description,
      ...(argument === undefined ? {} : { argument }),
    })),
    login: async (prompt) =>
      await broker.emit({
        version: 1,
        type: "login-prompt",
        id: environment.newId(),
        at: new Date(environment.clock()).toISOString(),
        bot: bot.id,
        account: id,
        ...(prompt === undefined ? {} : { prompt }),
      }),
    history: async (conversation, options) => await store.history.page(conversation, options),
    actions: async (conversation) => (await bots.find(bot.id)?.toolset.confirmations.list(conversation)) ?? [],
    endConversation: async (conversation, reason) => {
      await conversations.end(conversation, reason);
    },
    identify: ({ userIds }) =>
      telemetry.log.debug({ account: id, userId: userIds[0] }, "the account is known to its platform"),
    unlink: async (userId) => await store.people.unlink(id, userId),
    conversation: async (conversation) => await store.conversations.get(conversation),
    values: {
      get: async (key) => await store.values.get(`adapter:${id}`, key),
      set: async (key, value) => await store.values.set(`adapter:${id}`, key, value),
    },
    files,
  };
}
