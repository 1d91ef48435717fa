import { join } from "node:path";
import type { LoadedConfig } from "../../core/config/index.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createSqliteStore } from "../../core/store/sqlite/index.ts";
import type { Store } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { systemEnvironment } from "./system-environment.ts";

/** Opens the installation's store. History may lag a power cut by moments (the broker may not), so it commits faster. */
export async function openStore(loaded: LoadedConfig, telemetry: Telemetry = silentTelemetry): Promise<Store> {
  return await createSqliteStore({
    path: join(dataDirectoryOf(loaded), "store.sqlite"),
    environment: systemEnvironment(),
    telemetry,
    synchronous: "normal",
  });
}
