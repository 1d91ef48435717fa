/** Everything `doctor` looks at. Each finding says what was found and, where it is not fine, what to do. */
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { loadConfig } from "../../core/config/index.ts";
import { describeError } from "../../core/errors.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openBots } from "./bots.ts";
import { openBroker } from "./open-broker.ts";
import { openStore } from "./open-store.ts";
import { systemEnvironment } from "./system-environment.ts";

const LOW_DISK_BYTES = 500 * 1024 * 1024;

/** Runs every check; a check that throws becomes an error finding, and the others still run. */
export async function examine(configFile: string): Promise<readonly Check[]> {
  const checks: Check[] = [checkNode(process.versions.node)];
  const loaded = await attempt(checks, "configuration", async () => await loadConfig(configFile));
  if (loaded === undefined) return checks;
  const bots = Object.keys(loaded.config.bots).join(", ");
  checks.push({ name: "configuration", status: "ok", detail: `${loaded.file}: ${bots}` });
  checks.push(await checkDisk(dataDirectoryOf(loaded)), await checkPort(loaded));
  await checkServices(loaded, checks);
  await checkAccounts(loaded, checks);
  return checks;
}

async function checkServices(loaded: LoadedConfig, checks: Check[]): Promise<void> {
  const environment = systemEnvironment();
  const telemetry = silentTelemetry;
  await attempt(checks, `broker (${loaded.config.broker.kind})`, async () => {
    const broker = await openBroker(loaded, { environment, telemetry });
    try {
      checks.push(...(await broker.check()));
    } finally {
      await broker.close();
    }
  });
  await attempt(checks, "store", async () => {
    const store = await openStore(loaded);
    try {
      checks.push(...(await store.check()));
      await attempt(checks, "bots", async () => {
        const bots = await openBots(loaded, { environment, telemetry, store });
        checks.push(...(await bots.check()));
        await bots.close();
      });
      for (const bot of Object.values(loaded.config.bots)) {
        const context = {
          bot,
          environment,
          telemetry,
          store,
          dataDirectory: dataDirectoryOf(loaded),
          configDirectory: loaded.directory,
        };
        await attempt(checks, `${bot.id} model`, async () => {
          checks.push(...((await bot.crew.check?.(context)) ?? []));
        });
      }
    } finally {
      await store.close();
    }
  });
}

async function checkAccounts({ config }: LoadedConfig, checks: Check[]): Promise<void> {
  for (const bot of Object.values(config.bots)) {
    for (const { adapter, name, settings } of bot.accounts) {
      const account = `${adapter.manifest.platform}:${name}`;
      await attempt(checks, account, async () => {
        const found = await adapter.bind(settings).probe();
        checks.push(
          ...(found.length > 0
            ? found
            : [{ name: account, status: "ok" as const, detail: "needs nothing from outside" }]),
        );
      });
    }
  }
}

async function attempt<Result>(
  checks: Check[],
  name: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    checks.push({ name, status: "error", detail: describeError(thrown) });
    return undefined;
  }
}

/** Node 20.19 is the oldest version that everything here runs on. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  return fine
    ? { name: "node", status: "ok", detail: `v${version}` }
    : { name: "node", status: "error", detail: `v${version}`, remedy: "Install Node 20.19 or later." };
}

async function checkDisk(directory: string): Promise<Check> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const detail = `${directory}: ${Math.floor(free / (1024 * 1024))} MB free`;
  if (free >= LOW_DISK_BYTES) return { name: "disk", status: "ok", detail };
  return { name: "disk", status: "warning", detail, remedy: "Free some space, or move dataDirectory to another disk." };
}

async function checkPort({ config }: LoadedConfig): Promise<Check> {
  const { host, port } = config.gateway;
  const name = "gateway port";
  if (port === 0) return { name, status: "ok", detail: "any free port" };
  return await new Promise((resolve) => {
    const server = createServer();
    server.once("error", () =>
      resolve({
        name,
        status: "warning",
        detail: `${host}:${port} is in use`,
        remedy: `If that is not Parley itself, stop it or choose another gateway.port (now ${port}).`,
      }),
    );
    server.listen(port, host, () =>
      server.close(() => resolve({ name, status: "ok", detail: `${host}:${port} is free` })),
    );
  });
}
