/** A bot with its tools and nothing else running: for commands that work with tools beside a server. */
import type { BotConfig, OpenContext } from "../../core/bot.ts";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { botOf } from "./bot-of.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openDatabases } from "./open-databases.ts";
import { openSealedFiles } from "./open-files.ts";
import { openNetwork } from "./open-network.ts";
import { openStore } from "./open-store.ts";
import { systemEnvironment } from "./system-environment.ts";

export interface BotDesk {
  readonly loaded: LoadedConfig;
  readonly bot: BotConfig;
  readonly context: OpenContext;
}

/** Opens what tool packs need, does the work and closes all. Throws `cli/unknown-bot`. */
export async function withBot<Result>(
  { config: file, bot: wanted }: { readonly config: string; readonly bot?: string | undefined },
  work: (desk: BotDesk) => Promise<Result>,
): Promise<Result> {
  const loaded = await loadConfig(file);
  const bot = botOf(loaded, wanted);
  const closers: (() => Promise<void>)[] = [];
  try {
    const network = await openNetwork(loaded);
    const databases = await openDatabases(loaded);
    closers.push(databases.close);
    const files = await openSealedFiles(loaded, network, databases.sealing);
    closers.push(files.close);
    const store = await openStore(databases);
    closers.push(store.close);
    const { id, name, locale, timeZone } = bot;
    const context: OpenContext = {
      bot: { id, name, locale, timeZone },
      environment: systemEnvironment(),
      telemetry: silentTelemetry,
      network,
      store,
      databases,
      files,
      dataDirectory: dataDirectoryOf(loaded),
      configDirectory: loaded.directory,
    };
    return await work({ loaded, bot, context });
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}
