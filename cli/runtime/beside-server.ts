/** What an installation keeps, opened by a command that works beside a running server or without one. */
import type { OpenContext } from "../../core/bot.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { openDatabases } from "./open-databases.ts";
import { openSealedFiles } from "./open-files.ts";
import { openNetwork } from "./open-network.ts";
import { openStore } from "./open-store.ts";
import { systemEnvironment } from "./system-environment.ts";

export type KeptParts = Required<
  Pick<OpenContext, "environment" | "telemetry" | "network" | "store" | "databases" | "files">
>;

/** Opens it, does the work and closes all. What the work adds to `closers` is closed before. */
export async function besideServer<Result>(
  loaded: LoadedConfig,
  work: (parts: KeptParts, closers: (() => Promise<void>)[]) => Promise<Result>,
): Promise<Result> {
  const closers: (() => Promise<void>)[] = [];
  try {
    const network = await openNetwork(loaded);
    const databases = await openDatabases(loaded);
    closers.push(databases.close);
    const files = await openSealedFiles(loaded, network, databases.sealing);
    closers.push(files.close);
    const store = await openStore(databases);
    closers.push(store.close);
    const environment = systemEnvironment();
    return await work({ environment, telemetry: silentTelemetry, network, store, databases, files }, closers);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}
