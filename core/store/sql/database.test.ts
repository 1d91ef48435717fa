import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Generated } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { openPostgresDatabase } from "../postgres/postgres-database.ts";
import { openSqliteDatabase } from "../sqlite/sqlite-database.ts";
import type { Database, Work } from "./database.ts";
import type { Module } from "./module.ts";
import { defineQueries } from "./queries.ts";
import { all, change, first, run } from "./work.ts";

const notes: Module = {
  name: "notes",
  version: 1,
  tables: ({ tables, refuse }) =>
    tables(`
      CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL UNIQUE, count INTEGER NOT NULL, body BLOB) STRICT;
      CREATE TABLE log (line TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`) +
    refuse("log_is_final", { event: "UPDATE", table: "log", message: "the log is final" }),
};

const query = defineQueries<{
  notes: { id: Generated<number>; topic: string; count: number; body: Generated<Uint8Array | null> };
  log: { line: string };
}>();
const Note = z.object({ topic: z.string(), count: z.number() });
const find = query<{ topic: string }>()("notes", Note, ({ db, value }) =>
  db.selectFrom("notes").select(["topic", "count"]).where("topic", "=", value("topic")),
);
const findLocked = query<{ topic: string }>()("notes", Note, ({ db, value, dialect }) =>
  db.selectFrom("notes").select(["topic", "count"]).where("topic", "=", value("topic")).modifyEnd(dialect.lockRows),
);
const list = query()("notes", Note, ({ db }) => db.selectFrom("notes").select(["topic", "count"]).orderBy("topic"));
const save = query<{ topic: string; count: number }>()("notes", z.unknown(), ({ db, value }) =>
  db
    .insertInto("notes")
    .values({ topic: value("topic"), count: value("count") })
    .onConflict((conflict) => conflict.column("topic").doUpdateSet((row) => ({ count: row.ref("excluded.count") }))),
);
const insert = query<{ topic: string }>()("notes", z.unknown(), ({ db, value }) =>
  db.insertInto("notes").values({ topic: value("topic"), count: 0 }),
);
const edit = query()("log", z.unknown(), ({ db }) => db.updateTable("log").set({ line: "changed" }));
const append = query<{ line: string }>()("log", z.unknown(), ({ db, value }) =>
  db.insertInto("log").values({ line: value("line") }),
);

/** Reads, then writes what it read plus one. */
function* increment(topic: string): Work<number> {
  const count = ((yield* first(find, { topic }))?.count ?? 0) + 1;
  yield* run(save, { topic, count });
  return count;
}

const server = usePostgres();
let folder: string;
let files = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-database-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe.each([
  {
    name: "SQLite",
    place: async () => join(folder, `notes-${(files += 1)}.sqlite`),
    open: (place: string) => openSqliteDatabase(place),
  },
  {
    name: "PostgreSQL",
    place: async () => await server().createDatabase(),
    open: (url: string) => openPostgresDatabase({ url }),
  },
])("a database in $name", ({ place, open }) => {
  let database: Database;
  let where: string;
  beforeEach(async () => {
    where = await place();
    database = open(where);
    await database.migrate(notes);
  });
  afterEach(async () => await database.close());

  it("reads and writes, orders texts by their bytes, and counts what it wrote", async () => {
    expect(await database.change(save, { topic: "b", count: 2 ** 40 })).toBe(1);
    for (const topic of ["a", "B", "ä", "😀"]) await database.change(save, { topic, count: 1 });
    expect((await database.all(list, {})).map(({ topic }) => topic)).toEqual(["B", "a", "b", "ä", "😀"]);
    expect(await database.first(find, { topic: "b" })).toEqual({ topic: "b", count: 2 ** 40 });
    expect(await database.first(find, { topic: "none" })).toBeUndefined();
    expect(await database.read(() => all(list, {}))).toHaveLength(5);
  });

  it("undoes everything when a body throws, and says what it threw", async () => {
    const failing = database.write(function* () {
      yield* run(save, { topic: "kept", count: 1 });
      throw new TypeError("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    const refused = database.write(function* () {
      yield* run(save, { topic: "kept", count: 1 });
      yield* change(insert, { topic: "kept" });
    });
    await expect(refused).rejects.toThrow(/unique/iu);
    expect(await database.first(find, { topic: "kept" })).toBeUndefined();
  });

  it("fails the whole where a body catches the failure of a step", async () => {
    const swallowed = database.write(function* () {
      yield* change(insert, { topic: "a" });
      try {
        yield* change(insert, { topic: "a" });
      } catch {
        // The transaction is lost all the same.
      }
      return "done";
    });
    await expect(swallowed).rejects.toThrow(/unique/iu);
    expect(await database.all(list, {})).toEqual([]);
  });

  it("refuses by trigger", async () => {
    await database.change(append, { line: "first" });
    await expect(database.change(edit, {})).rejects.toThrow("the log is final");
  });

  it.each([{ lock: "counter" }, { lock: ["counter", "another"] }, undefined])(
    "loses no increment of many at once (%o)",
    async (options) => {
      const other = open(where);
      const counts = await Promise.all(
        Array.from(
          { length: 40 },
          async (_, index) => await (index % 2 === 0 ? database : other).write(() => increment("counter"), options),
        ),
      );
      expect(counts.toSorted((left, right) => left - right)).toEqual(
        Array.from({ length: 40 }, (_, index) => index + 1),
      );
      await other.close();
    },
  );

  it("takes several locks without bodies that wait for each other, and rows that a query locks", async () => {
    const other = open(where);
    await database.change(save, { topic: "rows", count: 0 });
    const body = function* (): Work<void> {
      const { count = 0 } = (yield* first(findLocked, { topic: "rows" })) ?? {};
      yield* change(save, { topic: "rows", count: count + 1 });
    };
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        index % 2 === 0
          ? await database.write(body, { lock: ["a", "b", `own ${index}`] })
          : await other.write(body, { lock: [`own ${index}`, "b", "a", "a"] }),
      ),
    );
    expect(await database.first(find, { topic: "rows" })).toEqual({ topic: "rows", count: 20 });
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => await other.write(body, { lock: `own ${index}` })),
    );
    expect(await database.first(find, { topic: "rows" })).toEqual({ topic: "rows", count: 40 });
    await other.close();
  });

  it("keeps tables that are there, and refuses those of a newer version", async () => {
    await database.change(save, { topic: "a", count: 7 });
    const again = open(where);
    await Promise.all([again.migrate(notes), again.migrate({ ...notes, name: "others", tables: () => "SELECT 1" })]);
    expect((await again.first(find, { topic: "a" }))?.count).toBe(7);
    const upgraded = { ...notes, version: 2, upgrades: [{ from: 1, to: 2, sql: () => "UPDATE notes SET count = 8" }] };
    await again.migrate(upgraded);
    expect((await again.first(find, { topic: "a" }))?.count).toBe(8);
    await expect(database.migrate(notes)).rejects.toMatchObject({ code: "store/newer-database" });
    await expect(again.migrate({ ...upgraded, version: 4, upgrades: [] })).rejects.toMatchObject({
      code: "store/older-database",
    });
    await again.close();
  });

  it("makes tables once where many start at the same moment on nothing", async () => {
    const fresh = await place();
    const several = Array.from({ length: 6 }, () => open(fresh));
    await Promise.all(several.map(async (one) => await one.migrate(notes)));
    for (const one of several) expect(await one.all(list, {})).toEqual([]);
    await Promise.all(several.map(async (one) => await one.close()));
  });

  it("says what doctor wants to know, and refuses work after close", async () => {
    expect((await database.check()).map(({ status }) => status)).not.toContain("error");
    await database.close();
    await database.close();
    await expect(database.first(find, { topic: "a" })).rejects.toMatchObject({ code: "store/closed" });
    await expect(database.change(insert, { topic: "a" })).rejects.toMatchObject({ code: "store/closed" });
  });
});

it("takes over the tables of a module that stood in the file before, and refuses those of an older version", async () => {
  const upgrades = [{ of: "notes", from: 1, to: 1, sql: () => "ALTER TABLE notes RENAME TO papers" }];
  const papers = { name: "papers", version: 1, tables: () => "SELECT no_such_column", upgrades };
  const database = openSqliteDatabase(join(folder, "taken-over.sqlite"));
  await database.migrate(notes);
  const tooOld = { ...papers, upgrades: [{ of: "notes", from: 2, to: 1, sql: () => "" }] };
  await expect(database.migrate(tooOld)).rejects.toMatchObject({ code: "store/older-database" });
  await database.migrate(papers);
  await database.migrate(papers);
  await expect(database.all(list, {})).rejects.toThrow("no such table: notes");
  await database.close();
});
