import type { Work } from "../../core/store/sql/database.ts";
import { auditFactsOf } from "./proposal-context.ts";
import { decisionOf, shownOf } from "./proposal-evidence.ts";
import type { ProposalOutcome, ProposalRecord } from "./proposal-record.ts";
import { table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";

/**
 * How and why proposals end without being executed; `by` is the event that did it, where there is one. Without one it was
 * nobody: time, or that its person is forgotten.
 */
export interface Closing {
  readonly status: "cancelled" | "expired";
  readonly outcome: ProposalOutcome & { readonly code: string };
  readonly by?: string;
}

/** Ends a pending proposal and says so in the audit; false where it was decided already. */
export function* closeProposal(
  { audit, clock }: ProposalStorage,
  record: ProposalRecord,
  { status, outcome, by }: Closing,
): Work<boolean> {
  const now = clock();
  const closed = yield* table.close(record.id, status, { now, eventId: by ?? null, outcome });
  if (!closed) return false;
  const { id, person } = record;
  yield* audit.append(
    auditFactsOf(record, status, {
      ...(by !== undefined && { by }),
      code: outcome.code,
      shown: shownOf(record),
      decided: by === undefined ? { by: "system" } : { by: person, event: by },
      rows: [audit.prove(decisionOf({ id, status, decidedAt: now, decidedBy: by ?? null, outcome }))],
    }),
  );
  return true;
}
