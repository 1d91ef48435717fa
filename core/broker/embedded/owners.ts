/** Who delivers for an account: one process at a time, by a fenced lease. */
import type { Outboxes, Ownership } from "../mailbox.ts";
import type { EmbeddedContext } from "./context.ts";
import { isAhead } from "./conversations.ts";

interface OwnerRow {
  /** Null after a release. */
  readonly owner: string | null;
  readonly epoch: number;
  readonly due: number;
  readonly span: number;
}

export interface Owners extends Pick<Outboxes, "own" | "release"> {
  /** Whether this ownership still stands; inside a write. */
  readonly owns: (owned: Ownership) => boolean;
}

/** Prepares the ownership of accounts. */
export function createOwners({ database, environment, writeLightly }: EmbeddedContext): Owners {
  const find = database.prepare<[string], OwnerRow>("SELECT owner, epoch, due, span FROM owners WHERE account = ?");
  const save = database.prepare<[string, string | null, number, number, number]>(
    `INSERT INTO owners (account, owner, epoch, due, span) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch, due = excluded.due,
       span = excluded.span`,
  );
  return {
    own: (account, owner, leaseMs) =>
      writeLightly(() => {
        const row = find.get(account);
        const now = environment.clock();
        const isOthers = row !== undefined && row.owner !== null && row.owner !== owner;
        if (isOthers && isAhead(row, now)) return undefined;
        const epoch = row?.owner === owner ? row.epoch : (row?.epoch ?? 0) + 1;
        save.run(account, owner, epoch, now + leaseMs, leaseMs);
        return epoch;
      }),
    release: (account, owner) =>
      writeLightly(() => {
        const row = find.get(account);
        if (row?.owner === owner) save.run(account, null, row.epoch, 0, 0);
      }),
    owns: ({ account, epoch }) => {
      const row = find.get(account);
      return row !== undefined && row.owner !== null && row.epoch === epoch;
    },
  };
}
