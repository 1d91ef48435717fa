/** The rows that were there before the audit proved any: recorded once, so that a later change of them is found too. */
import type { EvidenceBook, StoredEvidence } from "../../core/evidence.ts";
import type { Database, Work } from "../../core/store/sql/database.ts";
import { all, run } from "../../core/store/sql/work.ts";
import { type AuditFacts, NOBODY } from "./entry.ts";
import type { KeyedHashes } from "./keyed.ts";
import { insertRecorded, listRecorded } from "./tables.ts";

/** Rows of one entry. */
const AT_ONCE = 500;

export interface RecordOptions {
  readonly append: (facts: AuditFacts) => Work<void>;
  readonly hashes: KeyedHashes;
  readonly write: <T>(work: () => Work<T>) => Promise<T>;
}

/** Records the tables that never were; gives how many rows. Of several processes that start at once one does. */
export async function recordBooks(
  database: Database,
  books: readonly EvidenceBook[],
  { append, hashes, write }: RecordOptions,
): Promise<number> {
  const known = await database.all(listRecorded, {});
  const isNew = (table: string): boolean => known.every(({ name }) => name !== table);
  let recorded = 0;
  for (const book of books) {
    const tables = book.isComplete === true ? [] : book.tables.filter(isNew);
    if (tables.length === 0) continue;
    const found = await rowsByTable(book, tables);
    await write(function* () {
      const done = yield* all(listRecorded, {});
      for (const [table, rows] of found) {
        if (done.some(({ name }) => name === table)) continue;
        for (const facts of entriesOf(table, rows, hashes)) yield* append(facts);
        yield* run(insertRecorded, { name: table });
        recorded += rows.length;
      }
    });
  }
  return recorded;
}

async function rowsByTable(book: EvidenceBook, tables: readonly string[]) {
  const found = new Map<string, StoredEvidence[]>(tables.map((table) => [table, []]));
  for await (const row of book.rows()) found.get(row.table)?.push(row);
  return found;
}

/** An empty table is recorded too: each row that it gets has an entry of its own. */
function entriesOf(table: string, rows: readonly StoredEvidence[], hashes: KeyedHashes): readonly AuditFacts[] {
  const fields = Object.keys(rows[0]?.fields ?? {}).toSorted();
  const pages = Array.from({ length: Math.max(1, Math.ceil(rows.length / AT_ONCE)) }, (_, page) =>
    rows.slice(page * AT_ONCE, (page + 1) * AT_ONCE),
  );
  return pages.map((page) => ({
    ...NOBODY,
    kind: "recorded",
    recorded: { table, fields, rows: Object.fromEntries(page.map((row) => [row.id, hashes.hashOf(row, fields)])) },
  }));
}
