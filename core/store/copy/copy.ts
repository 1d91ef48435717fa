/** Copies the SQLite files of an installation to PostgreSQL, page by page, and proves that both hold the same. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { ParleyError } from "../../errors.ts";
import type { BoundQuery, Database, Query, Value } from "../sql/database.ts";
import type { Module } from "../sql/module.ts";
import { defineQueries } from "../sql/queries.ts";
import { change, run } from "../sql/work.ts";
import { type CopiedTable, type CopySource, openCopySource, quoted, type Row } from "./source.ts";

/** A file and the modules whose tables are in it. */
export interface CopiedFile {
  readonly path: string;
  readonly modules: readonly Module[];
}

export interface CopyOptions {
  readonly files: readonly CopiedFile[];
  readonly target: Database;
  /** Hears of each page. */
  readonly progress?: (table: string, rows: number) => void;
}

/** What was found when both sides were read again. */
export interface CopiedCount {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over all rows in the order of their key: the same on both sides. */
  readonly hash: string;
}

/** Rows of one page; their values together stay below the 65,535 that PostgreSQL takes. */
const PAGE = 500;

/** How far each table was copied: a copy that was cut off goes on from there. */
const progressModule: Module = {
  name: "copy",
  version: 1,
  tables: ({ tables }) =>
    tables(
      "CREATE TABLE copy_progress (name TEXT PRIMARY KEY, last_key TEXT NOT NULL, copied INTEGER NOT NULL) STRICT;",
    ),
};
const query = defineQueries<{ copy_progress: { name: string; last_key: string; copied: number } }>();
const Progress = z.object({ last_key: z.string(), copied: z.number() });
const findProgress = query<{ name: string }>()("copy_progress", Progress, ({ db, value }) =>
  db.selectFrom("copy_progress").select(["last_key", "copied"]).where("name", "=", value("name")),
);
const saveProgress = query<{ name: string; last_key: string; copied: number }>()(
  "copy_progress",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("copy_progress")
      .values({ name: value("name"), last_key: value("last_key"), copied: value("copied") })
      .onConflict((conflict) =>
        conflict
          .column("name")
          .doUpdateSet((row) => ({ last_key: row.ref("excluded.last_key"), copied: row.ref("excluded.copied") })),
      ),
);

/**
 * Copies every table; the files stay as they are. Run again after it was cut off, it goes on. Gives what was compared in
 * the end. Throws `store/copy` when the target holds something else, or does not hold the same in the end.
 */
export async function copyStore({
  files,
  target,
  progress = () => undefined,
}: CopyOptions): Promise<readonly CopiedCount[]> {
  await target.migrate(progressModule);
  const counts: CopiedCount[] = [];
  for (const { path, modules } of files) {
    const source = openCopySource(path, modules);
    if (source === undefined) continue;
    try {
      for (const module of modules) await target.migrate(module);
      for (const table of source.tables) {
        await copyTable(source, target, { table, progress });
        counts.push(await compare(source, target, table));
      }
    } finally {
      source.close();
    }
  }
  return counts;
}

async function copyTable(
  source: CopySource,
  target: Database,
  { table, progress }: { readonly table: CopiedTable; readonly progress: NonNullable<CopyOptions["progress"]> },
): Promise<void> {
  const { name } = table;
  const before = await target.first(findProgress, { name });
  if (before === undefined) await refuseForeign(target, table);
  let copied = before?.copied ?? 0;
  let after = before === undefined ? undefined : keyFrom(before.last_key);
  for (;;) {
    const rows = source.page(table, after, PAGE);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = keyOf(table, last);
    copied += rows.length;
    const saved = { name, last_key: textOfKey(after), copied };
    await target.write(
      function* () {
        yield* run(insertRows(table, rows), {});
        yield* run(saveProgress, saved);
      },
      { lock: `copy:${name}` },
    );
    progress(name, copied);
  }
  await countOn(target, table);
}

/** Never mixes two installations. */
async function refuseForeign(target: Database, { name }: CopiedTable): Promise<void> {
  const found = await target.first(raw(`SELECT 1 AS one FROM ${quoted(name)} LIMIT 1`, [], z.unknown()), {});
  if (found === undefined) return;
  throw new ParleyError(
    "store/copy",
    `${target.place} has rows in "${name}" that no copy made: a start or parley doctor with this database makes some. Copy to an empty database, or drop these tables first.`,
  );
}

/** What counts by itself goes on behind the highest number that was copied. */
async function countOn(target: Database, { name }: CopiedTable): Promise<void> {
  if (target.engine === "sqlite") return;
  const identities = `SELECT column_name AS counter FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = '${name}' AND is_identity = 'YES'`;
  for (const { counter } of await target.all(raw(identities, [], Counter), {})) {
    const highest = `SELECT max(${quoted(counter)}) FROM ${quoted(name)}`;
    const sql = `SELECT setval(pg_get_serial_sequence('${name}', '${counter}'), (${highest})) WHERE (${highest}) IS NOT NULL`;
    await target.write(function* () {
      yield* change(raw(sql, [], z.unknown()), {});
    });
  }
}

const Counter = z.object({ counter: z.string() });

async function compare(source: CopySource, target: Database, table: CopiedTable): Promise<CopiedCount> {
  const here = await hashOf(async (after) => source.page(table, after, PAGE), table);
  const there = await hashOf(async (after) => await targetPage(target, table, after), table);
  if (here.rows === there.rows && here.hash === there.hash) return { table: table.name, ...here };
  throw new ParleyError(
    "store/copy",
    `"${table.name}" is not the same on both sides: ${here.rows} rows here, ${there.rows} in ${target.place}. ` +
      "Stop everything that writes on either side, empty the target, and copy again.",
  );
}

async function hashOf(page: (after: Row | undefined) => Promise<readonly Row[]>, table: CopiedTable) {
  const hash = createHash("sha256");
  let rows = 0;
  for (let after: Row | undefined; ;) {
    const found = await page(after);
    const last = found.at(-1);
    if (last === undefined) return { rows, hash: hash.digest("hex") };
    for (const row of found) hash.update(JSON.stringify(row.map(comparable))).update("\n");
    rows += found.length;
    after = keyOf(table, last);
  }
}

const TargetRow = z.record(z.string(), z.union([z.string(), z.number(), z.instanceof(Uint8Array)]));

async function targetPage(target: Database, table: CopiedTable, after: Row | undefined): Promise<readonly Row[]> {
  const { name, columns, key } = table;
  const list = (names: readonly string[]): string => names.map(quoted).join(", ");
  const places = key.map((_, index) => placeOf(target, index));
  const behind = after === undefined ? "" : `WHERE (${list(key)}) > (${places.join(", ")})`;
  const sql = `SELECT ${list(columns)} FROM ${quoted(name)} ${behind} ORDER BY ${list(key)} LIMIT ${PAGE}`;
  const rows = await target.all(raw(sql, after ?? [], TargetRow), {});
  return rows.map((row) => columns.map((column) => row[column] ?? null));
}

function insertRows(table: CopiedTable, rows: readonly Row[]): Query<object, unknown> {
  const { name, columns } = table;
  const bind: Query<object, unknown>["bind"] = (engine) => {
    let count = 0;
    const place = (): string => (engine === "sqlite" ? "?" : `$${(count += 1)}`);
    const values = rows.map((row) => `(${row.map(place).join(", ")})`).join(", ");
    const list = columns.map(quoted).join(", ");
    return {
      sql: `INSERT INTO ${quoted(name)} (${list}) VALUES ${values} ON CONFLICT DO NOTHING`,
      values: rows.flat(),
    };
  };
  return { bind, read: () => undefined };
}

function raw<Schema extends z.ZodType>(
  sql: string,
  values: readonly Value[],
  schema: Schema,
): Query<object, z.output<Schema>> {
  const bound: BoundQuery = { sql, values };
  const withoutNulls = (row: unknown) =>
    Object.fromEntries(Object.entries(Object(row)).filter(([, value]) => value !== null));
  return { bind: () => bound, read: (row) => schema.parse(withoutNulls(row)) };
}

function placeOf({ engine }: Database, index: number): string {
  return engine === "sqlite" ? "?" : `$${index + 1}`;
}

function keyOf({ columns, key }: CopiedTable, row: Row): Row {
  return key.map((name) => row[columns.indexOf(name)] ?? null);
}

const StoredKey = z.array(z.union([z.string(), z.number()]));
const textOfKey = (key: Row): string =>
  JSON.stringify(key.map((value) => (typeof value === "bigint" ? Number(value) : value)));
const keyFrom = (text: string): Row => StoredKey.parse(JSON.parse(text));

/** Bytes by their content; PostgreSQL keeps no NUL characters in texts. */
function comparable(value: Value): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value;
}
