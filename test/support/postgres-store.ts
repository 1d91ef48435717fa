import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createStore } from "../../core/store/create-store.ts";
import { openPostgresDatabase } from "../../core/store/postgres/postgres-database.ts";
import type { Store } from "../../core/store/store.ts";
import { testSealing } from "./test-sealing.ts";

/** Opens the store of a PostgreSQL. */
export async function openPostgresStore(url: string): Promise<Store> {
  const database = openPostgresDatabase({ url });
  const sealing = testSealing(database);
  return await createStore(database, { environment: { clock: Date.now }, telemetry: silentTelemetry, sealing });
}
