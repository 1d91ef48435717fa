/** The outbox primitives on SQLite, and who delivers for an account: one process at a time, by a fenced lease. */
import type { AccountId, ConversationId } from "../../conversation-id.ts";
import { DeliveryProgress, OutboxDraft, type OutboxEntry } from "../outbox-entry.ts";
import { processOf } from "../presence.ts";
import type { Outboxes, Ownership } from "../primitives.ts";
import { parseOnce, parseStored } from "../stored-payload.ts";
import { writtenDrafts } from "../written.ts";
import { DEDUPLICATION_MS } from "./accept.ts";
import { waitForChanges } from "./change-watch.ts";
import { isAhead } from "./conversations.ts";
import type { EmbeddedContext } from "./database.ts";
import type { DeadLetterBox } from "./overview.ts";

/** Writing to the outbox, inside a write. */
export interface OutboxRows {
  readonly append: (draft: OutboxDraft) => void;
}

interface OutboxRow {
  readonly position: number;
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly entry: string;
}

/** Prepares writing to the outbox. */
export function createOutboxRows({ database }: EmbeddedContext): OutboxRows {
  const append = database.prepare<[string, string, string, string]>(
    "INSERT INTO outbox (account, conversation, id, entry) VALUES (?, ?, ?, ?)",
  );
  return {
    append: (draft) => void append.run(draft.account, draft.conversation, draft.id, writtenDrafts.write(draft)),
  };
}

/** `send`: appends a reply unless one with its id was sent within the deduplication window. */
export function createSend(context: EmbeddedContext, outbox: OutboxRows): (draft: OutboxDraft) => Promise<void> {
  const { database, environment, write } = context;
  const remember = database.prepare<[string, number, number]>(
    "INSERT INTO seen (key, at) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE seen.at <= ?",
  );
  return (draft) =>
    write(() => {
      const now = environment.clock();
      if (remember.run(`reply\n${draft.id}`, now, now - DEDUPLICATION_MS).changes > 0) outbox.append(draft);
    });
}

/** Makes the primitives. */
export function createOutboxes(context: EmbeddedContext, dead: DeadLetterBox, owners: Owners): Outboxes {
  const { database, telemetry, watch, write, writeLightly } = context;
  const table = outboxTable(database);

  async function setAside(row: OutboxRow, reason: string): Promise<void> {
    await write(() => {
      if (table.remove.run(row.position).changes > 0) dead.buryReply({ ...row, payload: row.entry, reason });
    });
    telemetry.log.error(
      { account: row.account, reason },
      "A reply could not be read back; it went to the dead letters",
    );
  }

  async function readNow(account: AccountId, position: string, count: number): Promise<readonly OutboxEntry[]> {
    const entries: OutboxEntry[] = [];
    for (const row of table.after.all(account, position === "" ? 0 : Number(position), count)) {
      const stored = parseOnce(writtenDrafts, OutboxDraft, row.entry);
      if (stored.ok) entries.push({ ...stored.value, position: String(row.position) });
      else await setAside(row, stored.reason);
    }
    return entries;
  }

  return {
    own: owners.own,
    release: owners.release,
    read: async (account, position, { count, waitMs, signal }) => {
      const changes = waitForChanges(watch, waitMs, signal);
      try {
        for (;;) {
          const entries = await readNow(account, position, count);
          if (entries.length > 0 || !(await changes.next())) return entries;
        }
      } finally {
        changes.stop();
      }
    },
    progress: async (account, entryId) => {
      const text = table.findProgress.get(account, entryId);
      if (text === undefined) return undefined;
      const stored = parseStored(DeliveryProgress, text);
      if (stored.ok) return stored.value;
      telemetry.log.error({ entry: entryId, reason: stored.reason }, "Delivery progress could not be read back");
      return undefined;
    },
    record: (owned, entry, progress) =>
      write(() => {
        if (!owners.owns(owned)) return false;
        table.saveProgress.run(owned.account, entry.id, JSON.stringify(progress));
        return true;
      }),
    // A removal that a power loss undoes is repeated: the progress, which was durable before, says that all is sent.
    remove: (owned, entry) =>
      writeLightly(() => {
        if (!owners.owns(owned)) return false;
        table.remove.run(Number(entry.position));
        table.removeProgress.run(owned.account, entry.id);
        return true;
      }),
  };
}

function outboxTable(database: EmbeddedContext["database"]) {
  return {
    after: database.prepare<[string, number, number], OutboxRow>(
      `SELECT position, account, conversation, entry FROM outbox WHERE account = ? AND position > ?
     ORDER BY position LIMIT ?`,
    ),
    remove: database.prepare<[number]>("DELETE FROM outbox WHERE position = ?"),
    findProgress: database
      .prepare<[string, string], string>("SELECT progress FROM progress WHERE account = ? AND entry = ?")
      .pluck(),
    saveProgress: database.prepare<[string, string, string]>(
      `INSERT INTO progress (account, entry, progress) VALUES (?, ?, ?)
     ON CONFLICT (account, entry) DO UPDATE SET progress = excluded.progress`,
    ),
    removeProgress: database.prepare<[string, string]>("DELETE FROM progress WHERE account = ? AND entry = ?"),
  };
}

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
  /** Ends what a dead process owned; inside a write. */
  readonly releaseAll: (process: string) => void;
}

/** Prepares the ownership of accounts. */
export function createOwners({ database, environment, writeLightly }: EmbeddedContext): Owners {
  const find = database.prepare<[string], OwnerRow>("SELECT owner, epoch, due, span FROM owners WHERE account = ?");
  const save = database.prepare<[string, string | null, number, number, number]>(
    `INSERT INTO owners (account, owner, epoch, due, span) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch, due = excluded.due,
       span = excluded.span`,
  );
  const owned = database.prepare<[], OwnerRow & { readonly account: string }>(
    "SELECT account, owner, epoch, due, span FROM owners WHERE owner IS NOT NULL",
  );
  return {
    releaseAll: (process) => {
      for (const { account, owner, epoch } of owned.all()) {
        if (owner !== null && processOf(owner) === process) save.run(account, null, epoch, 0, 0);
      }
    },
    own: (account, owner, leaseMs, past) =>
      writeLightly(() => {
        const row = find.get(account);
        const now = environment.clock();
        const isOthers = row !== undefined && row.owner !== null && row.owner !== owner && row.owner !== past;
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
