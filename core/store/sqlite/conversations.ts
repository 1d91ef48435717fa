import type { Database } from "better-sqlite3";
import { z } from "zod";
import { AccountId, ConversationId } from "../../conversation-id.ts";
import type { ConversationRecord, Conversations } from "../store.ts";
import type { Connection } from "./connection.ts";
import { flag, jsonText, rowReader } from "./rows.ts";

const conversation = z.object({
  id: ConversationId,
  bot: z.string(),
  account: AccountId,
  chatType: z.enum(["direct", "group"]),
  session: z.number().int(),
  createdAt: z.string(),
  lastEventAt: z.string(),
  messageCount: z.number().int(),
  userIds: jsonText(z.array(z.string())),
});
const readConversation = rowReader("conversations", conversation);

const readStanding = rowReader(
  "conversations",
  conversation
    .extend({ open: flag, lastEventId: z.string().optional() })
    .transform(({ open, lastEventId, ...record }) => ({ open, lastEventId, record }))
    .optional(),
);

const columns = `
  id, bot, account, chat_type AS chatType, session, created_at AS createdAt, last_event_at AS lastEventAt,
  message_count AS messageCount,
  (SELECT json_group_array(user_id) FROM
    (SELECT user_id FROM conversation_users WHERE conversation = conversations.id ORDER BY rowid)) AS userIds`;

/** Conversations in SQLite. */
export function createConversations({ database, read, write }: Connection): Conversations {
  const statements = prepareStatements(database);
  const open = (id: ConversationId): ConversationRecord | undefined => {
    const row = statements.get.get(id);
    return row === undefined ? undefined : readConversation(row);
  };

  function save(
    record: ConversationRecord,
    standing: ConversationRecord | undefined,
    { userId, eventId }: Touch,
  ): void {
    const { id, bot, account, chatType, session, createdAt, lastEventAt, messageCount } = record;
    if (standing === undefined) statements.removeUsers.run(id);
    statements.save.run(id, bot, account, chatType, session, createdAt, lastEventAt, eventId ?? null, messageCount);
    if (standing?.userIds.includes(userId) !== true) statements.addUser.run(id, userId);
  }

  const touch: Conversations["touch"] = async (facts) =>
    await write(() => {
      const before = readStanding(statements.standing.get(facts.id));
      const standing = before?.open === true ? before.record : undefined;
      if (standing !== undefined && facts.eventId !== undefined && facts.eventId === before?.lastEventId) {
        // A replay gives the first answer again: its process may have died before it could act on it.
        return { record: standing, created: standing.messageCount === 1 };
      }
      const record = touched(standing, { ...facts, session: before?.record.session ?? 1 });
      save(record, standing, facts);
      return { record, created: standing === undefined };
    });

  return {
    touch,
    get: async (id) => await read(() => open(id)),
    end: async (id, options) => {
      return await write(() => {
        const found = open(id);
        const busy = found !== undefined && options.idleBefore !== undefined && found.lastEventAt >= options.idleBefore;
        if (found === undefined || busy) return undefined;
        statements.end.run(id);
        return found;
      });
    },
    list: async ({ bot, limit, before }) =>
      await read(() =>
        statements.list.all({ bot: bot ?? null, limit, before: before ?? null }).map((row) => readConversation(row)),
      ),
    idle: async (before, limit) =>
      await read(() => statements.idle.all(before, limit).map((row) => readConversation(row))),
  };
}

type Touch = Parameters<Conversations["touch"]>[0];

/** The conversation after an event. One that was ended starts anew, in its next session. */
function touched(
  standing: ConversationRecord | undefined,
  { id, bot, account, chatType, userId, at, session }: Touch & { readonly session: number },
): ConversationRecord {
  if (standing === undefined) {
    const times = { createdAt: at, lastEventAt: at };
    return { id, bot, account, chatType, session, ...times, messageCount: 1, userIds: [userId] };
  }
  return {
    ...standing,
    bot,
    chatType,
    lastEventAt: standing.lastEventAt > at ? standing.lastEventAt : at,
    messageCount: standing.messageCount + 1,
    userIds: standing.userIds.includes(userId) ? standing.userIds : [...standing.userIds, userId],
  };
}

function prepareStatements(database: Database) {
  return {
    standing: database.prepare(`SELECT open, last_event_id AS lastEventId, ${columns} FROM conversations WHERE id = ?`),
    get: database.prepare(`SELECT ${columns} FROM conversations WHERE id = ? AND open = 1`),
    save: database.prepare(`
      INSERT INTO conversations
        (id, bot, account, chat_type, session, open, created_at, last_event_at, last_event_id, message_count)
      VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        bot = excluded.bot, chat_type = excluded.chat_type, created_at = excluded.created_at,
        last_event_at = excluded.last_event_at, last_event_id = excluded.last_event_id,
        message_count = excluded.message_count, open = 1`),
    addUser: database.prepare("INSERT OR IGNORE INTO conversation_users (conversation, user_id) VALUES (?, ?)"),
    removeUsers: database.prepare("DELETE FROM conversation_users WHERE conversation = ?"),
    end: database.prepare("UPDATE conversations SET open = 0, session = session + 1 WHERE id = ?"),
    list: database.prepare(`
      SELECT ${columns} FROM conversations
      WHERE open = 1 AND (@bot IS NULL OR bot = @bot) AND (
        @before IS NULL OR (last_event_at, id) < (SELECT c.last_event_at, c.id FROM conversations c WHERE c.id = @before))
      ORDER BY last_event_at DESC, id DESC LIMIT @limit`),
    idle: database.prepare(`
      SELECT ${columns} FROM conversations WHERE open = 1 AND last_event_at < ? ORDER BY last_event_at LIMIT ?`),
  };
}
