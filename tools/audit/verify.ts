import { setImmediate as nextTick } from "node:timers/promises";
import { z } from "zod";
import type { Database } from "../../core/store/sql/database.ts";
import { jsonText } from "../../core/store/rows.ts";
import type { Checkpoint, SignedHead } from "./checkpoint.ts";
import { chainHash, GENESIS } from "./entry.ts";
import { type Entry, type Head, listAfter } from "./tables.ts";

/** What a walk over the audit found; `sequence` is the first entry that is wrong. */
export type AuditReport =
  | { readonly intact: true; readonly entries: number }
  | { readonly intact: false; readonly sequence: number; readonly problem: string };

/** A walk, and the end of the front that is older than asked for. */
export interface Walk {
  readonly report: AuditReport;
  readonly old?: Head;
}

/**
 * Recomputes every hash and compares the chain with the signed checkpoint: an edited, dropped, inserted, swapped or
 * cut-off entry is found. Entries newer than the checkpoint are fine. Also finds the last entry of the front that is
 * older than `before` (ISO 8601); the newest entry is none, whatever its age, so that the chain always has a head.
 */
export async function walkAudit(
  database: Database,
  checkpoint: Pick<Checkpoint, "read">,
  before?: string,
): Promise<Walk> {
  for (;;) {
    // Read first: the chain may grow while it is walked, the checkpoint must not be ahead of it.
    const signed = await checkpoint.read();
    if (signed === undefined) {
      const problem = "the checkpoint is missing, unreadable or signed with another key";
      return { report: { intact: false, sequence: 0, problem } };
    }
    const found = await walkFrom(database, signed, before);
    if (found.report.intact || !(await isPrunedSince(signed, checkpoint))) return found;
  }
}

/** What is missing was deleted for its age, by another process, during the walk. */
async function isPrunedSince({ base }: SignedHead, checkpoint: Pick<Checkpoint, "read">): Promise<boolean> {
  const now = await checkpoint.read();
  return now?.base !== undefined && now.base.sequence !== base?.sequence;
}

async function walkFrom(database: Database, signed: SignedHead, before: string | undefined): Promise<Walk> {
  const base = signed.base ?? { sequence: 0, hash: GENESIS };
  const front = oldFront(before);
  let last: Head = base;
  for (;;) {
    const page = await database.all(listAfter, { sequence: last.sequence });
    if (page.length === 0) break;
    for (const entry of page) {
      const problem = problemOf(entry, last, signed);
      if (problem !== undefined) return { report: { intact: false, sequence: last.sequence + 1, problem } };
      front.see(entry);
      last = entry;
    }
    // A long chain must not keep the process from its other work.
    await nextTick();
  }
  if (last.sequence < signed.sequence) {
    const problem = `entries up to ${signed.sequence} were signed and are gone`;
    return { report: { intact: false, sequence: last.sequence + 1, problem } };
  }
  const old = front.end();
  return {
    report: { intact: true, entries: last.sequence - base.sequence },
    ...(old === undefined ? {} : { old }),
  };
}

function problemOf(entry: Entry, last: Head, signed: Head): string | undefined {
  const sequence = last.sequence + 1;
  if (entry.sequence !== sequence) return "an entry is missing";
  if (entry.previous !== last.hash) return "the entry does not follow the one before it";
  if (entry.hash !== chainHash(sequence, last.hash, entry.body)) return "the entry was changed";
  if (sequence === signed.sequence && entry.hash !== signed.hash) return "the entry is not the one that was signed";
  return undefined;
}

const Dated = jsonText(z.object({ at: z.string() }));

/** Entries are in the order of their time, but for a clock that was put back: only an unbroken old front counts. */
function oldFront(before: string | undefined) {
  let isOpen = before !== undefined;
  let newest: Head | undefined;
  let old: Head | undefined;
  const isOlder = ({ body }: Entry): boolean => {
    const dated = Dated.safeParse(body);
    return dated.success && before !== undefined && dated.data.at < before;
  };
  return {
    see: (entry: Entry): void => {
      if (!isOpen) return;
      old = newest;
      isOpen = isOlder(entry);
      newest = { sequence: entry.sequence, hash: entry.hash };
    },
    end: (): Head | undefined => old,
  };
}
