/** A process that writes to a store until it is killed: `node --import tsx store-writer.ts <folder or PostgreSQL's address>`. */
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { openPostgresDatabase } from "../../core/store/postgres/postgres-database.ts";
import { createStore } from "../../core/store/create-store.ts";
import { writeUntilKilled } from "../contracts/store/writer.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const [, , place] = process.argv;
if (place === undefined) throw new Error("Give the place of the store");
const parts = { environment: { clock: Date.now }, telemetry: silentTelemetry };
await writeUntilKilled(
  place.startsWith("postgres:")
    ? await createStore(openPostgresDatabase({ url: place }), parts)
    : await openSqliteStore(place),
);
