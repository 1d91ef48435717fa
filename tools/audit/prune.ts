/** Deleting the oldest entries of the chain, so that what is left still proves itself. */
import type { Database } from "../../core/store/sql/database.ts";
import { change, run } from "../../core/store/sql/work.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { CHAIN, deleteFront, type Head, moveFront } from "./tables.ts";
import { walkAudit } from "./verify.ts";

export interface PruneOptions {
  readonly checkpoint: Checkpoint;
  /** ISO 8601. */
  readonly before: string;
  /** Signs that the chain goes on after this place; false where it must not be signed. */
  readonly signBase: (base: Head) => Promise<boolean>;
}

/**
 * Deletes what is older and signs where the chain now begins; gives the count. A chain that does not verify is left
 * alone: it is evidence.
 */
export async function pruneAudit(database: Database, { checkpoint, before, signBase }: PruneOptions): Promise<number> {
  const { report, old } = await walkAudit(database, checkpoint, { before });
  if (!report.intact) return 0;
  // Signed first: a process that ends between the two leaves entries that count no more, and the next one deletes them.
  if (old !== undefined && !(await signBase(old))) return 0;
  const base = (await checkpoint.read())?.base;
  if (base === undefined) return 0;
  const { sequence } = base;
  return await database.write(function* () {
    yield* run(moveFront, { sequence });
    return yield* change(deleteFront, { sequence });
  }, CHAIN);
}
