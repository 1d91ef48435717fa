import { watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";
import { colors } from "../colors.ts";
import { z } from "zod";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { recording } from "../../core/testing/index.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print } from "../output.ts";
import type { Health } from "../../core/adapter.ts";
import { localPlatformsFor, openLocalPlatforms, platformNames, withLocalAccounts } from "../dev/local-platforms.ts";
import { openDevPage } from "../dev/page-server.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Role } from "../runtime/shared.ts";
import { startRuntime } from "../runtime/runtime.ts";
import { outliveStrayRejections, runUntilStopped } from "../runtime/signals.ts";
import { announce, reloadFrom } from "./start.ts";

/** An editor writes a file in several steps; one reload serves them all. */
const SETTLE_MS = 150;

const Options = CommonOptions.extend({
  record: z.string().optional(),
  platforms: z.string().optional(),
  port: z.coerce.number().int().min(0).max(65_535),
});

/** `parley dev`: start, on local platforms as well, with the configuration reloaded whenever it is saved. */
export function addDevCommand(dev: Command): void {
  dev
    .option("--platforms <names>", "local platforms such as discord,slack, or none; all of them when left out")
    .option("--port <port>", "where the page of the local platforms listens", "8090")
    .option("--record <directory>", "writes a redacted fixture of each new kind of payload that the platforms send")
    .action(async (_options, command: Command) => await runDev(optionsOf(command, Options)));
}

async function runDev({ config, record, platforms, port }: z.output<typeof Options>): Promise<void> {
  outliveStrayRejections();
  const running: { runtime?: Runtime } = {};
  const { bots } = (await loadConfig(config)).config;
  const known = localPlatformsFor(Object.values(bots).flatMap(({ accounts }) => accounts));
  const routes = () => running.runtime?.accounts.routes() ?? [];
  const desks = await openLocalPlatforms(platformNames(platforms, known), known, routes);
  const load = async (): Promise<LoadedConfig> => {
    const local = withLocalAccounts(
      await loadConfig(config),
      desks.map(({ platform }) => platform.account),
    );
    return record === undefined ? local : recorded(local, record);
  };
  const reload = async (runtime: Runtime): Promise<void> => await reloadFrom(load, runtime);
  const closers: (() => unknown)[] = [];
  await runUntilStopped({
    start: async () => await startRuntime(await load(), { roles: new Set<Role>(["adapters", "workers", "gateway"]) }),
    started: async (runtime) => {
      running.runtime = runtime;
      const page = desks.length === 0 ? undefined : await openDevPage({ desks, port, health: healthOf(runtime) });
      closers.push(
        watchFile(resolve(config), async () => await reload(runtime)),
        async () => await page?.close(),
      );
      announce(runtime);
      if (page !== undefined) print(`${colors.bold("Local platforms")}  ${colors.cyan(page.url)}\n`);
      print(colors.dim(`watching ${config}`));
    },
    reload,
  });
  for (const close of closers) await close();
  await Promise.all(desks.map(async ({ platform }) => await platform.close()));
}

function healthOf({ accounts }: Runtime): (platform: string) => Health | undefined {
  return (platform) => accounts.health().find(({ account }) => account === `${platform}:local`);
}

/** The same configuration, its adapters writing what they receive. */
function recorded(loaded: LoadedConfig, directory: string): LoadedConfig {
  const bots = Object.entries(loaded.config.bots).map(([id, bot]) => {
    const accounts = bot.accounts.map((one) => ({ ...one, adapter: recording(one.adapter, resolve(directory)) }));
    return [id, { ...bot, accounts }] as const;
  });
  return { ...loaded, config: { ...loaded.config, bots: Object.fromEntries(bots) } };
}

function watchFile(file: string, onChange: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  const name = basename(file);
  // The directory is watched, since editors replace the file instead of writing into it.
  const watcher = watch(dirname(file), (_event, changed) => {
    if (changed !== name && changed !== ".env") return;
    clearTimeout(timer);
    timer = setTimeout(() => void onChange(), SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
