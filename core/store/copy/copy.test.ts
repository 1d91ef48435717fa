import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import type { Generated } from "kysely";
import { z } from "zod";
import { type PostgresServer, startPostgres } from "../../../test/support/postgres-server.ts";
import { openPostgresDatabase } from "../postgres/postgres-database.ts";
import type { Database } from "../sql/database.ts";
import type { Module } from "../sql/module.ts";
import { defineQueries } from "../sql/queries.ts";
import { run } from "../sql/work.ts";
import { openSqliteDatabase } from "../sqlite/sqlite-database.ts";
import { copyStore } from "./copy.ts";

const shop: Module = {
  name: "shop",
  version: 1,
  tables: ({ tables, refuse }) =>
    tables(`
      CREATE TABLE goods (name TEXT, colour TEXT, price INTEGER, picture BLOB, PRIMARY KEY (name, colour)) STRICT, WITHOUT ROWID;
      CREATE TABLE sales (
        "id" INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, colour TEXT NOT NULL,
        FOREIGN KEY (name, colour) REFERENCES goods (name, colour)) STRICT;`) +
    refuse("sales_are_final", { event: "DELETE", table: "sales", message: "a sale is final" }),
};
const query = defineQueries<{
  goods: { name: string; colour: string; price: number | null; picture: Uint8Array | null };
  sales: { id: Generated<number>; name: string; colour: string };
}>();
const add = query<{ name: string; colour: string; price: number | null; picture: Uint8Array | null }>()(
  "goods",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("goods")
      .values({ name: value("name"), colour: value("colour"), price: value("price"), picture: value("picture") }),
);
const sell = query<{ name: string; colour: string }>()("sales", z.object({ id: z.number() }), ({ db, value }) =>
  db
    .insertInto("sales")
    .values({ name: value("name"), colour: value("colour") })
    .returning("id"),
);
const reprice = query()("goods", z.unknown(), ({ db }) =>
  db.updateTable("goods").set({ price: -1 }).where("name", "=", "good 7"),
);

const GOODS = 1_300;
let server: PostgresServer;
let folder: string;
let path: string;
let target: Database;
beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), "parley-copy-"));
  path = join(folder, "shop.sqlite");
  const source = openSqliteDatabase(path);
  await source.migrate(shop);
  await source.write(function* () {
    for (let index = 0; index < GOODS; index += 1) {
      const name = `good ${index}`;
      const picture = index % 3 === 0 ? new Uint8Array([index % 256, 0, 255]) : null;
      yield* run(add, {
        name,
        colour: index % 2 === 0 ? "rot" : "Grün 🟢",
        price: index % 5 === 0 ? null : index,
        picture,
      });
      if (index % 2 === 0) yield* run(sell, { name, colour: "rot" });
    }
  });
  await source.close();
});
afterAll(async () => {
  await server.stop();
  server.remove();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  target = openPostgresDatabase({ url: await server.createDatabase() });
  onTestFinished(target.close);
});

const files = () => [
  { path, modules: [shop] },
  { path: join(folder, "not-there.sqlite"), modules: [shop] },
];
const digest = async () =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

it("copies everything, leaves the source as it is, and counts on", async () => {
  const before = await digest();
  const counts = await copyStore({ files: files(), target });
  expect(counts.map(({ table, rows }) => [table, rows])).toEqual([
    ["goods", GOODS],
    ["sales", GOODS / 2],
  ]);
  expect(await digest()).toBe(before);
  expect((await target.first(sell, { name: "good 0", colour: "rot" }))?.id).toBe(GOODS / 2 + 1);
});

it("goes on where it was cut off", async () => {
  const cut = (table: string, rows: number): void => {
    if (table === "goods" && rows > 600) throw new Error("cut off");
  };
  await expect(copyStore({ files: files(), target, progress: cut })).rejects.toThrow("cut off");
  const pages: string[] = [];
  const counts = await copyStore({ files: files(), target, progress: (table) => pages.push(table) });
  expect(counts.map(({ rows }) => rows)).toEqual([GOODS, GOODS / 2]);
  expect(pages).toEqual(["goods", "sales", "sales"]);
});

it("finds what is not the same, and refuses a database with other rows", async () => {
  await copyStore({ files: files(), target });
  await target.change(reprice, {});
  await expect(copyStore({ files: files(), target })).rejects.toThrow(/"goods" is not the same on both sides/u);
  const other = openPostgresDatabase({ url: await server.createDatabase() });
  onTestFinished(other.close);
  await other.migrate(shop);
  await other.change(add, { name: "foreign", colour: "rot", price: 1, picture: null });
  await expect(copyStore({ files: files(), target: other })).rejects.toMatchObject({ code: "store/copy" });
});

it("refuses a file of another version", async () => {
  const newer: Module = { ...shop, version: 2 };
  await expect(copyStore({ files: [{ path, modules: [newer] }], target })).rejects.toThrow(/have version 1/u);
});
