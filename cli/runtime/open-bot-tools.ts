/** A bot with its tools and nothing else running: for commands that work with tools beside a server. */
import type { BotConfig, OpenContext } from "../../core/bot.ts";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { besideServer } from "./beside-server.ts";
import { botOf } from "./bot-of.ts";
import { dataDirectoryOf } from "./data-directory.ts";

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
  return await besideServer(loaded, async (parts) => {
    const { id, name, locale, timeZone } = bot;
    const places = { dataDirectory: dataDirectoryOf(loaded), configDirectory: loaded.directory };
    return await work({ loaded, bot, context: { bot: { id, name, locale, timeZone }, ...parts, ...places } });
  });
}
