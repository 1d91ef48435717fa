import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { storeContract } from "../../../test/contracts/store.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { openPostgresStore } from "../../../test/support/postgres-store.ts";
import { openSqliteStore } from "../../../test/support/sqlite-store.ts";

const script = fileURLToPath(new URL("../../../test/support/store-writer.ts", import.meta.url));
const writer = (place: string) => ["--import", "tsx", script, place];

storeContract({
  name: "SQLite",
  makePlace: async () => await mkdtemp(join(tmpdir(), "parley-store-")),
  removePlace: async (folder) => await rm(folder, { recursive: true }),
  open: openSqliteStore,
  writer,
});

const server = usePostgres();

storeContract({
  name: "PostgreSQL",
  makePlace: async () => await server().createDatabase(),
  open: openPostgresStore,
  writer,
});
