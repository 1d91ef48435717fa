import type { Work } from "../../core/store/sql/database.ts";
import { auditFactsOf } from "./proposal-context.ts";
import type { ProposalOutcome, ProposalRecord } from "./proposal-record.ts";
import { table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";

/** How and why proposals end without being executed; `by` is the event that did it, where there is one. */
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
  const closed = yield* table.close(record.id, status, { now: clock(), eventId: by ?? null, outcome });
  if (!closed) return false;
  const { code } = outcome;
  yield* audit.append(auditFactsOf(record, status, by === undefined ? { code } : { by, code }));
  return true;
}
