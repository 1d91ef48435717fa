import type { Command } from "commander";
import { colors } from "../../colors.ts";
import { optionsOf } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { withRecommender } from "../../runtime/open-recommender.ts";
import { BOT, JSON_OUTPUT, RecommenderOptions } from "./options.ts";

/** `rollback`: the version before serves again. */
export function addRollback(group: Command): void {
  group
    .command("rollback")
    .description("activates the previous version; running servers notice within seconds")
    .option(...BOT)
    .option(...JSON_OUTPUT)
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, RecommenderOptions);
      await withRecommender(options, async ({ versions }) => {
        const from = await versions.current();
        const version = await versions.rollBack();
        if (options.json) printJson({ from, version });
        else print(`${colors.green(version)} serves now, instead of ${from ?? "none"}.`);
      });
    });
}
