/** What PostgreSQL would do for a query: whether it reads more of a table than it has to. */
import type { Client } from "pg";
import { z } from "zod";

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Index Name"?: string | undefined;
  readonly "Index Cond"?: string | undefined;
  readonly Plans?: readonly Plan[] | undefined;
}
const Plan: z.ZodType<Plan> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Name": z.string().optional(),
    "Index Cond": z.string().optional(),
    Plans: z.array(Plan).optional(),
  }),
);
const Explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan })]) })]);

/** Reads of the store that are meant to go through everything, by the beginning of their SQL. */
const MEANT: readonly string[] = [
  // Hits of a day or so, once in a while.
  'delete from "usage_hits" where at + 2 * window_ms',
  // The data keys, a handful, and how far columns are sealed again.
  'select "number", "id", "purpose", "wrapped"',
  'select "name", "key_id"',
];

export const isMeant = (sql: string): boolean => MEANT.some((meant) => sql.startsWith(meant));

/** Pass rows on one by one, so that a limit above them ends what is below. */
const STREAMING = /^(?:Limit|LockRows|Subquery Scan|Result|Append|Merge Append|ModifyTable|Nested Loop)$/u;

/** The reads of a plan that go through a whole table or a whole index, and that no limit ends. */
export function wholeReads(plan: Plan, isLimited = false): readonly string[] {
  const { "Node Type": type, "Relation Name": table = "", "Index Name": index, "Index Cond": condition } = plan;
  const isWhole = type === "Seq Scan" || (/^(?:Index|Bitmap Index)/u.test(type) && condition === undefined);
  const limited = type === "Limit" || (isLimited && STREAMING.test(type));
  return [
    ...(isWhole && !isLimited ? [index === undefined ? table : `${table} by ${index}`] : []),
    ...(plan.Plans ?? []).flatMap((part) => wholeReads(part, limited)),
  ];
}

/**
 * The plan of a statement whose values are not known, as the server makes it for one that is prepared. Where a table can be
 * read by an index at all it is, so that the plan is the same for tables of any size.
 */
export async function genericPlan(client: Client, sql: string): Promise<Plan> {
  await client.query("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan");
  await client.query(`PREPARE looked_at AS ${sql}`);
  try {
    const { rows } = await client.query(
      "SELECT coalesce(array_length(parameter_types, 1), 0) AS count FROM pg_prepared_statements WHERE name = 'looked_at'",
    );
    const count = z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
    const values = count === 0 ? "" : `(${Array.from({ length: count }, () => "NULL").join(", ")})`;
    return explained(await client.query(`EXPLAIN (FORMAT JSON) EXECUTE looked_at${values}`));
  } finally {
    await client.query("DEALLOCATE looked_at");
  }
}

/** The plan of a statement with its values, by what the server knows of the tables. */
export async function planOf(client: Client, sql: string, values: readonly unknown[]): Promise<Plan> {
  return explained(await client.query(`EXPLAIN (FORMAT JSON) ${sql}`, [...values]));
}

function explained({ rows }: { readonly rows: unknown }): Plan {
  return Explained.parse(rows)[0]["QUERY PLAN"][0].Plan;
}
