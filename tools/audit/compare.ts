/** Compares rows as they lie there now with what the chain says of them. */
import type { EvidenceBook, StoredEvidence } from "../../core/evidence.ts";
import type { KeyedHashes } from "./keyed.ts";
import type { Proofs, Proven } from "./proofs.ts";

/** Something that was changed past the audit. */
export interface Finding {
  readonly table: string;
  readonly id: string;
  readonly field?: string;
  readonly problem: string;
}

export interface Comparison {
  readonly findings: readonly Finding[];
  readonly compared: number;
  /** Rows that no entry tells of: of before the first entry that is kept, and what a pack did by itself. */
  readonly unproven: number;
}

export interface CompareOptions {
  readonly proofs: Proofs;
  readonly hashes: KeyedHashes;
  /** Whether the front of the chain was deleted for its age: what it said of rows is gone with it. */
  readonly isPruned: boolean;
}

/** Walks every row of the books. A book's table that was never recorded is left out. */
export async function compareBooks(books: readonly EvidenceBook[], options: CompareOptions): Promise<Comparison> {
  const { proofs } = options;
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let [compared, unproven] = [0, 0];
  for (const book of books) {
    let newest = 0;
    for await (const row of book.rows()) {
      if (book.isComplete !== true && !proofs.isRecorded(row.table)) continue;
      compared += 1;
      seen.add(`${row.table}\n${row.id}`);
      const { found, at } = compareRow(row, options);
      findings.push(...found);
      if (at === undefined && found.length === 0) unproven += 1;
      if (book.isOrdered === true && at !== undefined) {
        if (at < newest) findings.push({ ...nameOf(row), problem: "the row stands before one that was made later" });
        newest = Math.max(newest, at);
      }
    }
  }
  const tables = new Set(books.flatMap((book) => book.tables));
  return { findings: [...findings, ...goneFrom(tables, seen, proofs)], compared, unproven };
}

function goneFrom(tables: ReadonlySet<string>, seen: ReadonlySet<string>, proofs: Proofs): readonly Finding[] {
  return [...proofs.rows()]
    .filter(({ table, id }) => tables.has(table) && !seen.has(`${table}\n${id}`))
    .map(({ table, id }) => ({ table, id, problem: "the row is gone" }));
}

const nameOf = ({ table, id }: StoredEvidence): Pick<Finding, "table" | "id"> => ({ table, id });

interface Compared {
  readonly found: readonly Finding[];
  /** The first entry that names the row. */
  readonly at?: number | undefined;
}

function compareRow(row: StoredEvidence, { proofs, hashes, isPruned }: CompareOptions): Compared {
  const proven = proofs.of(row.table, row.id);
  const former = proofs.former(row.id);
  if (former !== undefined) return { found: compareFormer(row, former), at: former.sequence };
  if (proven === undefined) {
    const action = row.key?.replace(/^(?:void:)?proposal:/u, "");
    const isExpected = isPruned || row.isOwn === true || (action !== undefined && proofs.isInFlight(action));
    return { found: isExpected ? [] : [{ ...nameOf(row), problem: "no audited action made the row" }] };
  }
  return { found: proven.flatMap((one) => changedIn(row, one, hashes)), at: proven[0]?.sequence };
}

function compareFormer(row: StoredEvidence, { argumentsHash }: { readonly argumentsHash: string | undefined }) {
  const field = "argumentsHash";
  if (argumentsHash === undefined || row.fields[field] === argumentsHash) return [];
  return [{ ...nameOf(row), field, problem: "the field was changed" }];
}

function changedIn(row: StoredEvidence, { hash, names, marks }: Proven, hashes: KeyedHashes): readonly Finding[] {
  if (marks === undefined) {
    return hashes.hashOf(row, names) === hash
      ? []
      : [{ ...nameOf(row), problem: `one of ${names.join(", ")} was changed` }];
  }
  const changed = hashes.changed({ table: row.table, id: row.id, hash, fields: marks }, row);
  return changed.map((field) => ({ ...nameOf(row), field, problem: "the field was changed" }));
}
