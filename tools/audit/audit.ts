/** The append-only record of what was proposed, decided, done and refused: a hash chain with a signed checkpoint. */
import type { Check } from "../../core/check.ts";
import type { Clock } from "../../core/environment.ts";
import { describeError } from "../../core/errors.ts";
import type { Files } from "../../core/files/files.ts";
import type { Database, Work } from "../../core/store/sql/database.ts";
import { first, run } from "../../core/store/sql/work.ts";
import type { Logger } from "../../core/telemetry.ts";
import { canonicalJson } from "../canonical-json.ts";
import { openCheckpoint } from "./checkpoint.ts";
import type { Evidence, EvidenceBook } from "../../core/evidence.ts";
import { type AuditEntry, type AuditFacts, GENESIS } from "./entry.ts";
import type { RowProof } from "./keyed.ts";
import { pruneAudit } from "./prune.ts";
import { recordBooks } from "./record.ts";
import { signHead, signVerified } from "./sign.ts";
import { auditModule, CHAIN, findHead, type Head, insertEntry } from "./tables.ts";
import { type FullReport, verifyAll } from "./verify-all.ts";
import { type AuditReport, walkAudit, type WalkOptions } from "./verify.ts";

/** How long a new entry may be without a signed checkpoint. A bucket is paid by the request. */
const CHECKPOINT_DELAY_MS = { directory: 100, s3: 5_000 };

export interface Audit {
  /** A transaction that may append: its body stands or falls with its entries. Bodies run one after the other. */
  readonly write: <T>(work: () => Work<T>) => Promise<T>;
  /** Adds an entry. Only inside `write`. */
  readonly append: (facts: AuditFacts) => Work<void>;
  /** What an entry says of a row. */
  readonly prove: (row: Evidence) => RowProof;
  /**
   * Deletes what is older than `before` (ISO 8601) from the front of the chain, and signs where it now begins; gives
   * the count. A chain that does not verify is left alone: it is evidence.
   */
  readonly prune: (before: string) => Promise<number>;
  /** Walks the whole chain and compares it with the checkpoint. */
  readonly verify: () => Promise<AuditReport>;
  /** The same, and compares every row of the books, the database's own among them, with what the chain says of it. */
  readonly verifyAll: (books: readonly EvidenceBook[]) => Promise<FullReport>;
  /** Records the rows of books that the audit did not know; gives how many. */
  readonly record: (books: readonly EvidenceBook[]) => Promise<number>;
  /** Walks what is new since it was verified last: at a start, for `doctor` and readiness. */
  readonly check: () => Promise<Check>;
  /** Waits for writes in hand and signs the head now. Leaves the database open. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the audit in a database; `files` keeps its key and its checkpoint. Throws `audit/key` when it has entries but
 * its key is gone.
 */
export async function createAudit(
  database: Database,
  files: Files,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<Audit> {
  await database.migrate(auditModule);
  const now = (): string => new Date(clock()).toISOString();
  // Looked at before the key is: who appends has made it.
  const isEmpty = (await database.first(findHead, {})) === undefined;
  const checkpoint = await openCheckpoint(files, { isEmpty, at: now() });
  const { hashes } = checkpoint;
  const sign = async (base?: Head) => await signHead(database, checkpoint, { now, base });
  const inHand = new Set<Promise<unknown>>();
  let waiting: NodeJS.Timeout | undefined;

  const noteUnsigned = (thrown: unknown): void =>
    log.warn({ error: describeError(thrown), place: files.place }, "the audit could not be signed; tried again later");

  async function signNow(): Promise<void> {
    clearTimeout(waiting);
    waiting = undefined;
    await sign().catch(noteUnsigned);
  }

  async function write<T>(work: () => Work<T>): Promise<T> {
    const result = await database.write(work, CHAIN);
    waiting ??= setTimeout(() => void tracked(signNow()), CHECKPOINT_DELAY_MS[files.kind]).unref();
    return result;
  }

  async function tracked<T>(work: Promise<T>): Promise<T> {
    inHand.add(work);
    try {
      return await work;
    } finally {
      inHand.delete(work);
    }
  }

  const walk = async (options: WalkOptions): Promise<AuditReport> => {
    const { report, signed } = await walkAudit(database, checkpoint, options);
    // A signature that another one overtook, or that cannot be written, costs the next walk some time and nothing else.
    if (report.intact && signed !== undefined) await signVerified(checkpoint, signed, now()).catch(noteUnsigned);
    return report;
  };
  const append: Audit["append"] = function* (facts) {
    const { sequence: last, hash: previous } = (yield* first(findHead, {})) ?? { sequence: 0, hash: GENESIS };
    const entry: AuditEntry = { version: 2, at: now(), ...facts };
    const body = canonicalJson(entry);
    const sequence = last + 1;
    yield* run(insertEntry, { sequence, previous, hash: hashes.chain(sequence, previous, body), body });
  };
  return {
    write: async (work) => await tracked(write(work)),
    append,
    prove: hashes.prove,
    verifyAll: async (books) => await verifyAll(database, checkpoint, books),
    record: async (books) => await recordBooks(database, books, { append, hashes, write }),
    prune: async (before) => await pruneAudit(database, { checkpoint, before, signBase: sign }),
    verify: async () => await walk({}),
    check: async () => checkOf(await walk({ isIncremental: true }), files.place),
    close: async () => {
      while (inHand.size > 0) await Promise.allSettled(inHand);
      if (waiting !== undefined) await signNow();
    },
  };
}

function checkOf(report: AuditReport, place: string): Check {
  const name = "audit of actions";
  if (report.intact) return { name, status: "ok", detail: `${report.entries} entries, unbroken and signed` };
  return {
    name,
    status: "error",
    detail: `entry ${report.sequence}: ${report.problem}`,
    remedy: `Somebody or something changed the audit. Keep the database and the audit's files in ${place}, restore a backup beside them, and compare.`,
  };
}
