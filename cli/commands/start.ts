import type { Command } from "commander";
import { colors } from "../colors.ts";
import { z } from "zod";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { showLink } from "../show-link.ts";
import { describeError, ParleyError } from "../../core/errors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { openLogFile } from "../log-file.ts";
import { print, reportFailure, wrapped } from "../output.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { startRuntime } from "../runtime/runtime.ts";
import type { Role } from "../runtime/shared.ts";
import { outliveStrayRejections, runUntilStopped } from "../runtime/signals.ts";

const Roles = z.string().transform((text) => text.split(",").map((role) => role.trim()));

const HealthPort = z.coerce.number().int().min(0).max(65_535).optional();

/** `parley start`: runs everything until it is told to stop. */
export function addStartCommand(start: Command): void {
  start
    .option("--roles <roles>", "what this process does: adapters, workers, gateway", "adapters,workers,gateway")
    .option("--health-port <port>", "where a process without a gateway answers /health and /metrics")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ roles: Roles, healthPort: HealthPort }));
      const roles = new Set(options.roles.map(toRole));
      outliveStrayRejections();
      const loaded = await loadConfig(options.config);
      const log = talksHere(loaded, roles) ? openLogFile(loaded, "start") : undefined;
      const { healthPort } = options;
      await runUntilStopped({
        start: async () =>
          await startRuntime(loaded, {
            roles,
            waitsForStore: true,
            ...(log && { logDestination: log }),
            ...(healthPort !== undefined && { healthPort }),
          }),
        started: async (runtime) => {
          announce(runtime);
          await tellFirstOwner(loaded, runtime);
          await tellOthers(runtime);
          if (log !== undefined)
            print(colors.dim(`Log lines go to ${log.path}: this terminal shows a conversation.\n`));
        },
        reload: async (runtime) => await reloadFrom(async () => await loadConfig(options.config), runtime),
      });
    });
}

/** Whether a bot's conversation and the log lines would share this terminal. */
function talksHere({ config }: LoadedConfig, roles: ReadonlySet<Role>): boolean {
  const hasConsole = Object.values(config.bots).some(({ accounts }) =>
    accounts.some(({ adapter }) => adapter.manifest.platform === "console"),
  );
  return hasConsole && roles.has("adapters") && process.stdin.isTTY && process.stderr.isTTY;
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
      `\n${colors.bold("Parley is ready")}  ${colors.cyan(url)}   ${colors.dim(`calls: ${url}/docs  health: ${url}/health/ready`)}\n`,
    );
  for (const { account, state, detail, remedy } of accounts.health()) {
    if (state === "live") continue;
    print(`${colors.yellow(account)} ${state}: ${detail}${remedy === undefined ? "" : ` → ${remedy}`}`);
  }
}

/** Until there is an owner, whoever starts the server may become the first one. */
async function tellFirstOwner(loaded: LoadedConfig, { firstOwnerLink, url }: Runtime): Promise<void> {
  const link = await firstOwnerLink();
  if (link === undefined) return;
  print(colors.dim("There is no owner yet. Whoever opens this link becomes the first one:"));
  showLink(loaded, link, { page: "first-owner", of: "first-owner", url });
}

/** Says that this process is not alone: a chat in another terminal, another server. */
export async function tellOthers({ others, telemetry }: Pick<Runtime, "others" | "telemetry">): Promise<void> {
  // Good to know, and no more: a broker that is slow to answer ends nothing.
  const count = await others().catch((error: unknown) => {
    telemetry.log.warn({ error: describeError(error) }, "whether other processes share the work is not known yet");
    return 0;
  });
  if (count === 0) return;
  const who = count === 1 ? "Another process works" : `${count} other processes work`;
  const told = `${who} on the same data (parley chat, or a server): the work is shared, each conversation stays apart.`;
  print(colors.dim(`${wrapped(told, 0, process.stdout)}\n`));
}

function toRole(role: string): Role {
  if (role === "adapters" || role === "workers" || role === "gateway") return role;
  throw new ParleyError(
    "cli/unknown-role",
    `There is no role "${role}". Use adapters, workers, gateway, or several with commas.`,
  );
}
