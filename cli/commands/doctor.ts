import type { Command } from "commander";
import { colors } from "../colors.ts";
import { z } from "zod";
import type { Check } from "../../core/check.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { beside, print, printJson, statusMark } from "../output.ts";
import { examineApart } from "../runtime/examine-apart.ts";

const Options = CommonOptions.extend({ report: z.boolean().default(false) });

/** `parley doctor`: looks at everything a bot needs and prints the remedy for what is wrong. */
export function addDoctorCommand(doctor: Command): void {
  doctor.option("--json", "prints the findings as JSON");
  doctor.addOption(doctor.createOption("--report", "tells the findings to the process that asked").hideHelp());
  doctor.action(async (_options, command: Command) => {
    const { config, json, report } = optionsOf(command, Options);
    if (report) {
      const { examine } = await import("../runtime/examine.ts");
      await examine(config, (progress) => process.send?.(progress));
      process.disconnect?.();
      return;
    }
    const checks = await examineApart(config);
    if (json) printJson({ healthy: !checks.some(isError), checks });
    else for (const check of checks) printCheck(check);
    if (!json) printVerdict(checks);
    if (checks.some(isError)) process.exitCode = 1;
  });
}

const NAME_WIDTH = 24;
const INDENT = 8 + NAME_WIDTH + 1;

function printCheck({ name, status, detail, remedy }: Check): void {
  // A longer name has a line of its own.
  const label = name.length <= NAME_WIDTH ? name.padEnd(NAME_WIDTH) : `${name}\n${" ".repeat(INDENT - 1)}`;
  print(`${statusMark(status)} ${label} ${beside(detail, INDENT)}`);
  if (remedy !== undefined) print(`${" ".repeat(INDENT)}${colors.cyan(beside(`→ ${remedy}`, INDENT))}`);
}

function printVerdict(checks: readonly Check[]): void {
  const errors = checks.filter(isError).length;
  const warnings = checks.filter(({ status }) => status === "warning").length;
  if (errors > 0) print(colors.red(`\n${errors === 1 ? "1 thing" : `${errors} things`} must be fixed first.`));
  else if (warnings > 0) print(colors.yellow("\nIt works; look at the warnings."));
  else print(colors.green("\nEverything is fine."));
}

function isError({ status }: Check): boolean {
  return status === "error";
}
