import { z } from "zod";
import { openSqlite } from "../../../core/store/sqlite/driver.ts";
import { rowReader } from "../../../core/store/rows.ts";
import { matchAny, queryTerms } from "../../rag/query-terms.ts";
import { TOKENIZER } from "../../rag/stems.ts";
import type { Product } from "./product.ts";

export type ProductText = ReturnType<typeof createProductText>;

const readRow = rowReader("products", z.object({ id: z.string(), score: z.number() }));

/** Words that every request for a recommendation has; they say nothing about the product. */
const REQUEST_WORDS = new Set(
  (
    "recommend recommendation recommendations recommended suggest suggestion suggestions product products offer offers suit suits " +
    "suitable best good better interested looking option options empfehlen empfehlung produkt produkte gut passt"
  ).split(" "),
);

/** An index of names, categories, descriptions and features in memory: BM25, names first. */
export function createProductText(products: readonly Product[]) {
  const database = openSqlite(":memory:");
  database.exec(
    `CREATE VIRTUAL TABLE products USING fts5(id UNINDEXED, name, category, description, features, tokenize = '${TOKENIZER}')`,
  );
  const insert = database.prepare("INSERT INTO products VALUES (?, ?, ?, ?, ?)");
  for (const { id, name, category, description, features } of products)
    insert.run(id, name, category, description, features.join("\n"));
  const select = database.prepare(
    "SELECT id, -bm25(products, 0, 4, 4, 1, 1) AS score FROM products WHERE products MATCH ? ORDER BY score DESC",
  );
  return {
    /** How well products fit the words of a wish, in (0, 1], the best has 1; only those that fit at all. */
    fit: (query: string): ReadonlyMap<string, number> => {
      const terms = queryTerms(query).filter((term) => !REQUEST_WORDS.has(term));
      if (terms.length === 0) return new Map();
      const rows = select.all(matchAny(terms)).map(readRow);
      // Very common words can score below zero.
      const best = Math.max(...rows.map(({ score }) => score), Number.MIN_VALUE);
      return new Map(rows.filter(({ score }) => score > 0).map(({ id, score }) => [id, score / best]));
    },
    close: (): void => void database.close(),
  };
}
