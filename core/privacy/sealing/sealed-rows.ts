/** Sealed columns of any table, read and replaced by their primary key. */
import { z } from "zod";
import type { Database, Engine, Query, Value } from "../../store/sql/database.ts";
import type { SealedColumn } from "./sealed-column.ts";

/** Values of a primary key, first to last. */
export type RowKey = readonly (string | number)[];

export interface StoredText {
  readonly key: RowKey;
  /** What the text is bound to. */
  readonly row: Readonly<Record<string, string | number>>;
  readonly text: string;
}

const Cell = z.union([z.string(), z.number()]);
const Row = z.record(
  z.string(),
  z.union([Cell, z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString("utf8"))]),
);
const Key = z.array(Cell);

export const textOfKey = (key: RowKey): string => JSON.stringify(key);
export const keyFrom = (text: string): RowKey => Key.parse(JSON.parse(text));

/** Rows behind a key, in its order, that have a text. */
export async function readPage(
  database: Database,
  { table, column, key, row }: SealedColumn,
  { after, limit }: { readonly after: RowKey | undefined; readonly limit: number },
): Promise<readonly StoredText[]> {
  const names = [...new Set([...key, ...row])];
  const bind = (engine: Engine) => {
    const place = placesOf(engine);
    const behind = after === undefined ? "" : `AND (${list(key)}) > (${after.map(place).join(", ")})`;
    const sql = `SELECT ${list(names)}, ${quoted(column)} AS sealed_text FROM ${quoted(table)}
      WHERE ${quoted(column)} IS NOT NULL ${behind} ORDER BY ${list(key)} LIMIT ${limit}`;
    return { sql, values: after ?? [] };
  };
  const rows = await database.all({ bind, read: (found) => Row.parse(found) } satisfies Query<object, unknown>, {});
  return rows.map(({ sealed_text: text, ...found }) => ({
    key: key.map((name) => found[name] ?? ""),
    row: found,
    text: String(text),
  }));
}

/** Replaces the text where it is still the one that was read. */
export function replaceText(
  { table, column, key, isBytes }: SealedColumn,
  { key: values, text, sealed }: StoredText & { readonly sealed: string },
): Query<object, unknown> {
  return {
    bind: (engine) => {
      const place = placesOf(engine);
      const set = `UPDATE ${quoted(table)} SET ${quoted(column)} = ${place()}`;
      const found = [...key, column].map((name) => `${quoted(name)} = ${place()}`).join(" AND ");
      const written = (one: string): Value => (isBytes === true ? Buffer.from(one) : one);
      const bound: readonly Value[] = [written(sealed), ...values, written(text)];
      return { sql: `${set} WHERE ${found}`, values: bound };
    },
    read: () => undefined,
  };
}

function placesOf(engine: Engine): () => string {
  let count = 0;
  return () => (engine === "sqlite" ? "?" : `$${(count += 1)}`);
}

const list = (names: readonly string[]): string => names.map(quoted).join(", ");
const quoted = (name: string): string => `"${name}"`;
