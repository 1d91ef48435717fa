import type { Command } from "commander";
import pc from "picocolors";
import type { Check } from "../../core/check.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson, statusMark } from "../output.ts";
import { examine } from "../runtime/examine.ts";

/** `parley doctor`: looks at everything a bot needs and prints the remedy for what is wrong. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("checks Node, configuration, broker, stores, model, tools, ports, disk and every account")
    .option("--json", "prints the findings as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      const checks = await examine(options.config);
      if (options.json) printJson({ healthy: !checks.some(isError), checks });
      else for (const check of checks) printCheck(check);
      if (!options.json) printVerdict(checks);
      if (checks.some(isError)) process.exitCode = 1;
    });
}

function printCheck({ name, status, detail, remedy }: Check): void {
  print(`${statusMark(status)} ${name.padEnd(24)} ${detail}`);
  if (remedy !== undefined) print(`${" ".repeat(33)}${pc.cyan(`→ ${remedy}`)}`);
}

function printVerdict(checks: readonly Check[]): void {
  const errors = checks.filter(isError).length;
  const warnings = checks.filter(({ status }) => status === "warning").length;
  if (errors > 0) print(pc.red(`\n${errors === 1 ? "1 thing" : `${errors} things`} must be mended first.`));
  else if (warnings > 0) print(pc.yellow("\nIt works; look at the warnings."));
  else print(pc.green("\nEverything is fine."));
}

function isError({ status }: Check): boolean {
  return status === "error";
}
