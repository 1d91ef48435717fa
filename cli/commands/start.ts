import type { Command } from "commander";
import pc from "picocolors";
import { z } from "zod";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, reportFailure } from "../output.ts";
import type { Role, Runtime } from "../runtime/runtime.ts";
import { startRuntime } from "../runtime/runtime.ts";
import { outliveStrayRejections, untilStopped } from "../runtime/signals.ts";

const Roles = z.string().transform((text) => text.split(",").map((role) => role.trim()));

/** A role was asked for that does not exist. */
class UnknownRoleError extends ParleyError {
  override readonly name = "UnknownRoleError";

  constructor(role: string) {
    super("cli/unknown-role", `There is no role "${role}". Use adapters, workers, gateway, or several with commas.`);
  }
}

/** `parley start`: runs everything until it is told to stop. */
export function addStartCommand(program: Command): void {
  program
    .command("start")
    .description("runs the bots of the configuration until Ctrl-C or SIGTERM; SIGHUP reloads the configuration")
    .option("--roles <roles>", "what this process does: adapters, workers, gateway", "adapters,workers,gateway")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ roles: Roles }));
      const roles = new Set(options.roles.map(toRole));
      outliveStrayRejections();
      const runtime = await startRuntime(await loadConfig(options.config), { roles });
      announce(runtime);
      await untilStopped({
        runtime,
        onReload: async () => await reloadFrom(async () => await loadConfig(options.config), runtime),
      });
    });
}

/** Loads the file again and applies it; a faulty file is reported and the last good configuration goes on. */
export async function reloadFrom(load: () => Promise<LoadedConfig>, runtime: Runtime): Promise<void> {
  try {
    const changes = await runtime.reload(await load());
    const restart = changes.filter(({ effect }) => effect.startsWith("needs a restart"));
    runtime.telemetry.log.info(
      { changes: changes.length, waitingForRestart: restart.map(({ path }) => path) },
      "configuration reloaded",
    );
  } catch (thrown) {
    reportFailure(thrown);
    runtime.telemetry.log.error({}, "the configuration was not applied; the last good one goes on");
  }
}

/** Says where to go. */
export function announce({ url, accounts }: Runtime): void {
  if (url !== undefined)
    print(
      `\n${pc.bold("Parley is ready")}  ${pc.cyan(url)}   ${pc.dim(`calls: ${url}/docs  health: ${url}/health/ready`)}\n`,
    );
  for (const { account, state, detail, remedy } of accounts.health()) {
    if (state === "live") continue;
    print(`${pc.yellow(account)} ${state}: ${detail}${remedy === undefined ? "" : ` → ${remedy}`}`);
  }
}

function toRole(role: string): Role {
  if (role === "adapters" || role === "workers" || role === "gateway") return role;
  throw new UnknownRoleError(role);
}
