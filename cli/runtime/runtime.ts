/** Everything that runs, opened in order and closed in reverse: store, broker, bots, workers, accounts, gateway. */
import { join } from "node:path";
import { createSpool } from "../../core/attachments/index.ts";
import { createTurnHandler } from "../../core/turn/turn.ts";
import { createDeadLetterNotice } from "../../core/turn/dead-letter.ts";
import type { Broker, Running } from "../../core/broker/broker.ts";
import { createConversationLife, createEraser } from "../../core/conversation/index.ts";
import type { RunningBot } from "../../core/turn/running-bot.ts";
import type { LoadedConfig, PlannedChange } from "../../core/config/index.ts";
import { describeConfig, planChanges } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import { explained } from "../../core/store/sqlite/trouble.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Topics } from "../../core/topics/topics.ts";
import type { Accounts } from "./accounts.ts";
import { openAccounts } from "./accounts.ts";
import type { Bots } from "./bots.ts";
import { openBots } from "./bots.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { observe } from "./observe.ts";
import { openBroker } from "./open-broker.ts";
import { openGateway } from "./open-gateway.ts";
import { openNetwork } from "./open-network.ts";
import { openStore } from "./open-store.ts";
import { openTopics } from "./open-topics.ts";
import { ownRecord } from "./process-record.ts";
import type { Shared } from "./shared.ts";
import { systemEnvironment } from "./system-environment.ts";
import { topicCounts, topicNames } from "./topic-names.ts";
import { turnDependencies } from "./turn-dependencies.ts";

/** What a process does. By default all of it. */
export type Role = "adapters" | "workers" | "gateway";

export interface RuntimeOptions {
  readonly roles: ReadonlySet<Role>;
  /** Where log lines go; standard error by default. */
  readonly logDestination?: { readonly write: (line: string) => void };
  /** True leaves the record of the applied configuration alone (a terminal chat beside a running server). */
  readonly keepApplied?: boolean;
}

/** A running process. */
export interface Runtime {
  /** Where the gateway listens, when it does. */
  readonly url: string | undefined;
  readonly telemetry: Telemetry;
  readonly accounts: Accounts;
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
    return { ...parts, reload: async (next) => await reload(next, parts, noteApplied), close };
  } catch (thrown) {
    await close();
    // A disk that is full or read-only, a damaged file: whoever starts it is told what to do.
    throw explained(dataDirectoryOf(loaded), thrown);
  }
}

/** Writes down what this process runs, for `plan` and `doctor`; gives what does so again after a reload. */
async function noteWhatRuns(
  { url, current }: Parts,
  { roles, keepApplied }: RuntimeOptions,
  closers: (() => Promise<void>)[],
): Promise<() => Promise<void>> {
  if (keepApplied === true) return async () => {};
  const directory = dataDirectoryOf(current.loaded);
  const record = ownRecord(directory, { roles: [...roles], url, since: new Date().toISOString() });
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
  readonly bots: Bots;
  readonly others: () => Promise<number>;
  readonly current: { loaded: LoadedConfig };
  readonly remount: () => Promise<void>;
}

async function openParts(
  loaded: LoadedConfig,
  { roles, logDestination }: RuntimeOptions,
  closers: (() => Promise<void>)[],
): Promise<Parts> {
  const environment = systemEnvironment();
  const network = await openNetwork(loaded);
  const queue: { broker?: Broker; topics?: Topics } = {};
  const observed = observe(
    loaded.config.log.level,
    logDestination,
    async () => await queue.broker?.counts(),
    async () => (queue.topics === undefined ? {} : await topicCounts(queue.topics, topicNames(loaded))),
  );
  const { telemetry } = observed;
  const store = await openStore(loaded, telemetry);
  closers.push(store.close);
  const broker = await openBroker(loaded, { environment, telemetry });
  queue.broker = broker;
  closers.push(broker.close);
  const topics = await openTopics(loaded, { environment, telemetry });
  queue.topics = topics;
  closers.push(topics.close);
  const bots = await openBots(loaded, { environment, telemetry, store, topics, network });
  closers.push(bots.close);
  const spool = createSpool({
    directory: join(dataDirectoryOf(loaded), "spool"),
    environment,
    retentionMs: loaded.config.retention.spool * 86_400_000,
  });
  const erase = createEraser({ store, broker, spool, keepersOf: (id) => keepersOf(bots.find(id)) });
  const conversations = createConversationLife({
    store,
    broker,
    environment,
    telemetry,
    erase,
    withdraw: async ({ id, bot }, by) => await bots.find(bot)?.toolset.confirmations.withdraw({ conversation: id }, by),
  });
  const shared = { loaded, environment, telemetry, store, broker, bots, spool, conversations, network };
  if (roles.has("workers")) {
    closers.push(startWorkers(shared).close);
    bots.startWork();
  }
  const accounts = await openAccounts(shared, roles.has("adapters"));
  closers.push(accounts.close);
  closers.push(startHousekeeping(shared));
  const gateway = roles.has("gateway") ? await openGateway({ ...shared, accounts, observed }) : undefined;
  const remount = async (): Promise<void> => {
    try {
      await gateway?.refresh();
    } catch (thrown) {
      telemetry.log.error({ error: describeError(thrown) }, "the gateway's routes could not be mounted again");
    }
  };
  accounts.onConnected(() => void remount());
  if (gateway !== undefined) closers.push(gateway.close);
  return { url: gateway?.url, telemetry, accounts, bots, others: broker.others, current: { loaded }, remount };
}

function keepersOf(bot: RunningBot | undefined) {
  return bot === undefined ? [] : [...bot.packs, bot.toolset];
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
    const { broker, dataDirectory, gateway, network, workers, log, retention } = current.loaded.config;
    const running = { broker, dataDirectory, gateway, network, workers, log, retention };
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
