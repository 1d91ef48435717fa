/** Every query of the store finds its rows by an index on PostgreSQL, so that none gets slower as tables grow. */
import { Client } from "pg";
import { expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { genericPlan, isMeant, wholeReads } from "../../../test/support/query-plans.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import { openPostgresStore } from "../../../test/support/postgres-store.ts";

const defined = vi.hoisted(() => ({
  queries: new Set<unknown>(),
  /** The same function; what comes of it after so many calls is noted. */
  noting(made: unknown, calls: number): unknown {
    if (calls === 0) defined.queries.add(made);
    if (calls === 0 || typeof made !== "function") return made;
    return new Proxy(made, {
      apply: (target, self, given: readonly unknown[]) => defined.noting(Reflect.apply(target, self, given), calls - 1),
    });
  },
}));
// Nothing is replaced: the queries that the store's files define are listened to, so that none can be forgotten here.
vi.mock("../sql/queries.ts", async (original) => {
  const queries = await original<Readonly<Record<string, unknown>>>();
  return { ...queries, defineQueries: defined.noting(queries["defineQueries"], 3) };
});

const Bound = z.object({ sql: z.string() });
/** The SQL, which is the same for all values. */
function sqlOf(query: unknown): string {
  const { bind } = z.object({ bind: z.custom<() => unknown>((value) => typeof value === "function") }).parse(query);
  const values = new Proxy({}, { get: () => "" });
  return Bound.parse(Reflect.apply(bind, query, ["postgres", values])).sql;
}

const server = usePostgres();

it("every query of the store uses an index", async () => {
  const url = await server().createDatabase();
  const store = await openPostgresStore(url);
  await store.close();
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => await client.end());
  const texts = [...defined.queries].map(sqlOf);
  expect(texts.length).toBeGreaterThan(50);
  const faults: string[] = [];
  for (const sql of texts.filter((one) => !isMeant(one))) {
    const whole = wholeReads(await genericPlan(client, sql));
    if (whole.length > 0) faults.push(`reads all of ${whole.join(", ")}: ${sql}`);
  }
  expect(faults).toEqual([]);
});
