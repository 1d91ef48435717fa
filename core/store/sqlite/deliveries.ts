import { z } from "zod";
import { PartReceipt } from "../../broker/outbox-entry.ts";
import { AccountId, ConversationId } from "../../conversation-id.ts";
import type { Deliveries } from "../store.ts";
import type { Connection } from "./connection.ts";
import { flag, jsonText, rowReader } from "./rows.ts";

const readDelivery = rowReader(
  "deliveries",
  z.object({
    id: z.string(),
    conversation: ConversationId,
    account: AccountId,
    eventId: z.string(),
    outcome: z.enum(["delivered", "partial", "failed", "unknown"]),
    receipts: jsonText(z.array(PartReceipt)),
    parts: z.number().int(),
    plain: flag,
    degraded: jsonText(z.array(z.object({ feature: z.string(), shownAs: z.string() }))),
    detail: z.string().exactOptional(),
    at: z.string(),
  }),
);

const columns = `
  id, conversation, account, event_id AS eventId, outcome, receipts, parts, plain, degraded, detail, at`;

/** What became of replies, in SQLite. */
export function createDeliveries({ database, read, write }: Connection): Deliveries {
  // A later record of the same entry replaces it: an unknown send may turn out delivered.
  const save = database.prepare(`
    INSERT INTO deliveries (id, conversation, account, event_id, outcome, receipts, parts, plain, degraded, detail, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, receipts = excluded.receipts, parts = excluded.parts,
      plain = excluded.plain, degraded = excluded.degraded, detail = excluded.detail, at = excluded.at`);
  const refer = database.prepare("INSERT OR IGNORE INTO delivery_messages (message_id, delivery) VALUES (?, ?)");
  const forEvent = database.prepare(`SELECT ${columns} FROM deliveries WHERE event_id = ? ORDER BY rowid`);
  const byMessageId = database.prepare(`
    SELECT ${columns} FROM deliveries WHERE id IN (SELECT delivery FROM delivery_messages WHERE message_id = ?)
    ORDER BY at DESC, rowid DESC LIMIT 100`);
  // Written out, so that SQLite sees that the index of those in trouble serves it.
  const inTrouble = database.prepare(`
    SELECT ${columns} FROM deliveries WHERE outcome = ? AND outcome <> 'delivered'
    ORDER BY at DESC, rowid DESC LIMIT ?`);
  const delivered = database.prepare(`
    SELECT ${columns} FROM (SELECT rowid, * FROM deliveries WHERE outcome = 'delivered' ORDER BY rowid DESC LIMIT ?)
    ORDER BY at DESC, rowid DESC`);

  return {
    save: async (record) =>
      await write(() => {
        const { id, conversation, account, eventId, outcome, receipts, parts, plain, degraded, detail, at } = record;
        const [sent, changed] = [JSON.stringify(receipts), JSON.stringify(degraded)];
        save.run(id, conversation, account, eventId, outcome, sent, parts, plain ? 1 : 0, changed, detail ?? null, at);
        for (const { messageId } of receipts) refer.run(messageId, id);
      }),
    forEvent: async (eventId) => await read(() => forEvent.all(eventId).map((row) => readDelivery(row))),
    byMessageId: async (messageId) => await read(() => byMessageId.all(messageId).map((row) => readDelivery(row))),
    withOutcome: async (outcome, limit) =>
      await read(() =>
        (outcome === "delivered" ? delivered.all(limit) : inTrouble.all(outcome, limit)).map((row) =>
          readDelivery(row),
        ),
      ),
  };
}
