/** The data keys of an installation, each wrapped, and how far its values were sealed again. */
import { z } from "zod";
import type { Module } from "../../store/sql/module.ts";
import { defineQueries } from "../../store/sql/queries.ts";

export const sealingModule: Module = {
  name: "sealing",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      -- number: the greatest seals. purpose: "values" of columns and files, or "digests" that rows are found by.
      CREATE TABLE sealing_keys (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        purpose TEXT NOT NULL,
        wrapped BLOB NOT NULL,
        wrapped_by TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      -- Of a column, or of files: which key they are sealed with again, and behind which row that goes on.
      CREATE TABLE sealing_progress (
        name TEXT PRIMARY KEY,
        key_id TEXT NOT NULL,
        last_key TEXT,
        began_at INTEGER NOT NULL,
        finished_at INTEGER
      ) STRICT, WITHOUT ROWID;`),
};

export type Purpose = "values" | "digests";

interface Tables {
  readonly sealing_keys: {
    number: number;
    id: string;
    purpose: string;
    wrapped: Uint8Array;
    wrapped_by: string;
    created_at: number;
  };
  readonly sealing_progress: {
    name: string;
    key_id: string;
    last_key: string | null;
    began_at: number;
    finished_at: number | null;
  };
}

const query = defineQueries<Tables>();

const RingRow = z.object({
  number: z.number(),
  id: z.string(),
  purpose: z.enum(["values", "digests"]),
  wrapped: z.instanceof(Uint8Array),
  by: z.string(),
  createdAt: z.number(),
});
export type RingRow = z.infer<typeof RingRow>;

export const allKeys = query()("sealing_keys", RingRow, ({ db }) =>
  db
    .selectFrom("sealing_keys")
    .select(["number", "id", "purpose", "wrapped", "wrapped_by as by", "created_at as createdAt"])
    .orderBy("number"),
);
export const addKey = query<{
  number: number;
  id: string;
  purpose: string;
  wrapped: Uint8Array;
  by: string;
  createdAt: number;
}>()("sealing_keys", z.unknown(), ({ db, value }) =>
  db.insertInto("sealing_keys").values({
    number: value("number"),
    id: value("id"),
    purpose: value("purpose"),
    wrapped: value("wrapped"),
    wrapped_by: value("by"),
    created_at: value("createdAt"),
  }),
);
export const wrapAnew = query<{ id: string; before: string; wrapped: Uint8Array; by: string }>()(
  "sealing_keys",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("sealing_keys")
      .set({ wrapped: value("wrapped"), wrapped_by: value("by") })
      .where("id", "=", value("id"))
      .where("wrapped_by", "=", value("before")),
);

const Progress = z.object({
  name: z.string(),
  keyId: z.string(),
  lastKey: z.string().optional(),
  beganAt: z.number(),
  finishedAt: z.number().optional(),
});
export type Progress = z.infer<typeof Progress>;
const progressColumns = [
  "name",
  "key_id as keyId",
  "last_key as lastKey",
  "began_at as beganAt",
  "finished_at as finishedAt",
] as const;

export const allProgress = query()("sealing_progress", Progress, ({ db }) =>
  db
    .selectFrom("sealing_progress")
    .select([...progressColumns])
    .orderBy("name"),
);
export const progressOf = query<{ name: string }>()("sealing_progress", Progress, ({ db, value }) =>
  db
    .selectFrom("sealing_progress")
    .select([...progressColumns])
    .where("name", "=", value("name")),
);
export const saveProgress = query<{
  name: string;
  keyId: string;
  lastKey: string | null;
  beganAt: number;
  finishedAt: number | null;
}>()("sealing_progress", z.unknown(), ({ db, value }) =>
  db
    .insertInto("sealing_progress")
    .values({
      name: value("name"),
      key_id: value("keyId"),
      last_key: value("lastKey"),
      began_at: value("beganAt"),
      finished_at: value("finishedAt"),
    })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet((row) => ({
        key_id: row.ref("excluded.key_id"),
        last_key: row.ref("excluded.last_key"),
        began_at: row.ref("excluded.began_at"),
        finished_at: row.ref("excluded.finished_at"),
      })),
    ),
);
