import { type LoadedConfig, Secret } from "../../core/config/index.ts";
import { type Databases, postgresDatabases, sqliteDatabases } from "../../core/store/databases.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { describeError } from "../../core/errors.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openKeys } from "./open-keys.ts";

/** Opens what the configuration says that things are kept in. Nothing is connected yet. */
export async function openDatabases(loaded: LoadedConfig, { log }: Telemetry = silentTelemetry): Promise<Databases> {
  const { store } = loaded.config;
  const sealing = { keys: await openKeys(loaded), refusesPlain: store.sealing.plain === "refuse" };
  if (store.kind === "sqlite") return sqliteDatabases(dataDirectoryOf(loaded), sealing);
  const { url, connections, pooler, directUrl } = store;
  return await postgresDatabases(
    { url: revealed(url), directUrl: directUrl === undefined ? undefined : revealed(directUrl), connections, pooler },
    {
      ...sealing,
      lost: (error) =>
        log.warn({ error: describeError(error) }, "a connection to PostgreSQL broke; the next one is new"),
    },
  );
}

function revealed(url: string | Secret): string {
  return url instanceof Secret ? url.reveal() : url;
}
