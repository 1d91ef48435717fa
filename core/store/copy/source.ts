/** The SQLite files of an installation, opened to be read only. */
import { existsSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { ParleyError } from "../../errors.ts";
import type { Value } from "../sql/database.ts";
import { dialects } from "../sql/dialect.ts";
import type { Module } from "../sql/module.ts";
import { openSqlite } from "../sqlite/driver.ts";

/** A table of a module: its columns, and those of its primary key first to last. */
export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

export type Row = readonly Value[];

/** One file with the tables of its modules. */
export interface CopySource {
  readonly tables: readonly CopiedTable[];
  /** Rows behind a key, in its order. */
  readonly page: (table: CopiedTable, after: Row | undefined, limit: number) => readonly Row[];
  readonly close: () => void;
}

const Column = z.object({ name: z.string(), pk: z.number() });
const Cell = z.union([z.string(), z.number(), z.bigint(), z.instanceof(Uint8Array), z.null()]);

/**
 * Opens a file without changing it; undefined where it is not there or has none of these tables yet. Throws `store/copy`
 * when another version of Parley wrote it.
 */
export function openCopySource(path: string, modules: readonly Module[]): CopySource | undefined {
  if (!existsSync(path)) return undefined;
  const database = openSqlite(path, { readonly: true, fileMustExist: true });
  try {
    const present = modules.filter((module) => isPresent(database, module, path));
    const tables = present.flatMap((module) => tablesOf(database, module));
    return {
      tables,
      page: (table, after, limit) => readPage(database, table, { after, limit }),
      close: () => void database.close(),
    };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function isPresent(database: Database, { name, version }: Module, path: string): boolean {
  const versions = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_versions'").get();
  const row = versions && database.prepare("SELECT version FROM schema_versions WHERE module = ?").get(name);
  if (row === undefined) return false;
  const found = z.object({ version: z.number() }).parse(row).version;
  if (found === version) return true;
  throw new ParleyError(
    "store/copy",
    `${path}: the "${name}" tables have version ${found}, this Parley writes ${version}. ` +
      "Start this version of Parley on it once (parley start), stop it, and copy then.",
  );
}

/** In the order in which they are made, so that what is referred to is copied before. */
function tablesOf(database: Database, module: Module): readonly CopiedTable[] {
  const definition = module.tables(dialects.sqlite);
  return [...definition.matchAll(/CREATE TABLE (\w+)\s*\(/gu)].map(([, name = ""]) => {
    const columns = database
      .prepare("SELECT name, pk FROM pragma_table_info(?)")
      .all(name)
      .map((row) => Column.parse(row));
    const key = columns.filter(({ pk }) => pk > 0).toSorted((left, right) => left.pk - right.pk);
    if (key.length === 0) throw new TypeError(`Table ${name} has no primary key`);
    return { name, columns: columns.map((one) => one.name), key: key.map((one) => one.name) };
  });
}

function readPage(
  database: Database,
  { name, columns, key }: CopiedTable,
  { after, limit }: { readonly after: Row | undefined; readonly limit: number },
): readonly Row[] {
  const list = (names: readonly string[]): string => names.map(quoted).join(", ");
  const behind = after === undefined ? "" : `WHERE (${list(key)}) > (${key.map(() => "?").join(", ")})`;
  const sql = `SELECT ${list(columns)} FROM ${quoted(name)} ${behind} ORDER BY ${list(key)} LIMIT ?`;
  const rows = database
    .prepare(sql)
    .raw()
    .all(...(after ?? []), limit);
  return rows.map((row) => z.array(Cell).parse(row));
}

/** A name as both engines take it. */
export function quoted(name: string): string {
  return `"${name}"`;
}
