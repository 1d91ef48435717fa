/** The searchable copy of a directory of documents: one SQLite file that can be thrown away and is then made anew. */
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { migrate, openDatabase } from "../../core/store/sqlite/database.ts";
import { jsonText, readCount, rowReader } from "../../core/store/sqlite/rows.ts";
import type { Chunk } from "./chunk.ts";
import { Block, Format, type DocumentFacts } from "./document.ts";
import { TOKENIZER } from "./stems.ts";

/** A file as the index knows it. */
export interface FileRecord {
  /** Relative to the documents' directory, with forward slashes. */
  readonly path: string;
  /** Size and times; while they stay, the file is not even opened. */
  readonly stamp: string;
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
  /** Version of the code that read it. */
  readonly reader: number;
  /** Why it could not be read, or what of it was left out. */
  readonly problem?: string | undefined;
}

export interface StoredDocument {
  readonly id: string;
  readonly path: string;
  readonly format: Format;
  readonly title: string;
  readonly category?: string | undefined;
  readonly updated?: string | undefined;
  readonly url?: string | undefined;
  readonly pages?: number | undefined;
}

/** A chunk that matched. */
export interface Hit {
  /** For `load`. */
  readonly chunk: number;
  readonly document: string;
  /** BM25 with column weights: the larger, the better. */
  readonly score: number;
}

/** A chunk with its document. */
export interface StoredChunk {
  readonly document: StoredDocument;
  readonly chunk: Chunk;
}

export interface DocumentIndex {
  readonly files: () => ReadonlyMap<string, FileRecord>;
  /** Replaces whatever the index had of this file. */
  readonly put: (
    file: FileRecord,
    format: Format,
    content: { document: DocumentFacts; chunks: readonly Chunk[] },
  ) => void;
  /** Keeps a file that cannot be read by name only, so that it is not tried again until it changes. */
  readonly putUnreadable: (file: FileRecord) => void;
  readonly setStamp: (path: string, stamp: string) => void;
  readonly remove: (path: string) => void;
  /** The best chunks for an FTS5 expression made by `matchAny`. */
  readonly search: (match: string, limit: number) => readonly Hit[];
  /** Undefined when the file was read anew since the search. */
  readonly load: (chunk: number) => StoredChunk | undefined;
  /** In how many chunks a stem stands. */
  readonly chunksWith: (stem: string) => number;
  readonly counts: () => { readonly documents: number; readonly chunks: number };
  readonly find: (id: string) => StoredDocument | undefined;
  readonly findByPath: (path: string) => StoredDocument | undefined;
  readonly close: () => void;
}

/** BM25 weights of a chunk's title, section and body, chosen on the sample questions (see quality.test.ts). */
const WEIGHTS = { title: 3, section: 2, body: 1 };

const TABLES = `
  CREATE TABLE files (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, hash TEXT NOT NULL, reader INTEGER NOT NULL, problem TEXT
  ) STRICT;
  CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE REFERENCES files (path) ON DELETE CASCADE,
    format TEXT NOT NULL, title TEXT NOT NULL, category TEXT, updated TEXT, url TEXT, pages INTEGER
  ) STRICT;
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    section TEXT NOT NULL, anchor TEXT NOT NULL, page INTEGER, blocks TEXT NOT NULL
  ) STRICT;
  CREATE INDEX chunks_by_document ON chunks (document);
  CREATE VIRTUAL TABLE chunk_text USING fts5(title, section, body, tokenize = '${TOKENIZER}');
  CREATE VIRTUAL TABLE chunk_terms USING fts5vocab(chunk_text, 'row');
`;

const readFileRow = rowReader(
  "files",
  z.object({
    path: z.string(),
    stamp: z.string(),
    hash: z.string(),
    reader: z.number().int(),
    problem: z.string().optional(),
  }),
);

const DocumentRow = z.object({
  id: z.string(),
  path: z.string(),
  format: Format,
  title: z.string(),
  category: z.string().optional(),
  updated: z.string().optional(),
  url: z.string().optional(),
  pages: z.number().int().optional(),
});
const readDocumentRow = rowReader("documents", DocumentRow);

const readHit = rowReader("chunks", z.object({ chunk: z.number(), document: z.string(), score: z.number() }));

const readChunkRow = rowReader(
  "chunks",
  DocumentRow.extend({
    section: z.string(),
    anchor: z.string(),
    page: z.number().int().optional(),
    blocks: jsonText(z.array(Block)),
  }).transform(({ section, anchor, page, blocks, ...document }): StoredChunk => ({
    document,
    chunk: { section, anchor, ...(page !== undefined && { page }), blocks },
  })),
);

/** Opens or makes the index. Several processes may share it. */
export function openDocumentIndex(path: string): DocumentIndex {
  const database = openDatabase(path, { synchronous: "normal" });
  try {
    migrate(database, "documents", [{ version: 1, sql: TABLES }]);
    const statements = prepareStatements(database);
    return { ...writes(database, statements), ...reads(statements), close: () => database.close() };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: Database) {
  return {
    files: database.prepare("SELECT * FROM files"),
    insertFile: database.prepare("INSERT INTO files VALUES (@path, @stamp, @hash, @reader, @problem)"),
    setStamp: database.prepare("UPDATE files SET stamp = ? WHERE path = ?"),
    deleteText: database.prepare(
      "DELETE FROM chunk_text WHERE rowid IN (SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document WHERE d.path = ?)",
    ),
    deleteFile: database.prepare("DELETE FROM files WHERE path = ?"),
    insertDocument: database.prepare(
      "INSERT INTO documents VALUES (@id, @path, @format, @title, @category, @updated, @url, @pages)",
    ),
    insertChunk: database.prepare(
      "INSERT INTO chunks (document, section, anchor, page, blocks) VALUES (?, ?, ?, ?, ?)",
    ),
    insertText: database.prepare("INSERT INTO chunk_text (rowid, title, section, body) VALUES (?, ?, ?, ?)"),
    search: database.prepare(
      `SELECT c.id AS chunk, c.document, -found.rank AS score
       FROM (SELECT rowid, bm25(chunk_text, ${WEIGHTS.title}, ${WEIGHTS.section}, ${WEIGHTS.body}) AS rank
             FROM chunk_text WHERE chunk_text MATCH ? ORDER BY rank, rowid LIMIT ?) found
       JOIN chunks c ON c.id = found.rowid ORDER BY found.rank, c.id`,
    ),
    load: database.prepare(
      `SELECT d.*, c.section, c.anchor, c.page, c.blocks
       FROM chunks c JOIN documents d ON d.id = c.document WHERE c.id = ?`,
    ),
    chunksWith: database.prepare("SELECT doc AS count FROM chunk_terms WHERE term = ?"),
    documentCount: database.prepare("SELECT count(*) AS count FROM documents"),
    chunkCount: database.prepare("SELECT count(*) AS count FROM chunks"),
    find: database.prepare("SELECT * FROM documents WHERE id = ?"),
    findByPath: database.prepare("SELECT * FROM documents WHERE path = ?"),
  };
}

function writes(database: Database, statements: Statements) {
  const remove = (path: string): void => {
    statements.deleteText.run(path);
    statements.deleteFile.run(path);
  };
  const insertFile = (file: FileRecord): void => {
    statements.insertFile.run({ ...file, problem: file.problem ?? null });
  };
  const put: DocumentIndex["put"] = (file, format, { document, chunks }) => {
    remove(file.path);
    insertFile(file);
    const id = freeId(statements, file.path);
    const { title, category = null, updated = null, url = null, pages = null } = document;
    statements.insertDocument.run({ id, path: file.path, format, title, category, updated, url, pages });
    for (const { section, anchor, page, blocks } of chunks) {
      const { lastInsertRowid } = statements.insertChunk.run(id, section, anchor, page ?? null, JSON.stringify(blocks));
      statements.insertText.run(lastInsertRowid, title, section, blocks.map((block) => block.text).join("\n"));
    }
  };
  const putUnreadable = (file: FileRecord): void => {
    remove(file.path);
    insertFile(file);
  };
  const inTransaction = database.transaction((write: () => void) => write());
  return {
    put: (...arguments_: Parameters<typeof put>) => inTransaction.immediate(() => put(...arguments_)),
    putUnreadable: (file: FileRecord) => inTransaction.immediate(() => putUnreadable(file)),
    setStamp: (path: string, stamp: string) => {
      statements.setStamp.run(stamp, path);
    },
    remove: (path: string) => inTransaction.immediate(() => remove(path)),
  };
}

function reads(statements: Statements) {
  const documentOf = (row: unknown): StoredDocument | undefined =>
    row === undefined ? undefined : readDocumentRow(row);
  return {
    files: () => new Map(statements.files.all().map((row) => [readFileRow(row).path, readFileRow(row)] as const)),
    search: (match: string, limit: number) => statements.search.all(match, limit).map(readHit),
    load: (chunk: number) => {
      const row = statements.load.get(chunk);
      return row === undefined ? undefined : readChunkRow(row);
    },
    chunksWith: (stem: string) => readCount(statements.chunksWith.get(stem) ?? { count: 0 }),
    counts: () => ({
      documents: readCount(statements.documentCount.get()),
      chunks: readCount(statements.chunkCount.get()),
    }),
    find: (id: string) => documentOf(statements.find.get(id)),
    findByPath: (path: string) => documentOf(statements.findByPath.get(path)),
  };
}

/** A short, readable id that stays while the path does: `fees/price-list.pdf` is `fees-price-list.pdf`. */
function freeId(statements: Statements, path: string): string {
  const readable = path
    .toLowerCase()
    .replace(/\.(?:md|markdown)$/, "")
    .replaceAll(/[^a-z0-9.]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 100);
  const id = readable === "" ? "document" : readable;
  if (statements.find.get(id) === undefined) return id;
  return `${id}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}
