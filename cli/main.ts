#!/usr/bin/env -S node --max-semi-space-size=4 --heap-growing-percent=50
// The flag: a bot that mostly waits needs no young generation of three times 16 MB, which V8 fills before its first
// collection. Measured: 25 to 30 MB less resident memory when idle.
/** The `parley` command. */
import { Command, CommanderError } from "commander";
import { addChatCommand } from "./commands/chat.ts";
import { addConfigCommand } from "./commands/config.ts";
import { addCreateCommand } from "./commands/create.ts";
import { addDeadLettersCommand } from "./commands/dead-letters.ts";
import { addDevCommand } from "./commands/dev.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addLoginCommand } from "./commands/login.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { addRecommenderCommand } from "./commands/recommender/index.ts";
import { addStartCommand } from "./commands/start.ts";
import { addWhyCommand } from "./commands/why.ts";
import { reportFailure } from "./output.ts";
import { packageVersion } from "../core/package-directory.ts";

const program = new Command("parley")
  .description("Chat bots that do real work: one bot, written once, on every platform.")
  .version(packageVersion())
  .option("-c, --config <file>", "the configuration to use", "bots.config.ts")
  .showHelpAfterError("Run `parley --help` to see what there is.")
  .addHelpText(
    "after",
    `
A first walk:
  parley start                 runs every bot of bots.config.ts and prints its page
  parley chat                  talks with a bot in this terminal
  parley doctor                checks everything and says what to do
  parley why <message>         shows why the bot answered as it did, or did not
  parley dead-letters list     shows what could not be processed
  parley recommender --help    trains and measures the recommender
  parley login <account>       shows the QR or pairing code of an account
  parley create adapter <name> makes the beginning of an adapter

Exit codes: 0 fine, 1 it failed, 2 wrong usage or configuration.`,
  )
  .exitOverride();

for (const add of [
  addStartCommand,
  addDevCommand,
  addChatCommand,
  addDoctorCommand,
  addPlanCommand,
  addWhyCommand,
  addDeadLettersCommand,
  addConfigCommand,
  addCreateCommand,
  addLoginCommand,
  addRecommenderCommand,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportFailure(thrown);
}
