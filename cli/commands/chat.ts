import type { Command } from "commander";
import { colors } from "../colors.ts";
import { z } from "zod";
import { consoleChat } from "../../adapters/console/index.ts";
import type { BotConfig } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { openLogFile } from "../log-file.ts";
import { print } from "../output.ts";
import type { Role } from "../runtime/shared.ts";
import { type Runtime, startRuntime } from "../runtime/runtime.ts";
import { tellOthers } from "./start.ts";
import { outliveStrayRejections, runUntilStopped } from "../runtime/signals.ts";

/** `parley chat`: one bot in this terminal, and nothing else. */
export function addChatCommand(chat: Command): void {
  chat
    .argument("[bot]", "the bot's id; the first one by default")
    .option("--user <name>", "who is typing", "you")
    .action(async (bot: string | undefined, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ user: z.string().min(1) }));
      const loaded = onlyTerminal(await loadConfig(options.config), bot, options.user);
      outliveStrayRejections();
      await runUntilStopped({
        start: async () =>
          await startRuntime(loaded, {
            roles: new Set<Role>(["adapters", "workers"]),
            logDestination: openLogFile(loaded, "chat"),
            keepApplied: true,
          }),
        started: async (runtime) => {
          await refuseSecond(runtime, options.user);
          await tellOthers(runtime);
        },
      });
      print(colors.dim("\nUntil next time. The conversation is kept; /reset starts a new one."));
    });
}

async function refuseSecond({ accounts, close }: Runtime, user: string): Promise<void> {
  if (!accounts.health().some(({ state }) => state === "stand-by")) return;
  await close();
  throw new ParleyError(
    "cli/chat-open",
    `Another terminal already talks as "${user}" on this data directory. Go on there or close it (Ctrl-C), ` +
      "or talk as somebody else here: parley chat --user <name>",
  );
}

/** Who types in the terminal of the bot's own machine floods nobody, and tries out more in a minute than customers do. */
function withoutRate(bot: BotConfig): BotConfig {
  const { policies } = bot;
  const rate = { messages: 1_000, perSeconds: 60 };
  return { ...bot, policies: { ...policies, limits: { ...policies.limits, rate } } };
}

/**
 * The same configuration with this terminal as the only account. The other bots stay: this process helps with all
 * waiting work of the data directory, and a server beside it may have accepted some for them.
 */
function onlyTerminal(loaded: LoadedConfig, wanted: string | undefined, user: string): LoadedConfig {
  const known = Object.keys(loaded.config.bots);
  const id = wanted ?? known[0] ?? "";
  if (!known.includes(id))
    throw new ParleyError(
      "cli/unknown-bot",
      `There is no bot "${id}" in the configuration. There is: ${known.join(", ")}.`,
    );
  // An account and a conversation for each person: another one in this terminal finds nothing of the first.
  const terminal = consoleChat({ name: `chat-${user}`, user, piped: true });
  const bots = Object.entries(loaded.config.bots).map(([key, bot]) => [
    key,
    key === id ? { ...withoutRate(bot), accounts: [terminal] } : { ...bot, accounts: [] },
  ]);
  return { ...loaded, config: { ...loaded.config, bots: Object.fromEntries(bots) } };
}
