import { Client } from "pg";
import { z } from "zod";
import { openDatabase } from "../../core/store/sqlite/database.ts";

const Table = z.object({ name: z.string(), bytes: z.coerce.number(), entries: z.coerce.number() });

export interface Sizes {
  readonly tables: readonly z.infer<typeof Table>[];
  /** With what is free in between. */
  readonly fileBytes: number;
}

/** Bytes and entries of each table with its indexes, from SQLite's own page statistics. */
export function measureSqlite(path: string): Sizes {
  const database = openDatabase(path);
  database.pragma("wal_checkpoint(TRUNCATE)");
  const rows = database
    .prepare(`
      SELECT owner.tbl_name AS name, sum(stat.pgsize - stat.unused) AS bytes,
        sum(iif(stat.pagetype = 'leaf', stat.ncell, 0)) AS entries
      FROM dbstat stat JOIN sqlite_schema owner ON owner.name = stat.name
      WHERE owner.tbl_name NOT LIKE 'sqlite_%' GROUP BY owner.tbl_name ORDER BY bytes DESC`)
    .all();
  const pages = z.number().parse(database.pragma("page_count", { simple: true }));
  const free = z.number().parse(database.pragma("freelist_count", { simple: true }));
  const size = z.number().parse(database.pragma("page_size", { simple: true }));
  database.close();
  return { tables: rows.map((row) => Table.parse(row)), fileBytes: (pages - free) * size };
}

/** The same of PostgreSQL, with TOAST; entries as ANALYZE counts them. */
export async function measurePostgres(url: string): Promise<Sizes> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("VACUUM ANALYZE");
    const { rows } = await client.query(`
      SELECT stat.relname AS name, pg_total_relation_size(stat.relid) AS bytes,
        owner.reltuples + coalesce((SELECT sum(part.reltuples) FROM pg_index JOIN pg_class part ON part.oid = indexrelid
          WHERE indrelid = stat.relid), 0) AS entries
      FROM pg_stat_user_tables stat JOIN pg_class owner ON owner.oid = stat.relid ORDER BY bytes DESC`);
    const tables = rows.map((row) => Table.parse(row));
    return { tables, fileBytes: tables.reduce((sum, { bytes }) => sum + bytes, 0) };
  } finally {
    await client.end();
  }
}
