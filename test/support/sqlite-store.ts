import { join } from "node:path";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createStore } from "../../core/store/create-store.ts";
import { openSqliteDatabase } from "../../core/store/sqlite/sqlite-database.ts";
import type { Store } from "../../core/store/store.ts";
import { testSealing } from "./test-sealing.ts";

/** Opens the SQLite store of a temporary folder. */
export async function openSqliteStore(folder: string): Promise<Store> {
  const database = openSqliteDatabase(join(folder, "store.sqlite"));
  const sealing = testSealing(database);
  return await createStore(database, { environment: { clock: Date.now }, telemetry: silentTelemetry, sealing });
}
