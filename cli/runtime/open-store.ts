import { createStore } from "../../core/store/create-store.ts";
import type { Environment } from "../../core/environment.ts";
import type { Databases } from "../../core/store/databases.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Store } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { systemEnvironment } from "./system-environment.ts";

/** Opens the installation's store. History may lag a power cut by moments (the broker may not), so it commits faster. */
export async function openStore(
  databases: Databases,
  {
    environment = systemEnvironment(),
    telemetry = silentTelemetry,
  }: { readonly environment?: Environment; readonly telemetry?: Telemetry } = {},
): Promise<Store> {
  const database = databases.open("store.sqlite", { synchronous: "normal" });
  return await createStore(database, { environment, telemetry, sealing: databases.sealing });
}
