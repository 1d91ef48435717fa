import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { testSealing } from "../../../test/support/test-sealing.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { openPostgresDatabase } from "../../store/postgres/postgres-database.ts";
import type { Database } from "../../store/sql/database.ts";
import type { Module } from "../../store/sql/module.ts";
import { defineQueries } from "../../store/sql/queries.ts";
import { openSqliteDatabase } from "../../store/sqlite/sqlite-database.ts";
import { parseEnvelope } from "./envelope.ts";
import { resealColumn, SETTLE_MS } from "./resealing.ts";
import { sealedColumn } from "./sealed-column.ts";
import type { Sealing } from "./sealing.ts";

const WORDS = sealedColumn({ table: "letters", column: "words", key: ["box", "number"], row: ["box", "number"] });
const letters: Module = {
  name: "letters",
  version: 1,
  tables: ({ tables }) =>
    tables(
      "CREATE TABLE letters (box TEXT NOT NULL, number INTEGER NOT NULL, words TEXT, PRIMARY KEY (box, number)) STRICT;",
    ),
};
const query = defineQueries<{ letters: { box: string; number: number; words: string | null } }>();
const put = query<{ box: string; number: number; words: string | null }>()("letters", z.unknown(), ({ db, value }) =>
  db
    .insertInto("letters")
    .values({ box: value("box"), number: value("number"), words: value("words") })
    .onConflict((conflict) =>
      conflict.columns(["box", "number"]).doUpdateSet((row) => ({ words: row.ref("excluded.words") })),
    ),
);
const Letter = z.object({ box: z.string(), number: z.number(), words: z.string().optional() });
const every = query()("letters", Letter, ({ db }) =>
  db.selectFrom("letters").select(["box", "number", "words"]).orderBy("box").orderBy("number"),
);

const server = usePostgres();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-resealing-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe.each([
  { name: "SQLite", open: async () => openSqliteDatabase(join(folder, "letters.sqlite")) },
  { name: "PostgreSQL", open: async () => openPostgresDatabase({ url: await server().createDatabase() }) },
])("sealing again in $name", ({ open }) => {
  let database: Database;
  let sealing: Sealing;
  let now: number;
  const clock = (): number => now;
  beforeEach(async () => {
    database = await open();
    onTestFinished(database.close);
    await database.migrate(letters);
    sealing = testSealing(database);
    await sealing.ready();
    now = sealing.active().activeSince + SETTLE_MS;
  });

  const write = async (box: string, number: number, words: string | null): Promise<void> =>
    void (await database.change(put, { box, number, words }));
  const fill = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1)
      await write(number % 2 === 0 ? "a" : "b", number, `plain ${number}`);
  };
  const opened = async () =>
    (await database.all(every, {})).map(({ words, ...row }) => words && sealing.open(WORDS, row, words));
  const keys = async () =>
    new Set((await database.all(every, {})).flatMap(({ words }) => (words ? [parseEnvelope(words)?.keyId] : [])));

  it("seals what was there before, and leaves alone what is not there", async () => {
    await fill(25);
    await write("c", 1, null);
    const before = await opened();
    const done = await resealColumn(database, WORDS, { sealing, clock, step: 4 });
    expect(done).toEqual({ name: "letters.words", rows: 25, sealed: 25, overtaken: 0, unreadable: 0 });
    expect(await keys()).toEqual(new Set([sealing.active().active]));
    expect(await opened()).toEqual(before);
    expect(await resealColumn(database, WORDS, { sealing, clock })).toBeUndefined();
  });

  it("seals again under a new key, and looks once more when every process knows it", async () => {
    await fill(5);
    await resealColumn(database, WORDS, { sealing, clock });
    await sealing.rotate();
    now = sealing.active().activeSince;
    expect(await resealColumn(database, WORDS, { sealing, clock })).toMatchObject({ sealed: 5 });
    expect(await resealColumn(database, WORDS, { sealing, clock })).toBeUndefined();
    now += SETTLE_MS;
    expect(await resealColumn(database, WORDS, { sealing, clock })).toMatchObject({ rows: 5, sealed: 0 });
    expect(await resealColumn(database, WORDS, { sealing, clock })).toBeUndefined();
    expect(await keys()).toEqual(new Set([sealing.active().active]));
  });

  it("goes on where it was cut off", async () => {
    await fill(20);
    const cut = new AbortController();
    const first = await resealColumn(database, WORDS, {
      sealing,
      clock,
      step: 6,
      signal: cut.signal,
      progress: (_, rows) => rows === 12 && cut.abort(),
    });
    expect(first).toMatchObject({ rows: 12, sealed: 12 });
    expect(await resealColumn(database, WORDS, { sealing, clock, step: 6 })).toMatchObject({ rows: 8, sealed: 8 });
    expect(await keys()).toEqual(new Set([sealing.active().active]));
  });

  it("loses nothing of what is written meanwhile", async () => {
    await fill(40);
    let round = 0;
    const rewritten = new Map<number, string>();
    const writing: Promise<void>[] = [];
    await resealColumn(database, WORDS, {
      sealing,
      clock,
      step: 5,
      progress: () => {
        round += 1;
        // Each once, before and behind the place that is being sealed.
        const number = (round * 5) % 40;
        const words = `round ${round}`;
        rewritten.set(number, words);
        const box = number % 2 === 0 ? "a" : "b";
        writing.push(write(box, number, sealing.seal(WORDS, { box, number }, words)));
      },
    });
    await Promise.all(writing);
    for (const { box, number, words = "" } of await database.all(every, {}))
      expect(sealing.open(WORDS, { box, number }, words)).toBe(rewritten.get(number) ?? `plain ${number}`);
    expect(await keys()).toEqual(new Set([sealing.active().active]));
  });

  it("tells of a value that cannot be opened, leaves it, and seals the others", async () => {
    await fill(4);
    const elsewhere = sealing.seal(WORDS, { box: "z", number: 9 }, "moved here");
    await sealing.rotate();
    now = sealing.active().activeSince + SETTLE_MS;
    await write("a", 0, elsewhere);
    expect(await resealColumn(database, WORDS, { sealing, clock })).toMatchObject({ sealed: 3, unreadable: 1 });
    expect((await database.all(every, {}))[0]).toMatchObject({ words: elsewhere });
  });
});

it("leaves no plain word in the file", async () => {
  const path = join(folder, "letters.sqlite");
  const database = openSqliteDatabase(path);
  await database.migrate(letters);
  const sealing = testSealing(database);
  await sealing.ready();
  for (let number = 0; number < 50; number += 1)
    await database.change(put, { box: "a", number, words: `zqplain ${number}` });
  await resealColumn(database, WORDS, { sealing, clock: Date.now });
  await database.close();
  expect((await readFile(path)).includes("zqplain")).toBe(false);
});
