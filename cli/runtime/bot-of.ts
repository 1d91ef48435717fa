/** Which bot of a configuration is meant. */
import type { BotConfig } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";

/** The bot of this id, or the first one. Throws `cli/unknown-bot`. */
export function botOf({ config: { bots } }: LoadedConfig, wanted: string | undefined): BotConfig {
  const known = Object.keys(bots);
  const bot = bots[wanted ?? known[0] ?? ""];
  if (bot !== undefined) return bot;
  throw new ParleyError(
    "cli/unknown-bot",
    `There is no bot "${wanted}" in the configuration. There is: ${known.join(", ")}.`,
  );
}
