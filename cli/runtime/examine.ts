/** Everything `doctor` looks at. Each finding says what was found and, where it is not fine, what to do. */
import { statfs } from "node:fs/promises";
import { z } from "zod";
import type { BrokerCounts } from "../../core/broker/broker.ts";
import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { ConfigIssue } from "../../core/config/index.ts";
import { ConfigError, describeIssue, loadConfig } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import { sqliteDriver } from "../../core/store/sqlite/driver.ts";
import type { Network } from "../../core/network/network.ts";
import type { Store } from "../../core/store/store.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { within } from "../../core/timing/deadline.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { RETENTION_REPORT } from "./housekeeping.ts";
import { openBroker } from "./open-broker.ts";
import type { Databases } from "../../core/store/databases.ts";
import { openDatabases } from "./open-databases.ts";
import { openFiles, openSealedFiles } from "./open-files.ts";
import { checkCertificate } from "./check-certificate.ts";
import { checkSealing } from "./check-sealing.ts";
import { openStore } from "./open-store.ts";
import { checkBudgets, checkGoesOn } from "./check-budgets.ts";
import { checkHandOver } from "./check-hand-over.ts";
import { checkRunning } from "./check-running.ts";
import { checkNetwork, describePaths } from "./check-network.ts";
import { openNetwork } from "./open-network.ts";
import { openTopics } from "./open-topics.ts";
import { topicCounts, topicNames } from "./topic-names.ts";
import { systemEnvironment } from "./system-environment.ts";

const LOW_DISK_BYTES = 500 * 1024 * 1024;

/** One thing that is looked at, with the time that it may take. */
interface Inspection {
  /** Names the finding where it fails or takes too long. */
  readonly name: string;
  readonly look: () => Promise<readonly Check[]>;
  /** What to do where no answer comes. */
  readonly remedy?: string;
  /** @default INSPECTION_MS */
  readonly limitMs?: number;
}

/** Hears when something is begun to be looked at, and when its findings are there. */
export type OnProgress = (progress: { readonly name: string; readonly checks?: readonly Check[] }) => void;

/** Each looks for so long at most; all of them look at once. A broker's own patience is five seconds. */
const INSPECTION_MS = 7_000;
const BOTS_MS = 9_000;

/** Runs every check; one that throws or does not end becomes an error finding, and the others still run. */
export async function examine(configFile: string, onProgress: OnProgress): Promise<void> {
  const run = async (inspection: Inspection): Promise<void> => {
    const { name } = inspection;
    onProgress({ name });
    onProgress({ name, checks: await examineOne(inspection) });
  };
  const found: { loaded?: LoadedConfig } = {};
  let isUsable = false;
  await run({ name: "node", look: async () => [checkNode(process.versions.node)] });
  await run({ name: "sqlite", look: async () => [checkSqlite()] });
  await run({
    name: "configuration",
    look: async () => {
      found.loaded = await loadConfig(configFile);
      const bots = Object.keys(found.loaded.config.bots).join(", ");
      // Told here once, instead of by everything that keeps something there.
      dataDirectoryOf(found.loaded);
      isUsable = true;
      return [{ name: "configuration", status: "ok", detail: `${found.loaded.file}: ${bots}` }];
    },
  });
  const { loaded } = found;
  if (loaded === undefined || !isUsable) return;
  const network = await openNetwork(loaded);
  await Promise.all([
    ...[
      { name: "disk", look: async () => [await checkDisk(dataDirectoryOf(loaded))] },
      { name: "running", look: async () => await checkRunning(loaded) },
      { name: "certificate", look: async () => checkCertificate(loaded, Date.now()) },
      { name: "network", look: async () => [checkNetwork(loaded)] },
      { name: `broker (${loaded.config.broker.kind})`, look: async () => await checkBroker(loaded) },
      { name: "files", look: async () => await checkFiles(loaded, network) },
      { name: "topics", look: async () => await checkTopics(loaded) },
      { name: "hand-over", look: async () => checkHandOver(loaded) },
    ].map(run),
    withStore(loaded, network, run),
    ...accountInspections(loaded, network).map(run),
  ]);
}

async function examineOne({
  name,
  look,
  remedy = "See whether it can be reached from here.",
  limitMs = INSPECTION_MS,
}: Inspection): Promise<readonly Check[]> {
  try {
    const looked = await within(look, { ms: limitMs });
    return looked?.value ?? [{ name, status: "error", detail: `no answer within ${limitMs / 1000} s`, remedy }];
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) return [{ name, status: "error", detail: describeError(thrown) }];
    return thrown.issues.map((issue) => ({ name, status: "error", detail: describeIssue(issue), ...remedyOf(issue) }));
  }
}

function remedyOf({ fix }: ConfigIssue): Pick<Check, "remedy"> {
  return fix === undefined ? {} : { remedy: fix };
}

async function checkBroker(loaded: LoadedConfig): Promise<readonly Check[]> {
  const broker = await openBroker(loaded, { environment: systemEnvironment(), telemetry: silentTelemetry });
  try {
    return [...(await broker.check()), checkQueue(await broker.counts())];
  } finally {
    await broker.close();
  }
}

/** What lies in the queue: dead letters want somebody to look. */
function checkQueue({ waiting, running, outbox, dead }: BrokerCounts): Check {
  const name = "queue";
  const detail = `${waiting} messages wait, ${running} conversations at work, ${outbox} replies on their way, ${dead} dead letters`;
  if (dead === 0) return { name, status: "ok", detail };
  return { name, status: "warning", detail, remedy: "See why: parley dead-letters list" };
}

/** The directory's disk is looked at by itself. */
async function checkFiles(loaded: LoadedConfig, network: Network): Promise<readonly Check[]> {
  const files = await openFiles(loaded, network);
  try {
    return await files.check();
  } finally {
    await files.close();
  }
}

/** Store, tool packs and models share one opened store. */
async function withStore(
  loaded: LoadedConfig,
  network: Network,
  run: (inspection: Inspection) => Promise<void>,
): Promise<void> {
  const [environment, telemetry] = [systemEnvironment(), silentTelemetry];
  const opened: { store?: Store } = {};
  const databases = await openDatabases(loaded);
  const files = await openSealedFiles(loaded, network, databases.sealing);
  await run({
    name: "store",
    look: async () => {
      opened.store = await openStore(databases);
      const { store } = opened;
      const budgets = await checkBudgets(Object.values(loaded.config.bots), { store, environment });
      return [...(await store.check()), await checkRetention(store), ...budgets];
    },
  });
  const { store } = opened;
  await run({
    name: "sealing",
    look: async () => await checkSealing(loaded, databases.sealing, { isStoreOpen: store !== undefined }),
  });
  const close = async (): Promise<void> => {
    await files.close();
    await databases.close();
  };
  if (store === undefined) return await close();
  const ofBots = {
    name: "bots",
    limitMs: BOTS_MS,
    remedy: "The first look reads all documents and trains the recommender: try again.",
    look: async () => {
      // Loaded here: what it needs is most of the product, and the other findings are there before.
      const { openBots } = await import("./bots.ts");
      const bots = await openBots(loaded, { environment, telemetry, store, databases, files, network });
      try {
        return [...(await bots.check()), ...checkGoesOn(bots.all())];
      } finally {
        await bots.close();
      }
    },
  };
  const ofModels = Object.values(loaded.config.bots).map((bot) => ({
    name: `${bot.id} model`,
    look: async () => {
      const [dataDirectory, configDirectory] = [dataDirectoryOf(loaded), loaded.directory];
      const context = { bot, environment, telemetry, store, databases, files, network, dataDirectory, configDirectory };
      return (await bot.crew.check?.(context)) ?? [];
    },
  }));
  await Promise.all([ofBots, codesInspection(loaded, databases, network), ...ofModels].map(run));
  await store.close();
  await close();
}

function codesInspection(loaded: LoadedConfig, databases: Databases, network: Network): Inspection {
  const { log } = silentTelemetry;
  return {
    name: "codes",
    look: async () => {
      // Loaded here: nothing else of these checks needs the accounts.
      const { checkCodes } = await import("./code-senders.ts");
      return await checkCodes(loaded, { databases, network, environment: systemEnvironment(), log });
    },
  };
}

const RetentionReport = z.object({ at: z.iso.datetime(), pruned: z.record(z.string(), z.number()) });

/** What the retention job did last. */
async function checkRetention({ values }: Pick<Store, "values">): Promise<Check> {
  const name = "retention";
  const report = RetentionReport.safeParse(await values.get(RETENTION_REPORT.owner, RETENTION_REPORT.key)).data;
  if (report === undefined) return { name, status: "ok", detail: "the job has not run yet; it runs every hour" };
  const deleted = Object.entries(report.pruned).filter(([, count]) => count > 0);
  const detail = deleted.length === 0 ? "nothing" : deleted.map(([kind, count]) => `${count} of ${kind}`).join(", ");
  return { name, status: "ok", detail: `deleted ${detail} at ${report.at}` };
}

async function checkTopics(loaded: LoadedConfig): Promise<readonly Check[]> {
  const names = topicNames(loaded);
  if (names.length === 0) return [];
  const topics = await openTopics(loaded, { environment: systemEnvironment(), telemetry: silentTelemetry });
  try {
    const counts = Object.values(await topicCounts(topics, names));
    const sum = (state: "waiting" | "dead"): number => counts.reduce((total, one) => total + one[state], 0);
    const detail = `${names.length} topics, ${sum("waiting")} waiting, ${sum("dead")} dead letters`;
    if (sum("dead") === 0) return [{ name: "topics", status: "ok", detail }];
    const remedy = "Look at them with: parley dead-letters list; resubmit them once the cause is gone.";
    return [{ name: "topics", status: "warning", detail, remedy }];
  } finally {
    await topics.close();
  }
}

function accountInspections({ config }: LoadedConfig, network: Network): readonly Inspection[] {
  const accounts = Object.values(config.bots).flatMap((bot) => bot.accounts);
  return accounts.map(({ adapter, name, settings }) => {
    const account = `${adapter.manifest.platform}:${name}`;
    const bound = adapter.bind(settings);
    const asked = bound.addresses.map(({ address }) => `${new URL(address).host} ${network.describe(address)}`);
    return {
      name: account,
      remedy: `See whether this machine reaches ${asked.join(", ")}.`,
      look: async () => {
        const found = await bound.probe(network);
        const nothing: Check = { name: account, status: "ok", detail: "needs nothing from outside" };
        return [...describePaths(account, bound, network), ...(found.length > 0 ? found : [nothing])];
      },
    };
  });
}

/** What `engines` of package.json says: the versions that everything here runs on. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fine = major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19);
  return fine
    ? { name: "node", status: "ok", detail: `v${version}` }
    : { name: "node", status: "error", detail: `v${version}`, remedy: "Install Node 24, or 22.13 or later of 22." };
}

function checkSqlite(): Check {
  try {
    return { name: "sqlite", status: "ok", detail: `better-sqlite3 ${sqliteDriver().version}` };
  } catch (thrown) {
    return { name: "sqlite", status: "error", detail: describeError(thrown) };
  }
}

async function checkDisk(directory: string): Promise<Check> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const detail = `${directory}: ${Math.floor(free / (1024 * 1024))} MB free`;
  if (free >= LOW_DISK_BYTES) return { name: "disk", status: "ok", detail };
  return { name: "disk", status: "warning", detail, remedy: "Free some space, or move dataDirectory to another disk." };
}
