/** Migrations on PostgreSQL: forward only, each step in a transaction, one process at a time. */
import type { PoolClient } from "pg";
import { z } from "zod";
import { DatabaseError } from "../errors.ts";
import { dialects } from "../sql/dialect.ts";
import { type Module, nextStep } from "../sql/module.ts";

const Version = z.array(z.object({ version: z.number() })).transform((rows) => rows[0]?.version ?? 0);
const Encoding = z.array(z.object({ encoding: z.string() })).transform((rows) => rows[0]?.encoding);
const Found = z.array(z.object({ found: z.boolean() })).transform((rows) => rows[0]?.found ?? false);

export const ENCODING_REMEDY = "Make a new database: CREATE DATABASE parley ENCODING 'UTF8' TEMPLATE template0.";

/** Held from the look at the version to the commit, so that processes that start together make each step once. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('parley:migrations', 0))";

/** Makes or updates the module's tables. Throws `store/newer-database` or `store/older-database`. */
export async function migratePostgres(client: PoolClient, module: Module, place: string): Promise<void> {
  for (;;) {
    await client.query("BEGIN");
    try {
      const next = await nextOf(client, module, place);
      if (next === undefined) {
        await client.query("ROLLBACK");
        return;
      }
      await client.query(next.sql);
      await client.query({
        text: `INSERT INTO schema_versions (module, version) VALUES ($1, $2)
          ON CONFLICT (module) DO UPDATE SET version = excluded.version`,
        values: [module.name, next.to],
      });
      await client.query("COMMIT");
    } catch (thrown) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw thrown;
    }
  }
}

async function nextOf(client: PoolClient, module: Module, place: string) {
  const options = { dialect: dialects.postgres, place };
  // Nearly always nothing is to be done, which needs no lock and no right to make tables.
  if ((await versionOf(client, module)) === module.version) return undefined;
  await client.query(LOCK);
  if (!(await hasVersions(client))) {
    await requireUtf8(client, place);
    await client.query("CREATE TABLE schema_versions (module TEXT PRIMARY KEY, version BIGINT NOT NULL)");
  }
  return nextStep(module, await versionOf(client, module), options);
}

/** Before the first table is made: later it would be a message that does not fit. */
async function requireUtf8(client: PoolClient, place: string): Promise<void> {
  const { rows } = await client.query("SELECT current_setting('server_encoding') AS encoding");
  const encoding = Encoding.parse(rows);
  if (encoding === "UTF8") return;
  throw new DatabaseError(
    `${place} has the encoding ${encoding}, which cannot hold every message. ${ENCODING_REMEDY}`,
    { retryable: false, cause: undefined },
  );
}

async function versionOf(client: PoolClient, { name }: Module): Promise<number> {
  if (!(await hasVersions(client))) return 0;
  const { rows } = await client.query("SELECT version FROM schema_versions WHERE module = $1", [name]);
  return Version.parse(rows);
}

async function hasVersions(client: PoolClient): Promise<boolean> {
  // Not by `to_regclass`, which remembers within a transaction that it was not there.
  const { rows } = await client.query(
    "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'schema_versions' AND pg_table_is_visible(oid)) AS found",
  );
  return Found.parse(rows);
}
