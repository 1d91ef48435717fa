import { watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { z } from "zod";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { recording } from "../../core/testing/index.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print } from "../output.ts";
import type { Role } from "../runtime/runtime.ts";
import { startRuntime } from "../runtime/runtime.ts";
import { untilStopped } from "../runtime/signals.ts";
import { announce, reloadFrom } from "./start.ts";

/** An editor writes a file in several steps; one reload serves them all. */
const SETTLE_MS = 150;

/** `parley dev`: start, with the configuration reloaded whenever it is saved. */
export function addDevCommand(program: Command): void {
  program
    .command("dev")
    .description(
      "runs the bots and applies the configuration whenever it is saved; a faulty file leaves the last good one running",
    )
    .option("--record <directory>", "writes a redacted fixture of each new kind of payload that the platforms send")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ record: z.string().optional() }));
      const roles = new Set<Role>(["adapters", "workers", "gateway"]);
      const loaded = await loadConfig(options.config);
      const runtime = await startRuntime(options.record === undefined ? loaded : recorded(loaded, options.record), {
        roles,
      });
      announce(runtime);
      print(pc.dim(`watching ${options.config}`));
      const onReload = async (): Promise<void> => await reloadFrom(options.config, runtime);
      const stopWatching = watchFile(resolve(options.config), onReload);
      await untilStopped({ runtime, onReload });
      stopWatching();
    });
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
