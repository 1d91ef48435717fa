import type { Command } from "commander";
import { colors } from "../colors.ts";
import { certificateFaults, ConfigError, loadConfig } from "../../core/config/index.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";

/** `parley config check`: the same validator that start, doctor and plan use; and whether the certificate is good now. */
export function addConfigCommand(config: Command): void {
  config
    .command("check")
    .description("validates the configuration without starting anything; for CI")
    .option("--json", "prints the findings as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      try {
        const loaded = await loadConfig(options.config, process.env, (found) => certificateFaults(found, Date.now()));
        const bots = Object.keys(loaded.config.bots);
        if (options.json) printJson({ file: loaded.file, valid: true, issues: [], bots });
        else
          print(
            `${colors.green("ok")} ${loaded.file}: ${bots.length === 1 ? "1 bot" : `${bots.length} bots`} (${bots.join(", ")})`,
          );
      } catch (thrown) {
        if (!options.json || !(thrown instanceof ConfigError)) throw thrown;
        printJson({ file: thrown.file, valid: false, issues: thrown.issues });
        process.exitCode = 2;
      }
    });
}
