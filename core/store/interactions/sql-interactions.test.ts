import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { interaction, interactionsContract } from "../../../test/contracts/interactions.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { temporaryFolder } from "../../../test/support/tool-pack.ts";
import { openPostgresDatabase } from "../postgres/postgres-database.ts";
import { openDatabase } from "../sqlite/database.ts";
import { openSqliteDatabase } from "../sqlite/sqlite-database.ts";
import { openInteractions } from "./index.ts";

interactionsContract({
  name: "SQLite",
  place: async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-interactions-"));
    const path = join(folder, "recommend.sqlite");
    return {
      open: async (bot) => await openInteractions(openSqliteDatabase(path), bot),
      remove: async () => await rm(folder, { recursive: true }),
    };
  },
});

describe("on a server", () => {
  const server = usePostgres();
  interactionsContract({
    name: "PostgreSQL",
    place: async () => {
      const url = await server().createDatabase();
      return {
        open: async (bot) => await openInteractions(openPostgresDatabase({ url }), bot),
        remove: async () => undefined,
      };
    },
  });
});

it("takes over a file of the version before", async () => {
  const path = join(await temporaryFolder(), "recommend.sqlite");
  const first = await openInteractions(openSqliteDatabase(path), "harbour");
  await first.add([interaction({ id: "1" })]);
  await first.close();
  const old = openDatabase(path);
  old.exec(`
    CREATE TABLE interaction_products (
      product TEXT NOT NULL, position INTEGER NOT NULL REFERENCES interaction_events (position) ON DELETE CASCADE
    ) STRICT;
    INSERT INTO interaction_products VALUES ('p1', 1);
    UPDATE schema_versions SET version = 3 WHERE module = 'recommend'`);
  old.close();
  const store = await openInteractions(openSqliteDatabase(path), "harbour");
  expect((await store.ofUser("u1", 10)).map(({ id }) => id)).toEqual(["1"]);
  expect(await store.forget("u1")).toBe(1);
  await store.close();
});
