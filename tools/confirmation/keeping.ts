/** How long proposals are kept: the time of waiting ones runs out, decided ones grow old, a person is forgotten. */
import type { ProposalRecord } from "./proposal-record.ts";
import { auditFactsOf } from "./proposal-context.ts";
import type { ProposalStorage } from "./proposals.ts";
import { textsFor } from "./texts.ts";

export interface ProposalKeeping {
  /** Closes waiting proposals whose time is over: what the person had said is erased with it. Gives how many. */
  readonly expire: () => Promise<number>;
  /** Deletes decided proposals made before (ms since the epoch); gives how many. */
  readonly prune: (before: number) => Promise<number>;
  /** Cancels a person's waiting proposals with a bot and deletes the decided ones; the audit keeps that they were. */
  readonly forget: (person: string, bot: string) => Promise<void>;
}

/** Makes the keeper of stored proposals. */
export function createProposalKeeping({ table, audit, write, clock }: ProposalStorage): ProposalKeeping {
  const close = (record: ProposalRecord, status: "cancelled" | "expired", code: string): boolean => {
    const texts = textsFor(record.locale);
    const outcome = { text: status === "expired" ? texts.expired : texts.cancelled, code };
    if (!table.close(record.id, status, { now: clock(), eventId: null, outcome })) return false;
    audit.append(auditFactsOf(record, status, { code }));
    return true;
  };
  return {
    expire: async () => {
      let expired = 0;
      for (;;) {
        const closed = await write(
          () => table.overdue(clock()).filter((record) => close(record, "expired", "confirmation/expired")).length,
        );
        if (closed === 0) return expired;
        expired += closed;
      }
    },
    prune: async (before) => {
      let pruned = 0;
      for (;;) {
        const gone = await write(() => table.prune(before));
        if (gone === 0) return pruned;
        pruned += gone;
      }
    },
    forget: async (person, bot) =>
      await write(() => {
        for (const record of table.pendingOf(person, bot)) close(record, "cancelled", "confirmation/forgotten");
        table.erase(person, bot);
      }),
  };
}
