/** Everything that runs, opened in order and closed in reverse: store, broker, bots, workers, accounts, gateway. */
import { createTurnHandler } from "../../core/turn/turn.ts";
import { createDeadLetterNotice } from "../../core/turn/dead-letter.ts";
import type { Broker, Running } from "../../core/broker/broker.ts";
import { createConversationLife, createEraser } from "../../core/conversation/index.ts";
import { keepersOf } from "../../core/turn/running-bot.ts";
import type { LoadedConfig, PlannedChange } from "../../core/config/index.ts";
import { describeConfig, planChanges } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import { explained } from "../../core/store/sqlite/trouble.ts";
import type { Environment } from "../../core/environment.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Store } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Topics } from "../../core/topics/topics.ts";
import type { Readiness } from "../../gateway/index.ts";
import type { Webhooks } from "../../gateway/webhooks/index.ts";
import type { Accounts } from "./accounts.ts";
import { openAccounts } from "./accounts.ts";
import type { Bots } from "./bots.ts";
import { openBots } from "./bots.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { startResealing } from "./reseal.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { observe } from "./observe.ts";
import { openBroker } from "./open-broker.ts";
import { openDatabases } from "./open-databases.ts";
import { openSealedFiles, openSpool } from "./open-files.ts";
import { awaitStore } from "./await-store.ts";
import { type GatewayParts, openGateway, openHealth, type RuntimeGateway } from "./open-gateway.ts";
import { openNetwork } from "./open-network.ts";
import { openStore } from "./open-store.ts";
import { openTopics } from "./open-topics.ts";
import { openWebhooks, startWebhooks } from "./open-webhooks.ts";
import { openProcessRecords } from "./process-record.ts";
import { readinessOf } from "./readiness.ts";
import type { Role, Shared } from "./shared.ts";
import { systemEnvironment } from "./system-environment.ts";
import { topicCounts, topicNames } from "./topic-names.ts";
import { turnDependencies } from "./turn-dependencies.ts";

export interface RuntimeOptions {
  readonly roles: ReadonlySet<Role>;
  /** Where log lines go; standard error by default. */
  readonly logDestination?: { readonly write: (line: string) => void };
  /** True leaves the record of the applied configuration alone (a terminal chat beside a running server). */
  readonly keepApplied?: boolean;
  /** Where a process without a gateway answers for its health and metrics. */
  readonly healthPort?: number;
  /** True waits for a database that is away, as not ready, for however long that takes; otherwise it is an error. */
  readonly waitsForStore?: boolean;
  /** Clock, randomness and ids; those of the system by default. */
  readonly environment?: Environment;
}

/** A running process. */
export interface Runtime {
  /** Where the gateway listens, when it does. */
  readonly url: string | undefined;
  readonly telemetry: Telemetry;
  readonly accounts: Accounts;
  readonly store: Store;
  /** What the bots' tool packs find, once they are ready: documents are read by then. */
  readonly check: Bots["check"];
  /** A link for who becomes the first owner, from a process with a gateway; undefined where there is an owner. */
  readonly firstOwnerLink: RuntimeGateway["firstOwnerLink"];
  /** How many other processes share the work of this installation. */
  readonly others: () => Promise<number>;
  /** Applies another configuration; what cannot change in place is left as it is and reported. */
  readonly reload: (loaded: LoadedConfig) => Promise<readonly PlannedChange[]>;
  /** Stops taking work, drains what is in hand, closes everything. */
  readonly close: () => Promise<void>;
}

/** How long work in hand may take when the process stops. */
const GRACE_MS = 10_000;

/** Opens everything a process needs. What fails to open is closed again before the error is thrown. */
export async function startRuntime(loaded: LoadedConfig, options: RuntimeOptions): Promise<Runtime> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const parts = await openParts(loaded, options, closers);
    const noteApplied = await noteWhatRuns(parts, options, closers);
    return { ...parts, check: parts.bots.check, reload: async (next) => await reload(next, parts, noteApplied), close };
  } catch (thrown) {
    await close();
    // A disk that is full or read-only, a damaged file: whoever starts it is told what to do.
    throw explained(dataDirectoryOf(loaded), thrown);
  }
}

/** Writes down what this process runs, for `plan` and `doctor`; gives what does so again after a reload. */
async function noteWhatRuns(
  { url, current, databases, state, telemetry }: Parts,
  { roles, keepApplied }: RuntimeOptions,
  closers: (() => Promise<void>)[],
): Promise<() => Promise<void>> {
  if (keepApplied === true) return async () => {};
  const records = await openProcessRecords(databases);
  closers.push(records.close);
  const record = records.own({ roles: [...roles], url, state }, (error) =>
    telemetry.log.warn({ error: describeError(error) }, "this process could not tell the others how it is"),
  );
  const note = async (): Promise<void> => {
    await record.write(describeConfig(current.loaded.config));
  };
  await note();
  closers.push(record.remove);
  return note;
}

interface Parts {
  readonly url: string | undefined;
  readonly telemetry: Telemetry;
  readonly accounts: Accounts;
  readonly store: Store;
  readonly bots: Bots;
  readonly databases: Databases;
  readonly state: () => Promise<Readiness>;
  readonly others: () => Promise<number>;
  readonly firstOwnerLink: RuntimeGateway["firstOwnerLink"];
  readonly current: { loaded: LoadedConfig };
  readonly remount: () => Promise<void>;
}

async function openParts(
  loaded: LoadedConfig,
  options: RuntimeOptions,
  closers: (() => Promise<void>)[],
): Promise<Parts> {
  const { roles, environment = systemEnvironment() } = options;
  const network = await openNetwork(loaded);
  const queue: { broker?: Broker; topics?: Topics } = {};
  const observed = observe(
    loaded.config.log.level,
    options.logDestination,
    async () => await queue.broker?.counts(),
    async () => (queue.topics === undefined ? {} : await topicCounts(queue.topics, topicNames(loaded))),
  );
  const { telemetry } = observed;
  const basics = { loaded, environment, telemetry };
  const databases = await openDatabases(loaded, telemetry);
  closers.push(databases.close);
  const files = await openSealedFiles(loaded, network, databases.sealing);
  closers.push(files.close);
  const store = await openStoreAtStart(databases, { ...basics, observed }, options);
  closers.push(store.close);
  const broker = await openBroker(loaded, basics);
  queue.broker = broker;
  closers.push(broker.close);
  const topics = await openTopics(loaded, basics);
  queue.topics = topics;
  closers.push(topics.close);
  const { webhooks, announce, notify } = await openWebhooks({ ...basics, network, databases, topics });
  closers.push(webhooks.close);
  const leavesWork = !roles.has("workers");
  const opened = { ...basics, store, databases, files, broker, topics, network, announce, leavesWork };
  const bots = await openBots(loaded, opened);
  closers.push(bots.close);
  const spool = openSpool(loaded, files, environment);
  const parts = { ...basics, store, broker, bots, files, spool, network };
  const shared = { ...parts, conversations: conversationLife(parts, webhooks) };
  if (roles.has("workers")) {
    closers.push(startWebhooks({ ...shared, databases, webhooks }));
    closers.push(startWorkers(shared).close);
    bots.startWork();
  }
  const accounts = await openAccounts(shared, roles);
  closers.push(accounts.close);
  closers.push(startHousekeeping(shared, roles));
  closers.push(await startResealing({ ...shared, databases, roles }));
  const server = await openServer({ ...shared, accounts, observed, databases, webhooks, notify }, options);
  if (server !== undefined) closers.push(server.close);
  const { url, remount } = remountable(server, telemetry);
  accounts.onConnected(() => void remount());
  const state = async (): Promise<Readiness> => await readinessOf({ ...shared, accounts });
  const { others } = broker;
  const firstOwnerLink = server?.firstOwnerLink ?? (async () => undefined);
  const running = { url, remount, firstOwnerLink, current: { loaded } };
  return { telemetry, accounts, store, bots, databases, state, others, ...running };
}

/** Where the process may wait for its database, whoever asks for its health meanwhile is told so. */
async function openStoreAtStart(
  databases: Databases,
  parts: Pick<GatewayParts, "loaded" | "observed" | "environment" | "telemetry">,
  { roles, healthPort, waitsForStore = false }: RuntimeOptions,
): Promise<Store> {
  const { telemetry, environment, loaded } = parts;
  const open = async (): Promise<Store> => await openStore(databases, { environment, telemetry });
  if (!waitsForStore) return await open();
  const port = roles.has("gateway") ? loaded.config.gateway.port : healthPort;
  return await awaitStore(open, {
    log: telemetry.log,
    tell: async (readiness) => (port === undefined ? undefined : await openHealth(parts, { port, readiness })),
  });
}

type Server = Pick<RuntimeGateway, "close"> & Partial<RuntimeGateway>;

async function openServer(parts: GatewayParts, { roles, healthPort }: RuntimeOptions): Promise<Server | undefined> {
  if (roles.has("gateway")) return await openGateway(parts);
  if (healthPort === undefined) return undefined;
  const { close } = await openHealth(parts, {
    port: healthPort,
    readiness: async () => await readinessOf(parts),
  });
  return { close };
}

function remountable(server: Server | undefined, { log }: Telemetry): Pick<Parts, "url" | "remount"> {
  const remount = async (): Promise<void> => {
    try {
      await server?.refresh?.();
    } catch (thrown) {
      log.error({ error: describeError(thrown) }, "the gateway's routes could not be mounted again");
    }
  };
  return { url: server?.url, remount };
}

function conversationLife(
  { store, broker, spool, bots, environment, telemetry }: Omit<Shared, "conversations">,
  webhooks: Webhooks,
) {
  const erase = createEraser({
    store,
    broker,
    spool,
    keepersOf: (id) => keepersOf(bots.find(id)),
    forgetTold: async (conversations) => void (await webhooks.forget(conversations)),
  });
  return createConversationLife({
    store,
    broker,
    environment,
    telemetry,
    erase,
    withdraw: async ({ id, bot }, by) => await bots.find(bot)?.toolset.confirmations.withdraw({ conversation: id }, by),
  });
}

function startWorkers(shared: Shared): { readonly close: () => Promise<void> } {
  const dependencies = turnDependencies(shared);
  const running: Running = shared.broker.work(createTurnHandler(dependencies), {
    concurrency: shared.loaded.config.workers.concurrency,
    onDead: createDeadLetterNotice(dependencies),
  });
  return { close: async () => await running.close(GRACE_MS) };
}

/** Bots first, then accounts: a failure leaves the last good configuration running. */
async function reload(
  next: LoadedConfig,
  { bots, accounts, current, telemetry, remount }: Parts,
  noteApplied: () => Promise<void>,
): Promise<readonly PlannedChange[]> {
  const changes = planChanges(describeConfig(current.loaded.config), describeConfig(next.config));
  if (changes.length === 0) return changes;
  try {
    await bots.reload(next);
    await accounts.reload(next);
    await remount();
    // What waits for a restart is not what runs: the next plan says it again.
    const { broker, store, files, dataDirectory, gateway, network, workers, log, retention } = current.loaded.config;
    const running = { broker, store, files, dataDirectory, gateway, network, workers, log, retention };
    current.loaded = { ...next, config: { ...next.config, ...running } };
    await noteApplied();
  } catch (thrown) {
    telemetry.log.error(
      { error: describeError(thrown) },
      "the new configuration could not be applied; the last good one goes on",
    );
    throw thrown;
  }
  return changes;
}
