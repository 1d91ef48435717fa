import { join } from "node:path";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createSqliteStore } from "../../core/store/sqlite/sqlite-store.ts";
import type { Store } from "../../core/store/store.ts";

/** Opens the SQLite store of a temporary folder. */
export async function openSqliteStore(folder: string): Promise<Store> {
  let ids = 0;
  return await createSqliteStore({
    path: join(folder, "store.sqlite"),
    environment: { clock: Date.now, random: Math.random, newId: () => `id-${(ids += 1)}` },
    telemetry: silentTelemetry,
  });
}
