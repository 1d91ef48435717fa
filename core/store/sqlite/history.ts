import type { Database } from "better-sqlite3";
import { z } from "zod";
import type { HistoryEntry } from "../../adapter.ts";
import { ConversationId } from "../../conversation-id.ts";
import { Reply } from "../../reply.ts";
import type { History, TurnRecord } from "../store.ts";
import type { Connection } from "./connection.ts";
import { jsonText, rowReader } from "./rows.ts";
import type { TurnCache } from "./turn-cache.ts";

const readTurn = rowReader(
  "turns",
  z.object({
    conversation: ConversationId,
    sequence: z.number().int(),
    session: z.number().int(),
    eventId: z.string(),
    userId: z.string(),
    userName: z.string().exactOptional(),
    messageId: z.string().exactOptional(),
    messages: jsonText(z.array(z.object({ id: z.string(), fingerprint: z.string() }))).exactOptional(),
    text: z.string(),
    replies: jsonText(z.array(Reply)),
    at: z.string(),
    answeredAt: z.string(),
  }),
);

const readPosition = rowReader("turns", z.object({ id: z.number().int() }).optional());

/** History in SQLite, in the order in which the turns were written. */
export function createHistory({ database, read, write }: Connection, cache: TurnCache): History {
  const statements = prepareStatements(database);

  const find = (conversation: ConversationId, eventId: string): TurnRecord | undefined => {
    const row = statements.find.get(conversation, eventId);
    return row === undefined ? undefined : readTurn(row);
  };

  /** Which turns there are is always asked; only their reading is spared. */
  const turnAt = (id: number): TurnRecord => {
    const known = cache.get(id);
    if (known !== undefined) return known;
    const turn = readTurn(statements.byId.get(id));
    cache.set(id, turn);
    return turn;
  };

  return {
    write: async (turn) => {
      const { conversation, sequence, session, eventId, userId, userName = null, messageId = null } = turn;
      const who = [conversation, sequence, session, eventId, userId, userName, messageId];
      const said = [JSON.stringify(turn.messages) ?? null, turn.text, JSON.stringify(turn.replies)];
      const written = await write(() => {
        // In the order of the insert's columns: values by place are bound in half the time of values by name.
        const { changes, lastInsertRowid } = statements.insert.run(...who, ...said, turn.at, turn.answeredAt);
        if (changes > 0) return { id: Number(lastInsertRowid), turn };
        return { turn: readTurn(statements.find.get(turn.conversation, turn.eventId)) };
      });
      // Only now: an id that was not committed may be given again.
      if (written.id !== undefined) cache.set(written.id, written.turn);
      return written.turn;
    },
    find: async (conversation, eventId) => await read(() => find(conversation, eventId)),
    byMessage: async (conversation, messageId) =>
      await read(() => {
        const row = statements.byMessage.get({ conversation, messageId });
        return row === undefined ? undefined : readTurn(row);
      }),
    window: async (conversation, { session, turns }) =>
      await read(() =>
        statements.window
          .all(conversation, session, turns)
          .toReversed()
          .map((id) => turnAt(Number(id))),
      ),
    page: async (conversation, { before, limit }) =>
      await read(() => {
        let last = Number.MAX_SAFE_INTEGER;
        if (before !== undefined) {
          const position = readPosition(statements.position.get({ conversation, entry: before }));
          if (position === undefined) return [];
          last = position.id;
        }
        const ids = statements.page.all(conversation, last, limit + 1).toReversed();
        const entries = ids.flatMap((id) => entriesOf(turnAt(Number(id))));
        const end = before === undefined ? entries.length : entries.findLastIndex(({ id }) => id === before);
        return entries.slice(Math.max(0, end - limit), end);
      }),
  };
}

function prepareStatements(database: Database) {
  const columns = `
    conversation, sequence, session, event_id AS eventId, user_id AS userId, user_name AS userName,
    message_id AS messageId, messages, text, replies, at, answered_at AS answeredAt`;
  return {
    insert: database.prepare(`
      INSERT INTO turns
        (conversation, sequence, session, event_id, user_id, user_name, message_id, messages, text, replies, at, answered_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (event_id, conversation) DO NOTHING`),
    find: database.prepare(`SELECT ${columns} FROM turns WHERE conversation = ? AND event_id = ?`),
    // Edits and deletions are rare and mean one of the last messages: it is found from the end.
    byMessage: database.prepare(`
      SELECT ${columns} FROM turns WHERE conversation = @conversation AND (
        message_id = @messageId OR EXISTS (SELECT 1 FROM json_each(messages) WHERE value ->> 'id' = @messageId))
      ORDER BY id DESC LIMIT 1`),
    byId: database.prepare(`SELECT ${columns} FROM turns WHERE id = ?`),
    window: database
      .prepare("SELECT id FROM turns WHERE conversation = ? AND session = ? ORDER BY id DESC LIMIT ?")
      .pluck(),
    page: database.prepare("SELECT id FROM turns WHERE conversation = ? AND id <= ? ORDER BY id DESC LIMIT ?").pluck(),
    // Newest first: people page back from the end, so that the reply is near.
    position: database.prepare(`
      SELECT id FROM turns WHERE conversation = @conversation AND (
        event_id = @entry OR EXISTS (SELECT 1 FROM json_each(replies) WHERE value ->> 'id' = @entry))
      ORDER BY id DESC LIMIT 1`),
  };
}

function entriesOf(turn: TurnRecord): readonly HistoryEntry[] {
  const { eventId, userId, messageId, text, at, answeredAt, replies } = turn;
  return [
    { id: eventId, role: "user", at, userId, ...(messageId === undefined ? {} : { messageId }), text },
    ...replies.map((reply): HistoryEntry => ({
      id: reply.id,
      role: "assistant",
      at: answeredAt,
      text: reply.text,
      reply,
    })),
  ];
}
