/** The outbox primitives on SQLite. */
import type { AccountId, ConversationId } from "../../conversation-id.ts";
import type { Outboxes } from "../mailbox.ts";
import { DeliveryProgress, type OutboxDraft, OutboxEntry } from "../outbox-entry.ts";
import { parseStored } from "../stored-payload.ts";
import { waitForChanges } from "./change-wait.ts";
import type { EmbeddedContext } from "./context.ts";
import type { DeadLetterBox } from "./dead-letters.ts";
import { DEDUPLICATION_MS } from "./intake.ts";
import { createOwners } from "./owners.ts";

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
    append: (draft) => void append.run(draft.account, draft.conversation, draft.id, JSON.stringify(draft)),
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
export function createOutboxes(context: EmbeddedContext, dead: DeadLetterBox): Outboxes {
  const { database, telemetry, watch, write } = context;
  const owners = createOwners(context);
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
      const stored = parseStored(StoredDraft, row.entry);
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
    remove: (owned, entry) =>
      write(() => {
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

const StoredDraft = OutboxEntry.omit({ position: true });
