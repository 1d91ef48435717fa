/** Rows are read through schemas: what comes out of the file is checked like anything else from outside. */
import { z } from "zod";
import { CorruptRowError } from "./errors.ts";

/** Makes a reader of one kind of row. NULL columns count as absent. Throws `store/corrupt-row`. */
export function rowReader<Schema extends z.ZodType>(table: string, schema: Schema): (row: unknown) => z.output<Schema> {
  return (row) => {
    const parsed = schema.safeParse(withoutNulls(row));
    if (!parsed.success) throw new CorruptRowError(table, parsed.error);
    return parsed.data;
  };
}

/** A column of JSON text, parsed and then checked. */
export function jsonText<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "not JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** Booleans are stored as 0 and 1, because SQLite has none. */
export const flag = z.literal([0, 1]).transform((value) => value === 1);

/** The row of a `SELECT count(*) AS count`. */
export const readCount = rowReader(
  "(count)",
  z.object({ count: z.number().int() }).transform(({ count }) => count),
);

function withoutNulls(row: unknown): unknown {
  if (typeof row !== "object" || row === null) return row;
  const values: readonly unknown[] = Object.values(row);
  if (!values.includes(null)) return row;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
