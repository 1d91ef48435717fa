import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { type PostgresServer, startPostgres } from "../../test/support/postgres-server.ts";
import { type Databases, postgresDatabases, sqliteDatabases } from "../../core/store/databases.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";
import { openProcessRecords } from "./process-record.ts";

const state = async () => ({ ready: true, parts: [{ name: "broker", state: "live", detail: "takes messages" }] });
const Row = z.object({ id: z.string(), record: z.string() });
const query = defineQueries<{ processes: z.infer<typeof Row> }>();
const list = query()("processes", Row, ({ db }) => db.selectFrom("processes").selectAll().where("id", "<>", "applied"));
const insert = query<z.infer<typeof Row>>()("processes", z.unknown(), ({ db, value }) =>
  db.insertInto("processes").values({ id: value("id"), record: value("record") }),
);
const failed = (error: unknown): void => expect.fail(String(error));
const MINUTE_MS = 60_000;

describe.each(["sqlite", "postgres"] as const)("the records of processes (%s)", (engine) => {
  let server: PostgresServer | undefined;
  const directory = mkdtempSync(join(tmpdir(), "parley-records-"));
  beforeAll(async () => {
    if (engine === "postgres") server = await startPostgres();
  });
  afterAll(async () => {
    await server?.stop();
    server?.remove();
    rmSync(directory, { recursive: true, force: true });
  });
  const databasesOf = async (): Promise<Databases> =>
    server === undefined ? sqliteDatabases(directory) : await postgresDatabases({ url: server.url });

  async function open() {
    const databases = await databasesOf();
    const records = await openProcessRecords(databases);
    onTestFinished(async () => {
      vi.useRealTimers();
      await records.close();
      await databases.close();
    });
    return { databases, records };
  }

  it("tell what runs, and what was applied last once nothing does", async () => {
    const { records } = await open();
    expect(await records.lastApplied()).toBeUndefined();
    const own = records.own({ roles: ["gateway"], url: "http://127.0.0.1:8080", state }, failed);
    await own.write({ a: 1 });
    expect(await records.living()).toMatchObject([{ roles: ["gateway"], config: { a: 1 }, state: { ready: true } }]);
    await own.write({ a: 2 });
    await own.remove();
    expect(await records.living()).toEqual([]);
    expect(await records.lastApplied()).toMatchObject({ config: { a: 2 } });
  });

  it("know a process of another machine until it was silent for two minutes", async () => {
    const { databases, records } = await open();
    const own = records.own({ roles: ["workers"], url: undefined, state }, failed);
    await own.write({});
    const database = databases.open("processes.sqlite");
    const [row] = await database.all(list, {});
    const foreign = (row?.record ?? "").replace(/"machine":"[^"]+"/u, '"machine":"elsewhere"');
    await database.change(insert, { id: "elsewhere-1", record: foreign });
    expect(await records.living()).toHaveLength(2);
    vi.setSystemTime(Date.now() + 3 * MINUTE_MS);
    // Its own machine knows better: that process lives.
    expect((await records.living()).map(({ process: { machine } }) => machine)).not.toContain("elsewhere");
    expect(await database.all(list, {})).toHaveLength(1);
    await own.remove();
    await database.close();
  });
});
