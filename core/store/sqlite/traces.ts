import { z } from "zod";
import { ConversationId, conversationParts } from "../../conversation-id.ts";
import type { Traces } from "../store.ts";
import type { Connection } from "./connection.ts";
import { parseMessageReference } from "./message-reference.ts";
import { jsonText, rowReader } from "./rows.ts";
import { fromStored, StoredTrace, toStored } from "./stored-trace.ts";

const columns = "id, conversation, started_at AS startedAt, body";

/** Message ids of small chats repeat over chats: more matches than these help nobody. */
const MAX_MATCHES = 200;

const readTrace = rowReader(
  "traces",
  z
    .object({ id: z.string(), conversation: ConversationId, startedAt: z.string(), body: jsonText(StoredTrace) })
    .transform(({ body, ...row }) => fromStored(row, body)),
);

/** Traces in SQLite, found by event or message. */
export function createTraces({ database, read, write }: Connection): Traces {
  const save = database.prepare(`
    INSERT INTO traces (id, conversation, started_at, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET body = excluded.body`);
  const refer = database.prepare("INSERT OR IGNORE INTO trace_references (reference, trace) VALUES (?, ?)");
  // The ids of sent messages are known to the deliveries before (or without) being in the trace.
  const find = database.prepare(`
    WITH wanted (reference) AS (
      VALUES (@reference) UNION
      SELECT event_id FROM deliveries WHERE id IN (SELECT delivery FROM delivery_messages WHERE message_id = @reference))
    SELECT ${columns} FROM traces WHERE id IN (
      SELECT reference FROM wanted UNION
      SELECT trace FROM trace_references WHERE reference IN (SELECT reference FROM wanted))
    ORDER BY started_at DESC, id DESC LIMIT ${MAX_MATCHES}`);
  const list = database.prepare(`SELECT ${columns} FROM traces ORDER BY started_at DESC, id DESC LIMIT ?`);
  const listOf = database.prepare(
    `SELECT ${columns} FROM traces WHERE conversation = ? ORDER BY started_at DESC, id DESC LIMIT ?`,
  );

  return {
    save: async (trace) =>
      await write(() => {
        save.run(trace.id, trace.conversation, trace.startedAt, JSON.stringify(toStored(trace)));
        for (const reference of [...trace.eventIds, ...trace.messageIds]) {
          if (reference !== trace.id) refer.run(reference, trace.id);
        }
      }),
    find: async (text) =>
      await read(() => {
        const { ids, chats } = parseMessageReference(text);
        for (const reference of ids) {
          const found = find.all({ reference }).map((row) => readTrace(row));
          const inChat = found.filter(({ conversation }) => isInChat(conversation, chats));
          if (inChat.length > 0) return inChat;
          if (found.length > 0) return found;
        }
        return [];
      }),
    list: async ({ conversation, limit }) =>
      await read(() =>
        (conversation === undefined ? list.all(limit) : listOf.all(conversation, limit)).map((row) => readTrace(row)),
      ),
  };
}

function isInChat(conversation: string, chats: readonly string[]): boolean {
  const { chat, thread } = conversationParts(conversation);
  return chats.some((named) => named === chat || named === thread);
}
