/** The searchable copy of a directory of documents: one SQLite file that can be thrown away and is then made anew. */
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { migrate, openDatabase } from "../../core/store/sqlite/database.ts";
import { jsonText, readCount, rowReader } from "../../core/store/rows.ts";
import { Chunk } from "./chunk.ts";
import { DocumentFacts, documentIds, Format } from "./document.ts";
import { TOKENIZER } from "./stems.ts";

/** A file as the index knows it. */
const FileRecord = z.object({
  /** Relative to the documents' directory, with forward slashes. */
  path: z.string(),
  /** Size and times; while they stay, the file is not even opened. */
  stamp: z.string(),
  /** SHA-256 of the content, in hexadecimal. */
  hash: z.string(),
  /** Version of the code that read it. */
  reader: z.number().int(),
  /** Why it could not be read, or what of it was left out. */
  problem: z.string().optional(),
});
export type FileRecord = z.infer<typeof FileRecord>;

/** The stamp of what other hosts brought in, and this host's folder does not have. */
export const FOLLOWED = "";

const StoredDocument = DocumentFacts.extend({ id: z.string(), path: z.string(), format: Format });
export type StoredDocument = z.infer<typeof StoredDocument>;

/** A chunk that matched. */
const Hit = z.object({
  /** For `load`. */
  chunk: z.number(),
  document: z.string(),
  /** BM25 with column weights: the larger, the better. */
  score: z.number(),
});
export type Hit = z.infer<typeof Hit>;

/** A chunk with its document. */
export interface StoredChunk {
  readonly document: StoredDocument;
  readonly chunk: Chunk;
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

const MORE_FACTS = `
  ALTER TABLE documents ADD COLUMN language TEXT;
  ALTER TABLE documents ADD COLUMN author TEXT;
`;

const readFileRow = rowReader("files", FileRecord);
const readDocumentRow = rowReader("documents", StoredDocument.optional());
const readHash = rowReader("files", z.object({ hash: z.string() }).optional());
const readContent = rowReader(
  "files",
  z.object({ content: z.string() }).transform(({ content }) => content),
);
const readHit = rowReader("chunks", Hit);
const readTerm = rowReader("chunk_terms", z.object({ term: z.string() }));
const readCounts = rowReader("documents", z.object({ documents: z.number(), chunks: z.number() }));
const readChunkRow = rowReader(
  "chunks",
  StoredDocument.extend({ ...Chunk.shape, blocks: jsonText(Chunk.shape.blocks) })
    .transform(({ section, anchor, page, blocks, ...document }): StoredChunk => ({
      document,
      chunk: { section, anchor, ...(page !== undefined && { page }), blocks },
    }))
    .optional(),
);

const readChunk = rowReader("chunks", Chunk.extend({ blocks: jsonText(Chunk.shape.blocks) }));

export type DocumentIndex = ReturnType<typeof openDocumentIndex>;

/** Opens or makes the index. Several processes may share it. */
export function openDocumentIndex(path: string) {
  const database = openDatabase(path, { synchronous: "normal" });
  try {
    migrate(database, "documents", [
      { version: 1, sql: TABLES },
      { version: 2, sql: MORE_FACTS },
    ]);
    const statements = prepareStatements(database);
    const edition = createEdition(database, statements);
    const stems = createStems(statements, edition);
    return {
      ...writes(database, statements),
      ...reads(statements),
      edition,
      stems,
      close: (): void => void database.close(),
    };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

type Statements = ReturnType<typeof prepareStatements>;

/** Names what is in the index: the same for the same files, in whichever index. */
function createEdition(database: Database, statements: Statements): () => string {
  let seen: string | undefined;
  let edition = "";
  return () => {
    // The first tells of other connections, the second of this one.
    const state = `${String(database.pragma("data_version", { simple: true }))} ${readCount(statements.changes.get())}`;
    if (state !== seen) {
      const hash = createHash("sha256");
      for (const row of statements.contents.iterate()) hash.update(readContent(row)).update("\n");
      edition = hash.digest("hex").slice(0, 16);
      seen = state;
    }
    return edition;
  };
}

/** All stems that stand in the documents. */
function createStems(statements: Statements, edition: () => string): () => ReadonlySet<string> {
  let seen: string | undefined;
  let stems: ReadonlySet<string> = new Set();
  return () => {
    const now = edition();
    if (now !== seen) stems = new Set(statements.stems.all().map((row) => readTerm(row).term));
    seen = now;
    return stems;
  };
}

function prepareStatements(database: Database) {
  return {
    files: database.prepare("SELECT * FROM files"),
    insertFile: database.prepare("INSERT INTO files VALUES (@path, @stamp, @hash, @reader, @problem)"),
    hash: database.prepare("SELECT hash FROM files WHERE path = ?"),
    setStamp: database.prepare("UPDATE files SET stamp = ? WHERE path = ?"),
    deleteText: database.prepare(
      "DELETE FROM chunk_text WHERE rowid IN (SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document WHERE d.path = ?)",
    ),
    deleteFile: database.prepare("DELETE FROM files WHERE path = ?"),
    insertDocument: database.prepare(
      "INSERT INTO documents VALUES (@id, @path, @format, @title, @category, @updated, @url, @pages, @language, @author)",
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
    chunksOf: database.prepare("SELECT section, anchor, page, blocks FROM chunks WHERE document = ? ORDER BY id"),
    chunksWith: database.prepare("SELECT doc AS count FROM chunk_terms WHERE term = ?"),
    stems: database.prepare("SELECT DISTINCT term FROM chunk_terms"),
    changes: database.prepare("SELECT total_changes() AS count"),
    contents: database.prepare(
      "SELECT path || ' ' || hash || ' ' || reader AS content FROM files WHERE hash <> '' ORDER BY path",
    ),
    counts: database.prepare(
      "SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM chunks) AS chunks",
    ),
    find: database.prepare("SELECT * FROM documents WHERE id = ?"),
    findByPath: database.prepare("SELECT * FROM documents WHERE path = ?"),
  };
}

function writes(database: Database, statements: Statements) {
  const inTransaction = (write: () => void): void => database.transaction(write).immediate();
  const remove = (path: string): void => {
    statements.deleteText.run(path);
    statements.deleteFile.run(path);
  };
  const replace = (file: FileRecord): void => {
    remove(file.path);
    statements.insertFile.run({ ...file, problem: file.problem ?? null });
  };
  return {
    /** Replaces whatever the index had of this file. @param given the document's id @default a free one */
    put: (
      file: FileRecord,
      format: Format,
      { document, chunks }: { readonly document: DocumentFacts; readonly chunks: readonly Chunk[] },
      given?: string,
    ): void =>
      inTransaction(() => {
        replace(file);
        const isFree = (id: string): boolean => statements.find.get(id) === undefined;
        const [readable, last] = documentIds(file.path);
        const id = given ?? (isFree(readable) ? readable : last);
        const none = { category: null, updated: null, url: null, pages: null, language: null, author: null };
        const facts = Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
        statements.insertDocument.run({ ...none, ...facts, id, path: file.path, format });
        for (const { section, anchor, page = null, blocks } of chunks) {
          const { lastInsertRowid } = statements.insertChunk.run(id, section, anchor, page, JSON.stringify(blocks));
          statements.insertText.run(
            lastInsertRowid,
            document.title,
            section,
            blocks.map((block) => block.text).join("\n"),
          );
        }
      }),
    /** Keeps a file that cannot be read by name only, so that it is not tried again until it changes. */
    putUnreadable: (file: FileRecord): void => inTransaction(() => replace(file)),
    setStamp: (path: string, stamp: string): void => void statements.setStamp.run(stamp, path),
    remove: (path: string): void => inTransaction(() => remove(path)),
    /** What other hosts took away: it is not looked at again until it changes in this host's folder. */
    withdraw: ({ path, stamp, hash, reader }: FileRecord): void => {
      if (stamp === FOLLOWED) inTransaction(() => remove(path));
      else if (hash !== "") inTransaction(() => replace({ path, stamp, hash: "", reader }));
    },
  };
}

function reads(statements: Statements) {
  return {
    files: (): ReadonlyMap<string, FileRecord> =>
      new Map(statements.files.all().map((row) => [readFileRow(row).path, readFileRow(row)])),
    /** The best chunks for an FTS5 expression made by `matchAny`. */
    search: (match: string, limit: number): readonly Hit[] => statements.search.all(match, limit).map(readHit),
    /** Undefined when the file was read anew since the search. */
    load: (chunk: number): StoredChunk | undefined => readChunkRow(statements.load.get(chunk)),
    /** In how many chunks a stem stands. */
    chunksWith: (stem: string): number => readCount(statements.chunksWith.get(stem) ?? { count: 0 }),
    counts: () => readCounts(statements.counts.get()),
    /** All chunks of a document in their order. */
    chunksOf: (id: string): readonly Chunk[] => statements.chunksOf.all(id).map(readChunk),
    find: (id: string): StoredDocument | undefined => readDocumentRow(statements.find.get(id)),
    hashOf: (path: string): string | undefined => readHash(statements.hash.get(path))?.hash,
    findByPath: (path: string): StoredDocument | undefined => readDocumentRow(statements.findByPath.get(path)),
  };
}
