import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import type { Module } from "../sql/module.ts";
import { defineQueries } from "../sql/queries.ts";
import { openPostgresDatabase } from "./postgres-database.ts";

const notes: Module = {
  name: "notes",
  version: 1,
  tables: ({ tables }) => tables("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT;"),
};
const query = defineQueries<{ notes: { id: number } }>();
const add = query<{ id: number }>()("notes", z.unknown(), ({ db, value }) =>
  db.insertInto("notes").values({ id: value("id") }),
);
const list = query()("notes", z.object({ id: z.int() }), ({ db }) => db.selectFrom("notes").select("id").orderBy("id"));

const server = usePostgres();

it.each([
  { where: "on a connection of its own", pooler: false },
  { where: "as behind a pooler, whose transactions say where they begin", pooler: true },
])("a refused write fails alone, and those after it on the same connection work: $where", async ({ pooler }) => {
  const database = openPostgresDatabase({ url: await server().createDatabase(), pooler, connections: 2 });
  onTestFinished(database.close);
  await database.migrate(notes);
  const write = async (id: number) => await database.change(add, { id }, { lock: "notes" });
  await write(0);
  for (let id = 1; id < 5; id += 1) {
    const [refused, done] = await Promise.allSettled([write(0), write(id)]);
    expect(refused).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringContaining("duplicate key") },
    });
    expect(done.status).toBe("fulfilled");
  }
  expect((await database.all(list, {})).map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
});
