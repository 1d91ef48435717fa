/** The whole chain, and every row that it tells of. */
import { setTimeout as pause } from "node:timers/promises";
import type { EvidenceBook } from "../../core/evidence.ts";
import type { Database } from "../../core/store/sql/database.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { compareBooks, type Comparison, type Finding } from "./compare.ts";
import { createProofs } from "./proofs.ts";
import { walkAudit } from "./verify.ts";

export interface FullReport {
  readonly intact: boolean;
  /** Entries of the chain that follow each other. */
  readonly entries: number;
  /** Rows that were compared with the chain, and of these the ones that no entry tells of. */
  readonly compared: number;
  readonly unproven: number;
  /** Empty where it is intact. */
  readonly findings: readonly Finding[];
}

/** What is written meanwhile is looked at again. */
const AGAIN_MS = 500;

/** Walks the chain and compares the books. What stands in the way of a walk twice is a finding. */
export async function verifyAll(
  database: Database,
  checkpoint: Pick<Checkpoint, "read" | "hashes">,
  books: readonly EvidenceBook[],
): Promise<FullReport> {
  const once = await lookThrough(database, checkpoint, books);
  if (once.intact) return once;
  await pause(AGAIN_MS);
  const again = await lookThrough(database, checkpoint, books);
  const seen = new Set(once.findings.map(keyOf));
  const findings = again.findings.filter((finding) => seen.has(keyOf(finding)));
  return { ...again, findings, intact: findings.length === 0 };
}

const keyOf = (finding: Finding): string => JSON.stringify(finding);

async function lookThrough(
  database: Database,
  checkpoint: Pick<Checkpoint, "read" | "hashes">,
  books: readonly EvidenceBook[],
): Promise<FullReport> {
  const proofs = createProofs();
  const { report, signed } = await walkAudit(database, checkpoint, { see: proofs.see });
  const isPruned = signed?.base !== undefined;
  const nothing: Comparison = { findings: [], compared: 0, unproven: 0 };
  // Without a checkpoint nothing was walked, and nothing is known of rows.
  const rows =
    signed === undefined ? nothing : await compareBooks(books, { proofs, hashes: checkpoint.hashes, isPruned });
  const broken = report.intact
    ? []
    : [{ table: "audit_entries", id: String(report.sequence), problem: report.problem }];
  const findings = [...broken, ...rows.findings];
  const entries = report.intact ? report.entries : report.sequence - 1;
  return { ...rows, findings, entries, intact: findings.length === 0 };
}
