import type { Confirmations } from "../../core/tool.ts";
import { auditFactsOf } from "./proposal-context.ts";
import type { ProposalStorage } from "./proposals.ts";
import { textsFor } from "./texts.ts";

/** Makes void what was proposed in answer to words that their writer took back, or in all of a conversation that ended. */
export function createWithdrawal({ table, audit, write, clock }: ProposalStorage): Confirmations["withdraw"] {
  return async ({ conversation, eventId }, by) => {
    const meant = table
      .recent(conversation)
      .filter((record) => record.status === "pending" && (eventId === undefined || record.eventId === eventId));
    if (meant.length === 0) return 0;
    return await write(() => {
      const closed = meant.filter((record) => {
        const outcome = { text: textsFor(record.locale).superseded, code: "confirmation/words-withdrawn" };
        if (!table.close(record.id, "cancelled", { now: clock(), eventId: by.eventId, outcome })) return false;
        audit.append(auditFactsOf(record, "cancelled", { by: by.eventId, code: outcome.code }));
        return true;
      });
      return closed.length;
    });
  };
}
