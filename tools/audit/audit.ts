/** The append-only record of what was proposed, decided, done and refused: a hash chain with a signed checkpoint. */
import type { Database } from "better-sqlite3";
import type { Check } from "../../core/check.ts";
import { join } from "node:path";
import type { Clock } from "../../core/environment.ts";
import { migrate } from "../../core/store/sqlite/database.ts";
import { rowReader } from "../../core/store/sqlite/rows.ts";
import { type Checkpoint, Head, openCheckpoint } from "./checkpoint.ts";
import { canonicalJson } from "../canonical-json.ts";
import { type AuditEntry, chainHash, GENESIS } from "./entry.ts";
import { NOT_CUT, pruneAudit } from "./prune.ts";
import { type AuditReport, verifyAudit } from "./verify.ts";

/** How long a new entry may be without a signed checkpoint. */
const CHECKPOINT_DELAY_MS = 100;

export type Audit = ReturnType<typeof createAudit>;

const migrations = [
  {
    version: 1,
    sql: `
      CREATE TABLE audit_entries (
        sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL) STRICT;
      CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
      ${NOT_CUT}`,
  },
];

const readHead = rowReader("audit_entries", Head.default({ sequence: 0, hash: GENESIS }));

/**
 * Opens the audit in a database; `directory` keeps `audit.key` and `audit.checkpoint`. Throws `audit/key` when it has
 * entries but its key is gone.
 */
export function createAudit(database: Database, directory: string, clock: Clock) {
  migrate(database, "audit", migrations);
  const selectHead = database.prepare("SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1");
  const insert = database.prepare("INSERT INTO audit_entries (sequence, previous, hash, body) VALUES (?, ?, ?, ?)");
  const head = (): Head => readHead(selectHead.get());
  const now = (): string => new Date(clock()).toISOString();
  const checkpoint = openUnderLock();
  let waiting: NodeJS.Timeout | undefined;

  function openUnderLock(): Checkpoint {
    const paths = { key: join(directory, "audit.key"), checkpoint: join(directory, "audit.checkpoint") };
    return database
      .transaction(() => openCheckpoint(paths, { isEmpty: head().sequence === 0, at: now(), genesis: GENESIS }))
      .immediate();
  }

  const selectHash = database.prepare("SELECT sequence, hash FROM audit_entries WHERE sequence = ?");
  // Under the write lock, so that no process signs an older head over a newer one. A chain that does not go on from
  // what was signed is not signed: that would wipe out the proof.
  const sign = database.transaction(() => {
    const signed = checkpoint.read();
    const continues = signed?.sequence === 0 || readHead(selectHash.get(signed?.sequence)).hash === signed?.hash;
    if (continues) checkpoint.write(head(), now());
  });
  function signLater(): void {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      if (database.open) sign.immediate();
    }, CHECKPOINT_DELAY_MS).unref();
  }

  const verify = (): AuditReport => verifyAudit(database, checkpoint);
  return {
    /** Adds an entry. Synchronous, and only inside a write transaction of the database: it stands or falls with it. */
    append: (facts: Omit<AuditEntry, "version" | "at">): void => {
      const { sequence, hash: previous } = head();
      const entry: AuditEntry = { version: 1, at: now(), ...facts };
      const body = canonicalJson(entry);
      insert.run(sequence + 1, previous, chainHash(sequence + 1, previous, body), body);
      signLater();
    },
    /**
     * Deletes what is older than `before` (ISO 8601) from the front of the chain, and signs where it now begins; gives
     * the count. A chain that does not verify is left alone: it is evidence.
     */
    prune: (before: string): number => pruneAudit(database, checkpoint, before, now()),
    /** Walks the whole chain and compares it with the checkpoint. */
    verify,
    /** The same for `doctor` and readiness. */
    check: (): Check => checkOf(verify(), directory),
    /** Signs the head now. Leaves the database open. */
    close: (): void => {
      clearTimeout(waiting);
      if (waiting !== undefined && database.open) sign.immediate();
      waiting = undefined;
    },
  };
}

function checkOf(report: AuditReport, directory: string): Check {
  const name = "audit of actions";
  if (report.intact) return { name, status: "ok", detail: `${report.entries} entries, unbroken and signed` };
  return {
    name,
    status: "error",
    detail: `entry ${report.sequence}: ${report.problem}`,
    remedy: `Somebody or something changed the audit in ${directory}. Keep these files, restore a backup beside them, and compare.`,
  };
}
