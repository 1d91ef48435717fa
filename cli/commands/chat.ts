import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { z } from "zod";
import { consoleChat } from "../../adapters/console/index.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print } from "../output.ts";
import { dataDirectoryOf } from "../runtime/data-directory.ts";
import type { Role } from "../runtime/runtime.ts";
import { startRuntime } from "../runtime/runtime.ts";
import { outliveStrayRejections, untilStopped } from "../runtime/signals.ts";

/** The bot that was named is not configured. */
class BotNotFoundError extends ParleyError {
  override readonly name = "BotNotFoundError";

  constructor(bot: string, known: readonly string[]) {
    super("cli/unknown-bot", `There is no bot "${bot}" in the configuration. There is: ${known.join(", ")}.`);
  }
}

/** `parley chat`: one bot in this terminal, and nothing else. */
export function addChatCommand(program: Command): void {
  program
    .command("chat")
    .description("talks with a bot in this terminal; log lines go to chat.log in the data directory")
    .argument("[bot]", "the bot's id; the first one by default")
    .option("--user <name>", "who is typing", "you")
    .action(async (bot: string | undefined, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ user: z.string().min(1) }));
      const loaded = onlyTerminal(await loadConfig(options.config), bot, options.user);
      outliveStrayRejections();
      const log = createWriteStream(join(dataDirectoryOf(loaded), "chat.log"), { flags: "a", mode: 0o600 });
      const roles = new Set<Role>(["adapters", "workers"]);
      const runtime = await startRuntime(loaded, {
        roles,
        logDestination: { write: (line) => void log.write(line) },
        keepApplied: true,
      });
      await untilStopped({ runtime, onReload: async () => await Promise.resolve() });
      print(pc.dim("\nUntil next time. The conversation is kept; /reset would start anew."));
      log.end();
    });
}

/** The same configuration with one bot, in the terminal instead of on its accounts. */
function onlyTerminal(loaded: LoadedConfig, wanted: string | undefined, user: string): LoadedConfig {
  const known = Object.keys(loaded.config.bots);
  const id = wanted ?? known[0] ?? "";
  const bot = loaded.config.bots[id];
  if (bot === undefined) throw new BotNotFoundError(id, known);
  const accounts = [consoleChat({ name: "chat", user, piped: true })];
  return { ...loaded, config: { ...loaded.config, bots: { [id]: { ...bot, accounts } } } };
}
