import type { Command } from "commander";
import { colors } from "../colors.ts";
import type { ConfigDescription, LoadedConfig, PlannedChange } from "../../core/config/index.ts";
import { describeConfig, describeDefaults, loadConfig, needsRestart, planChanges } from "../../core/config/index.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { beside, print, printJson } from "../output.ts";
import { openDatabases } from "../runtime/open-databases.ts";
import { environmentOf, isHere, nameOf, openProcessRecords, type ProcessRecord } from "../runtime/process-record.ts";

/** `parley plan`: what the configuration would change, compared with what runs, was applied last, or holds by default. */
export function addPlanCommand(plan: Command): void {
  plan.option("--json", "prints the changes as JSON").action(async (_options, command: Command) => {
    const { config, json } = optionsOf(command, CommonOptions);
    const basis = await basisOf(await loadConfig(config), config);
    const changes = planChanges(basis.before, describeConfig(basis.loaded.config));
    if (!json) printPlan(basis, changes);
    else printJson({ ...describeBasis(basis), restart: needsRestart(changes), changes });
  });
}

/** What the configuration is compared with. */
interface Basis {
  readonly comparedWith: "process" | "applied" | "defaults";
  readonly before: ConfigDescription;
  /** Whose configuration it is. */
  readonly record?: ProcessRecord;
  /** All that live. */
  readonly processes: readonly ProcessRecord[];
  /** The configuration as that process would read it, with its environment. */
  readonly loaded: LoadedConfig;
}

async function basisOf(loaded: LoadedConfig, file: string): Promise<Basis> {
  const { living, applied } = await whatRuns(loaded);
  const running = living.find(({ url }) => url !== undefined) ?? living[0];
  const record = running ?? applied;
  if (record === undefined) {
    return { comparedWith: "defaults", before: describeDefaults(loaded.config), loaded, processes: [] };
  }
  return {
    comparedWith: running === undefined ? "applied" : "process",
    processes: living,
    before: record.config,
    record,
    loaded: await loadConfig(file, environmentOf(record)),
  };
}

async function whatRuns(loaded: LoadedConfig) {
  const databases = await openDatabases(loaded);
  try {
    const records = await openProcessRecords(databases);
    const found = { living: await records.living(), applied: await records.lastApplied() };
    await records.close();
    return found;
  } finally {
    await databases.close();
  }
}

function describeBasis({ comparedWith, record, processes }: Basis) {
  const applied = comparedWith !== "defaults";
  if (comparedWith !== "process" || record === undefined) return { comparedWith, applied };
  return { comparedWith, applied, process: describeProcess(record), processes: processes.map(describeProcess) };
}

function describeProcess({ process: { pid }, host, roles, version, since, url }: ProcessRecord) {
  return { pid, host, roles, version, since, url };
}

function printPlan(basis: Basis, changes: readonly PlannedChange[]): void {
  print(`${colors.dim(beside(introduction(basis), 0))}\n`);
  if (changes.length === 0) {
    print(`${colors.green("no changes")} The configuration is the same.`);
    return;
  }
  for (const { path, kind, before, after, effect } of changes) {
    const mark = { added: colors.green("+"), removed: colors.red("-"), changed: colors.yellow("~") }[kind];
    const values = [before, after].filter((value) => value !== undefined).join(" → ");
    print(`${mark} ${beside(`${path}  ${values}`, 4)}\n    ${colors.dim(beside(effect, 4))}`);
  }
  const count = changes.length === 1 ? "1 change" : `${changes.length} changes`;
  print(`\n${count}. ${howToApply(basis, changes)}`);
}

function introduction({ comparedWith, record }: Basis): string {
  if (record === undefined) return "Nothing runs and nothing was applied yet. Compared with the defaults.";
  const { url, since, variables } = record;
  const own = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const winning = own.length === 0 ? "" : ` ${own.join(" and ")} of its environment wins over the file.`;
  const place = url === undefined ? "" : ` at ${url}`;
  return comparedWith === "process"
    ? `Compared with ${nameOf(record)}, which runs since ${since}${place}.${winning}`
    : `Nothing runs. Compared with what was applied last, at ${since}.${winning}`;
}

function howToApply({ comparedWith, record, processes }: Basis, changes: readonly PlannedChange[]): string {
  if (comparedWith !== "process" || record === undefined) return "To apply: parley start.";
  const { pid } = record.process;
  if (processes.length > 1 || !isHere(record)) {
    const how = needsRestart(changes) ? "stop each of them and start it again" : "kill -HUP each of them";
    return `To apply, on every host that has the file: ${how} (${processes.map(nameOf).join(", ")}).`;
  }
  if (needsRestart(changes)) return `To apply: stop process ${pid} (kill ${pid}) and start it again.`;
  return `To apply: kill -HUP ${pid}, or let \`parley dev\` do it.`;
}
