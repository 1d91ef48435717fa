/** Everything that runs, opened in order and closed in reverse: store, broker, bots, workers, accounts, gateway. */
import { join } from "node:path";
import { createSpool } from "../../core/attachments/index.ts";
import { createTurnHandler } from "../../core/turn/turn.ts";
import { createDeadLetterNotice } from "../../core/turn/dead-letter.ts";
import type { Broker, Running } from "../../core/broker/broker.ts";
import type { LoadedConfig, PlannedChange } from "../../core/config/index.ts";
import { describeConfig, planChanges } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { writeApplied } from "./applied-config.ts";
import type { Accounts } from "./accounts.ts";
import { openAccounts } from "./accounts.ts";
import type { Bots } from "./bots.ts";
import { openBots } from "./bots.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { observe } from "./observe.ts";
import { openBroker } from "./open-broker.ts";
import { openGateway } from "./open-gateway.ts";
import { openStore } from "./open-store.ts";
import { openTopics } from "./open-topics.ts";
import type { Shared } from "./shared.ts";
import { systemEnvironment } from "./system-environment.ts";
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
    if (options.keepApplied !== true) await writeApplied(dataDirectoryOf(loaded), describeConfig(loaded.config));
    return { ...parts, reload: async (next) => await reload(next, parts), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

interface Parts {
  readonly url: string | undefined;
  readonly telemetry: Telemetry;
  readonly accounts: Accounts;
  readonly bots: Bots;
  readonly current: { loaded: LoadedConfig };
  readonly remount: () => Promise<void>;
}

async function openParts(
  loaded: LoadedConfig,
  { roles, logDestination }: RuntimeOptions,
  closers: (() => Promise<void>)[],
): Promise<Parts> {
  const environment = systemEnvironment();
  const queue: { broker?: Broker } = {};
  const observed = observe(loaded.config.log.level, logDestination, async () => await queue.broker?.counts());
  const { telemetry } = observed;
  const store = await openStore(loaded, telemetry);
  closers.push(store.close);
  const broker = await openBroker(loaded, { environment, telemetry });
  queue.broker = broker;
  closers.push(broker.close);
  const topics = await openTopics(loaded, { environment, telemetry });
  closers.push(topics.close);
  const bots = await openBots(loaded, { environment, telemetry, store, topics });
  closers.push(bots.close);
  const spool = createSpool({ directory: join(dataDirectoryOf(loaded), "spool"), environment });
  const shared = { loaded, environment, telemetry, store, broker, bots, spool };
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
      telemetry.log.error({ error: describeError(thrown) }, "the gateway could not be mounted anew");
    }
  };
  accounts.onConnected(() => void remount());
  if (gateway !== undefined) closers.push(gateway.close);
  return { url: gateway?.url, telemetry, accounts, bots, current: { loaded }, remount };
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
): Promise<readonly PlannedChange[]> {
  const changes = planChanges(describeConfig(current.loaded.config), describeConfig(next.config));
  if (changes.length === 0) return changes;
  try {
    await bots.reload(next);
    await accounts.reload(next);
    await remount();
    current.loaded = next;
    await writeApplied(dataDirectoryOf(next), describeConfig(next.config));
  } catch (thrown) {
    telemetry.log.error(
      { error: describeError(thrown) },
      "the new configuration could not be applied; the last good one goes on",
    );
    throw thrown;
  }
  return changes;
}
