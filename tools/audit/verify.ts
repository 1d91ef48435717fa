import { setImmediate as nextTick } from "node:timers/promises";
import { z } from "zod";
import type { Database } from "../../core/store/sql/database.ts";
import { jsonText } from "../../core/store/rows.ts";
import type { Checkpoint, SignedHead } from "./checkpoint.ts";
import { chainHash, GENESIS, isUnkeyed } from "./entry.ts";
import type { KeyedHashes } from "./keyed.ts";
import { type Entry, findEntry, type Head, listAfter } from "./tables.ts";

/** What a walk over the audit found; `sequence` is the first entry that is wrong. */
export type AuditReport =
  | { readonly intact: true; readonly entries: number }
  | { readonly intact: false; readonly sequence: number; readonly problem: string };

/** A walk, what it was compared with, and the end of the front that is older than asked for. */
export interface Walk {
  readonly report: AuditReport;
  readonly signed?: SignedHead;
  readonly old?: Head;
}

export interface WalkOptions {
  /** ISO 8601: the last entry of the front that is older is looked for. */
  readonly before?: string;
  /** True begins after what was verified last, instead of at the front. @default false */
  readonly isIncremental?: boolean;
  /** Sees every entry, those behind one that is wrong as well. */
  readonly see?: (entry: Entry) => void;
}

type ReadCheckpoint = Pick<Checkpoint, "read" | "hashes">;

/**
 * Recomputes every hash and compares the chain with the signed checkpoint: an edited, dropped, inserted, swapped or
 * cut-off entry is found. Entries newer than the checkpoint are fine. Also finds the last entry of the front that is
 * older than `before`; the newest entry is none, whatever its age, so that the chain always has a head.
 */
export async function walkAudit(
  database: Database,
  checkpoint: ReadCheckpoint,
  options: WalkOptions = {},
): Promise<Walk> {
  for (;;) {
    // Read first: the chain may grow while it is walked, the checkpoint must not be ahead of it.
    const signed = await checkpoint.read();
    if (signed === undefined) {
      const problem = "the checkpoint is missing, unreadable or signed with another key";
      return { report: { intact: false, sequence: 0, problem } };
    }
    const found = await walkFrom(database, { signed, hashes: checkpoint.hashes, ...options });
    if (found.report.intact || !(await isPrunedSince(signed, checkpoint))) return found;
  }
}

/** What is missing was deleted for its age, by another process, during the walk. */
async function isPrunedSince({ base }: SignedHead, checkpoint: Pick<Checkpoint, "read">): Promise<boolean> {
  const now = await checkpoint.read();
  return now?.base !== undefined && now.base.sequence !== base?.sequence;
}

type WalkFrom = WalkOptions & { readonly signed: SignedHead; readonly hashes: KeyedHashes };

async function walkFrom(database: Database, options: WalkFrom): Promise<Walk> {
  const { signed, see } = options;
  const base = signed.base ?? { sequence: 0, hash: GENESIS };
  const start = await startOf(database, base, options);
  if ("problem" in start) return { report: { intact: false, ...start }, signed };
  const front = oldFront(options.before);
  const chain = followChain(start, options);
  for (let last = start.sequence; ;) {
    const page = await database.all(listAfter, { sequence: last });
    for (const entry of page) {
      chain.see(entry);
      front.see(entry);
      see?.(entry);
      last = entry.sequence;
    }
    if (page.length === 0 || (chain.report !== undefined && see === undefined)) break;
    // A long chain must not keep the process from its other work.
    await nextTick();
  }
  const { report, last } = chain;
  if (report !== undefined) return { report, signed };
  if (last.sequence < signed.sequence) {
    const problem = `entries up to ${signed.sequence} were signed and are gone`;
    return { report: { intact: false, sequence: last.sequence + 1, problem }, signed };
  }
  const old = front.end();
  const entries = last.sequence - base.sequence;
  return { report: { intact: true, entries }, signed, ...(old === undefined ? {} : { old }) };
}

type Start = Head & { readonly isKeyed: boolean };

/** The place that a walk begins after: the front, or what was verified last, if it still stands. */
async function startOf(
  database: Database,
  base: Head,
  { signed: { verified }, isIncremental = false }: WalkFrom,
): Promise<Start | { readonly sequence: number; readonly problem: string }> {
  if (!isIncremental || verified === undefined || verified.sequence <= base.sequence) {
    return { ...base, isKeyed: false };
  }
  const { sequence, hash } = verified;
  const found = await database.first(findEntry, { sequence });
  if (found?.hash === hash) return { ...verified, isKeyed: !isUnkeyed(found.body) };
  return { sequence, problem: found === undefined ? "an entry is missing" : "the entry was changed (hash)" };
}

function followChain(start: Start, { signed, hashes }: Pick<WalkFrom, "signed" | "hashes">) {
  let { isKeyed } = start;
  let last: Head = start;
  let report: AuditReport | undefined;
  const problemOf = (entry: Entry): string | undefined => {
    const sequence = last.sequence + 1;
    if (entry.sequence !== sequence) return "an entry is missing";
    if (entry.previous !== last.hash) return "the entry does not follow the one before it (previous)";
    const unkeyed = isUnkeyed(entry.body);
    const hashed = (unkeyed ? chainHash : hashes.chain)(sequence, last.hash, entry.body);
    if (entry.hash !== hashed) return "the entry was changed (body or hash)";
    if (unkeyed && isKeyed) return "the entry was made without the audit's key, after others that were made with it";
    if (sequence === signed.sequence && entry.hash !== signed.hash) return "the entry is not the one that was signed";
    isKeyed = !unkeyed;
    return undefined;
  };
  return {
    see: (entry: Entry): void => {
      if (report !== undefined) return;
      const problem = problemOf(entry);
      if (problem === undefined) last = entry;
      else report = { intact: false, sequence: last.sequence + 1, problem };
    },
    get last() {
      return last;
    },
    get report() {
      return report;
    },
  };
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
