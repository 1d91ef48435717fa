/** The table of the documents that several hosts share, and its queries. */
import { z } from "zod";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";
import { jsonText } from "../../core/store/rows.ts";
import { Format } from "./document.ts";
import { Content } from "./read-file.ts";

interface Tables {
  /** `generation` is new with each database: what a host knows of another one is worth nothing here. */
  readonly documents_collections: { readonly collection: string; readonly generation: string };
  readonly documents_files: {
    readonly collection: string;
    readonly path: string;
    readonly id: string;
    readonly hash: string;
    readonly reader: number;
    readonly format: string;
    readonly title: string | null;
    readonly problem: string | null;
    /** What was read of it, in JSON; NULL when nothing could be. */
    readonly content: string | null;
    readonly updated_at: number;
  };
}

export const documents: Module = {
  name: "documents-shared",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      CREATE TABLE documents_collections (collection TEXT PRIMARY KEY, generation TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE documents_files (
        collection TEXT NOT NULL, path TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, reader INTEGER NOT NULL,
        format TEXT NOT NULL, title TEXT, problem TEXT, content TEXT, updated_at INTEGER NOT NULL,
        PRIMARY KEY (collection, path), UNIQUE (collection, id)
      ) STRICT, WITHOUT ROWID;`),
};

const query = defineQueries<Tables>();
const FILES = "documents_files";
const Generation = z.object({ generation: z.string() });
const Listed = z.object({ path: z.string(), hash: z.string(), reader: z.int() });
const Known = z.object({ id: z.string(), path: z.string(), hash: z.string() });
const Loaded = z.object({
  id: z.string(),
  hash: z.string(),
  reader: z.int(),
  format: Format,
  problem: z.string().optional(),
  content: jsonText(Content).optional(),
});
type Named = { readonly collection: string; readonly path: string };

export const begin = query<{ collection: string; generation: string }>()(
  "documents_collections",
  z.unknown(),
  (parts) =>
    parts.db
      .insertInto("documents_collections")
      .values({ collection: parts.value("collection"), generation: parts.value("generation") })
      .onConflict((conflict) => conflict.doNothing()),
);
export const findGeneration = query<{ collection: string }>()("documents_collections", Generation, ({ db, value }) =>
  db.selectFrom("documents_collections").select("generation").where("collection", "=", value("collection")),
);
export const listFiles = query<{ collection: string }>()(FILES, Listed, ({ db, value }) =>
  db.selectFrom(FILES).select(["path", "hash", "reader"]).where("collection", "=", value("collection")).orderBy("path"),
);
export const loadFile = query<Named>()(FILES, Loaded, ({ db, value }) =>
  db
    .selectFrom(FILES)
    .select(["id", "hash", "reader", "format", "problem", "content"])
    .where("collection", "=", value("collection"))
    .where("path", "=", value("path")),
);
export const findByPath = query<Named>()(FILES, Known, ({ db, value }) =>
  db
    .selectFrom(FILES)
    .select(["id", "path", "hash"])
    .where("collection", "=", value("collection"))
    .where("path", "=", value("path")),
);
export const findById = query<{ collection: string; id: string }>()(FILES, Known, ({ db, value }) =>
  db
    .selectFrom(FILES)
    .select(["id", "path", "hash"])
    .where("collection", "=", value("collection"))
    .where("id", "=", value("id")),
);
export const removeFile = query<Named>()(FILES, z.unknown(), ({ db, value }) =>
  db.deleteFrom(FILES).where("collection", "=", value("collection")).where("path", "=", value("path")),
);
type NewFile = { [Column in keyof Tables["documents_files"]]: Tables["documents_files"][Column] };
export const insertFile = query<NewFile>()(FILES, z.unknown(), ({ db, value }) =>
  db.insertInto(FILES).values({
    collection: value("collection"),
    path: value("path"),
    id: value("id"),
    hash: value("hash"),
    reader: value("reader"),
    format: value("format"),
    title: value("title"),
    problem: value("problem"),
    content: value("content"),
    updated_at: value("updated_at"),
  }),
);
