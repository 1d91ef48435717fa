/** A process that writes to a store until it is killed: `node --import tsx store-writer.ts <folder or PostgreSQL's address>`. */
import { writeUntilKilled } from "../contracts/store/writer.ts";
import { openPostgresStore } from "./postgres-store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const [, , place] = process.argv;
if (place === undefined) throw new Error("Give the place of the store");
await writeUntilKilled(place.startsWith("postgres:") ? await openPostgresStore(place) : await openSqliteStore(place));
