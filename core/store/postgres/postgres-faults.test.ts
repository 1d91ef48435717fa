import { Client } from "pg";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { startPooler } from "../../../test/support/pooler.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import type { Database } from "../sql/database.ts";
import type { Module } from "../sql/module.ts";
import { defineQueries } from "../sql/queries.ts";
import { first, run } from "../sql/work.ts";
import { openPostgresDatabase, type PostgresOptions } from "./postgres-database.ts";

const counters: Module = {
  name: "counters",
  version: 1,
  tables: ({ tables }) => tables("CREATE TABLE counters (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;"),
};
const query = defineQueries<{ counters: { name: string; count: number } }>();
const find = query<{ name: string }>()("counters", z.object({ count: z.number() }), ({ db, value }) =>
  db.selectFrom("counters").select("count").where("name", "=", value("name")),
);
const save = query<{ name: string; count: number }>()("counters", z.unknown(), ({ db, value }) =>
  db
    .insertInto("counters")
    .values({ name: value("name"), count: value("count") })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((row) => ({ count: row.ref("excluded.count") }))),
);

async function increment(database: Database, name = "a"): Promise<number> {
  return await database.write(
    function* () {
      const count = ((yield* first(find, { name }))?.count ?? 0) + 1;
      yield* run(save, { name, count });
      return count;
    },
    { lock: name },
  );
}

const server = usePostgres();
let url: string;
beforeEach(async () => {
  url = await server().createDatabase();
});

async function open(options: Partial<PostgresOptions> = {}): Promise<Database> {
  const database = openPostgresDatabase({ url, ...options });
  onTestFinished(database.close);
  await database.migrate(counters);
  return database;
}

describe("a user without the rights", () => {
  it("is told which are missing, and no message is given up for it", async () => {
    const owner = new Client({ connectionString: url });
    await owner.connect();
    onTestFinished(async () => await owner.end());
    await owner.query("CREATE ROLE guest LOGIN PASSWORD 'guest'");
    onTestFinished(async () => void (await owner.query("DROP OWNED BY guest; DROP ROLE guest")));
    const guest = new URL(url);
    guest.username = "guest";
    guest.password = "guest";
    await expect(open({ url: guest.href, retryMs: 100 })).rejects.toMatchObject({
      code: "store/database",
      retryable: true,
      message: expect.stringContaining("GRANT CREATE, USAGE ON SCHEMA public"),
    });
  });
});

it("refuses a database whose encoding cannot hold every message", async () => {
  const owner = new Client({ connectionString: url });
  await owner.connect();
  onTestFinished(async () => await owner.end());
  await owner.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  onTestFinished(async () => void (await owner.query("DROP DATABASE latin WITH (FORCE)")));
  const latin = new URL(url);
  latin.pathname = "/latin";
  await expect(open({ url: latin.href })).rejects.toThrow("ENCODING 'UTF8'");
});

describe("a PostgreSQL that fails", () => {
  it("is used again after a crash, and nothing acknowledged is missing", async () => {
    const database = await open({ retryMs: 20_000 });
    let acknowledged = 0;
    const stopped = new AbortController();
    const writing = (async () => {
      while (!stopped.signal.aborted) {
        // An answer that was lost may stand or not: only what was acknowledged is counted.
        const count = await increment(database).catch(() => undefined);
        if (count !== undefined) acknowledged = count;
      }
    })();
    for (let crash = 0; crash < 2; crash += 1) {
      await expect.poll(() => acknowledged).toBeGreaterThan(20 * (crash + 1));
      await server().stop("immediate");
      await server().start();
    }
    const before = acknowledged;
    await expect.poll(() => acknowledged).toBeGreaterThan(before + 10);
    stopped.abort();
    await writing;
    expect((await database.first(find, { name: "a" }))?.count).toBeGreaterThanOrEqual(acknowledged);
  });

  it("refuses with the place and a fix when it hangs, and is used again when it does not", async () => {
    const database = await open({ statementTimeoutMs: 300, retryMs: 100 });
    await increment(database);
    server().pause();
    const failed = { code: "store/database", retryable: true };
    await Promise.all([
      expect(database.first(find, { name: "a" })).rejects.toMatchObject(failed),
      expect(increment(database)).rejects.toMatchObject(failed),
    ]);
    await expect(increment(database)).rejects.toThrow(/PostgreSQL 127\.0\.0\.1:\d+\/test_\w+ cannot be reached/u);
    server().resume();
    await expect.poll(async () => await increment(database).catch(() => 0)).toBeGreaterThan(1);
  });

  it("gives up on a lock that is held too long", async () => {
    const database = await open({ statementTimeoutMs: 400, retryMs: 100 });
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query("SELECT pg_advisory_lock(hashtextextended('a', 0))");
    await expect(increment(database)).rejects.toThrow(/took too long/u);
    await other.end();
    expect(await increment(database)).toBe(1);
  });

  it("does a transaction again whose connection was cut before its commit", async () => {
    const database = await open();
    await increment(database);
    let runs = 0;
    const count = await database.write(
      function* () {
        runs += 1;
        const found = (yield* first(find, { name: "a" }))?.count ?? 0;
        // The server ends this very connection.
        if (runs === 1) yield* first(terminate, {});
        yield* run(save, { name: "a", count: found + 1 });
        return found + 1;
      },
      { lock: "a" },
    );
    expect([count, runs]).toEqual([2, 2]);
    expect((await database.first(find, { name: "a" }))?.count).toBe(2);
  });

  it("never shows a password", async () => {
    const secret = url.replace("parley@", "parley:s3cr3t@").replace(/:\d+\//u, ":1/");
    const database = openPostgresDatabase({ url: secret, retryMs: 0 });
    onTestFinished(database.close);
    const [check] = await database.check();
    expect(check).toMatchObject({ status: "error" });
    await expect(increment(database)).rejects.toThrow("cannot be reached");
    const texts = JSON.stringify([check, database.place, await increment(database).catch(String)]);
    expect(texts).not.toContain("s3cr3t");
  });

  it("works through PgBouncer in transaction mode", async () => {
    const pooler = await startPooler(url);
    onTestFinished(pooler.stop);
    const database = openPostgresDatabase({ url: pooler.url, pooler: true });
    onTestFinished(database.close);
    await database.migrate(counters);
    const counts = await Promise.all(Array.from({ length: 30 }, async () => await increment(database)));
    expect(counts.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect((await database.check()).map(({ status }) => status)).not.toContain("error");
  });
});

const terminate = query()("counters", z.unknown(), ({ db }) =>
  db.selectNoFrom((build) => build.fn<boolean>("pg_terminate_backend", [build.fn("pg_backend_pid")]).as("done")),
);
