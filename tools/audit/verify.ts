import type { Database } from "better-sqlite3";
import { z } from "zod";
import { rowReader } from "../../core/store/sqlite/rows.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { chainHash, GENESIS } from "./entry.ts";

/** What a walk over the audit found; `sequence` is the first entry that is wrong. */
export type AuditReport =
  | { readonly intact: true; readonly entries: number }
  | { readonly intact: false; readonly sequence: number; readonly problem: string };

const Entry = z.object({ sequence: z.int(), previous: z.string(), hash: z.string(), body: z.string() });
const readEntry = rowReader("audit_entries", Entry);

/**
 * Recomputes every hash and compares the chain with the signed checkpoint: an edited, dropped, inserted, swapped or
 * cut-off entry is found. Entries newer than the checkpoint are fine.
 */
export function verifyAudit(database: Database, checkpoint: Pick<Checkpoint, "read">): AuditReport {
  // Read first: the chain may grow while it is walked, the checkpoint must not be ahead of it.
  const signed = checkpoint.read();
  if (signed === undefined) {
    return { intact: false, sequence: 0, problem: "the checkpoint is missing, unreadable or signed with another key" };
  }
  let { sequence, hash: previous } = signed.base ?? { sequence: 0, hash: GENESIS };
  const first = sequence;
  for (const row of database.prepare("SELECT * FROM audit_entries ORDER BY sequence").iterate()) {
    const entry = readEntry(row);
    sequence += 1;
    const problem = problemOf(entry, sequence, previous);
    if (problem !== undefined) return { intact: false, sequence, problem };
    previous = entry.hash;
    if (sequence === signed.sequence && entry.hash !== signed.hash) {
      return { intact: false, sequence, problem: "the entry is not the one that was signed" };
    }
  }
  if (sequence < signed.sequence) {
    return {
      intact: false,
      sequence: sequence + 1,
      problem: `entries up to ${signed.sequence} were signed and are gone`,
    };
  }
  return { intact: true, entries: sequence - first };
}

function problemOf(entry: z.infer<typeof Entry>, sequence: number, previous: string): string | undefined {
  if (entry.sequence !== sequence) return "an entry is missing";
  if (entry.previous !== previous) return "the entry does not follow the one before it";
  if (entry.hash !== chainHash(sequence, previous, entry.body)) return "the entry was changed";
  return undefined;
}
