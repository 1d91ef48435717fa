import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { interactionsContract } from "../../../test/contracts/interactions.ts";
import { temporaryFolder } from "../../../test/support/tool-pack.ts";
import { migrate, openDatabase } from "../sqlite/database.ts";
import { openSqliteInteractions } from "./index.ts";
import { MIGRATIONS } from "./sqlite-tables.ts";

interactionsContract({
  name: "SQLite",
  place: async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-interactions-"));
    const path = join(folder, "recommend.sqlite");
    return {
      open: async (bot) => openSqliteInteractions(path, bot),
      remove: async () => await rm(folder, { recursive: true }),
    };
  },
});

it("takes over what an earlier version kept", async () => {
  const path = join(await temporaryFolder(), "recommend.sqlite");
  const old = openDatabase(path);
  migrate(old, "recommend", MIGRATIONS.slice(0, 1));
  const insert = old.prepare("INSERT INTO interactions (person, key, product, type, at) VALUES (?, ?, ?, ?, ?)");
  for (const [index, type] of ["shown", "view", "comparison", "search", "accepted", "dismissed"].entries())
    insert.run("anna", "k", `p${index}`, type, Date.parse("2026-11-01T10:00:00Z") + index * 1000);
  old.close();
  const store = openSqliteInteractions(path, "harbour");
  expect((await store.ofUser("anna", 10)).map(({ type, action, productIds }) => [type, action, ...productIds])).toEqual(
    [
      ["interaction", "shown", "p0"],
      ["view", undefined, "p1"],
      ["interaction", "opened", "p2"],
      ["search", undefined, "p3"],
      ["interaction", "accepted", "p4"],
      ["interaction", "dismissed", "p5"],
    ],
  );
  await store.close();
});
