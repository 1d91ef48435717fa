import type { Confirmations } from "../../core/tool.ts";
import { closeProposal } from "./closing.ts";
import { table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";
import { textsFor } from "./texts.ts";

/** Makes void what was proposed in answer to words that their writer took back, or in all of a conversation that ended. */
export function createWithdrawal(storage: ProposalStorage): Confirmations["withdraw"] {
  return async ({ conversation, eventId, notOf }, by) => {
    const recent = await storage.read(() => table.recent(conversation));
    const meant = recent.filter(
      (record) =>
        record.status === "pending" &&
        (eventId === undefined || record.eventId === eventId) &&
        (notOf === undefined || record.eventId !== notOf),
    );
    if (meant.length === 0) return 0;
    return await storage.write(function* () {
      let closed = 0;
      for (const record of meant) {
        const outcome = { text: textsFor(record.locale).superseded, code: "confirmation/words-withdrawn" };
        if (yield* closeProposal(storage, record, { status: "cancelled", outcome, by: by.eventId })) closed += 1;
      }
      return closed;
    });
  };
}
