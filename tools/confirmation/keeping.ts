/** How long proposals are kept: the time of waiting ones runs out, decided ones grow old, a person is forgotten. */
import type { Json } from "../../core/json.ts";
import { listedAction, type ProposalRecord } from "./proposal-record.ts";
import type { Work } from "../../core/store/sql/database.ts";
import { NOBODY } from "../audit/index.ts";
import { closeProposal } from "./closing.ts";
import { TABLE } from "./proposal-module.ts";
import { table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";
import { textsFor } from "./texts.ts";

export interface ProposalKeeping {
  /** Closes waiting proposals whose time is over: what the person had said is erased with it. Gives how many. */
  readonly expire: () => Promise<number>;
  /** Deletes decided proposals made before (ms since the epoch); gives how many. */
  readonly prune: (before: number) => Promise<number>;
  /** A person's proposals with a bot, as they were shown to them; the newest last. */
  readonly kept: (person: string, bot: string) => Promise<Json>;
  /** Cancels a person's waiting proposals with a bot and deletes the decided ones; the audit keeps that they were. */
  readonly forget: (person: string, bot: string) => Promise<void>;
}

/** Makes the keeper of stored proposals. */
export function createProposalKeeping(storage: ProposalStorage): ProposalKeeping {
  const { audit, read, write, clock } = storage;
  /** Rows that are gone are looked for by nobody who knows that they are. */
  function* noteRemoved(rows: readonly { readonly id: string }[], code: string): Work<void> {
    if (rows.length === 0) return;
    const removed = { table: TABLE, ids: rows.map(({ id }) => id) };
    yield* audit.append({ ...NOBODY, kind: "removed", code, removed });
  }
  const close = (record: ProposalRecord, status: "cancelled" | "expired", code: string): Work<boolean> => {
    const texts = textsFor(record.locale);
    const outcome = { text: status === "expired" ? texts.expired : texts.cancelled, code };
    return closeProposal(storage, record, { status, outcome });
  };
  return {
    expire: async () => {
      let expired = 0;
      for (;;) {
        const closed = await write(function* () {
          let count = 0;
          for (const record of yield* table.overdue(clock())) {
            if (yield* close(record, "expired", "confirmation/expired")) count += 1;
          }
          return count;
        });
        if (closed === 0) return expired;
        expired += closed;
      }
    },
    prune: async (before) => {
      let pruned = 0;
      for (;;) {
        const gone = await write(function* () {
          const ids = yield* table.prune(before);
          yield* noteRemoved(ids, "retention/age");
          return ids.length;
        });
        if (gone === 0) return pruned;
        pruned += gone;
      }
    },
    kept: async (person, bot) => {
      const records = await read(() => table.ofPerson(person, bot));
      return records.map((record) => ({ ...listedAction(record, clock()), arguments: record.arguments }));
    },
    forget: async (person, bot) =>
      await write(function* () {
        for (const record of yield* table.pendingOf(person, bot)) {
          yield* close(record, "cancelled", "confirmation/forgotten");
        }
        yield* noteRemoved(yield* table.erase(person, bot), "privacy/erased");
      }),
  };
}
