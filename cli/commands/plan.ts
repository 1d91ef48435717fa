import type { Command } from "commander";
import pc from "picocolors";
import type { PlannedChange } from "../../core/config/index.ts";
import { describeConfig, loadConfig, needsRestart, planChanges } from "../../core/config/index.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { readApplied } from "../runtime/applied-config.ts";
import { dataDirectoryOf } from "../runtime/data-directory.ts";

/** `parley plan`: what the configuration would change compared with the one applied last. */
export function addPlanCommand(program: Command): void {
  program
    .command("plan")
    .description("shows what the configuration would change, before it is applied")
    .option("--json", "prints the changes as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      const loaded = await loadConfig(options.config);
      const applied = await readApplied(dataDirectoryOf(loaded));
      const changes = planChanges(applied, describeConfig(loaded.config));
      if (options.json) printJson({ applied: applied !== undefined, restart: needsRestart(changes), changes });
      else printPlan(changes, applied !== undefined);
    });
}

function printPlan(changes: readonly PlannedChange[], wasApplied: boolean): void {
  if (!wasApplied) print(pc.dim("Nothing was applied yet: everything is new.\n"));
  if (changes.length === 0) {
    print(`${pc.green("no changes")} The configuration is the one that was applied last.`);
    return;
  }
  for (const { path, kind, before, after, effect } of changes) {
    const mark = { added: pc.green("+"), removed: pc.red("-"), changed: pc.yellow("~") }[kind];
    const values = [before, after].filter((value) => value !== undefined).join(" → ");
    print(`${mark} ${path}  ${values}\n    ${pc.dim(effect)}`);
  }
  const how = needsRestart(changes) ? "restart the process" : "send it SIGHUP, or let `parley dev` do it";
  print(`\n${changes.length === 1 ? "1 change" : `${changes.length} changes`}. To apply: ${how}.`);
}
