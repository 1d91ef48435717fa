/** The index's own tokenizer for texts that are not in it, so that both always agree on what a word is. */
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { openSqlite } from "../../core/store/sqlite/driver.ts";

export const TOKENIZER = "porter unicode61 remove_diacritics 2";

export type Stemmer = ReturnType<typeof createStemmer>;

const Token = z.object({ doc: z.number().int(), term: z.string() });

/** Stems by a small FTS5 table in memory that holds texts only while they are looked at. */
/** Texts whose stems are kept: those of documents are asked for again and again. */
const KEPT = 4_000;

export function createStemmer() {
  const kept = new LRUCache<string, readonly string[]>({ max: KEPT });
  const database = openSqlite(":memory:");
  database.exec(
    `CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = '${TOKENIZER}');
     CREATE VIRTUAL TABLE tokens USING fts5vocab(texts, 'instance');`,
  );
  const insert = database.prepare("INSERT INTO texts (rowid, text) VALUES (?, ?)");
  const select = database.prepare(`SELECT doc, term FROM tokens ORDER BY doc, "offset"`);
  const begin = database.prepare("BEGIN");
  const rollback = database.prepare("ROLLBACK");
  const stem = (texts: readonly string[]): void => {
    const found: string[][] = texts.map(() => []);
    begin.run();
    try {
      for (const [index, text] of texts.entries()) insert.run(index + 1, text);
      for (const row of select.iterate()) {
        const { doc, term } = Token.parse(row);
        found[doc - 1]?.push(term);
      }
    } finally {
      rollback.run();
    }
    for (const [index, text] of texts.entries()) kept.set(text, found[index] ?? []);
  };
  return {
    /** The stems of each text, in order, with repetitions. */
    stems: (texts: readonly string[]): readonly (readonly string[])[] => {
      const found = texts.map((text) => kept.get(text));
      const missing = texts.filter((_, index) => found[index] === undefined);
      if (missing.length > 0) stem(missing);
      return texts.map((text, index) => found[index] ?? kept.get(text) ?? []);
    },
    close: (): void => void database.close(),
  };
}
