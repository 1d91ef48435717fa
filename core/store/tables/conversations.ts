import { sql } from "kysely";
import { z } from "zod";
import { AccountId, ConversationId } from "../../conversation-id.ts";
import type { Database, Work } from "../sql/database.ts";
import type { Dialect } from "../sql/dialect.ts";
import { first, last, run } from "../sql/work.ts";
import { flag, jsonText } from "../rows.ts";
import type { ConversationRecord, Conversations } from "../store.ts";
import { query } from "./schema.ts";

const Conversation = z.object({
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
const Standing = Conversation.extend({ open: flag, lastEventId: z.string().optional() }).transform(
  ({ open, lastEventId, ...record }) => ({ open, lastEventId, record }),
);

const columns = [
  "id",
  "bot",
  "account",
  "chat_type as chatType",
  "session",
  "created_at as createdAt",
  "last_event_at as lastEventAt",
  "message_count as messageCount",
] as const;

const userIds = ({ textArray }: Dialect) =>
  sql<string>`(
  SELECT ${textArray(sql.ref("user_id"), sql.ref("position"))} FROM conversation_users
  WHERE conversation = conversations.id)`.as("userIds");

/** For a change that follows from it. */
const standingOf = query<{ id: string }>()("conversations", Standing, ({ db, value, dialect }) =>
  db
    .selectFrom("conversations")
    .select(["open", "last_event_id as lastEventId", ...columns, userIds(dialect)])
    .where("id", "=", value("id"))
    .modifyEnd(dialect.lockRows),
);
/** Notes the event of a user who is known in an open conversation: nearly always. A replay of the last event changes nothing. */
const touchKnown = query<{
  id: string;
  bot: string;
  chatType: string;
  userId: string;
  eventId: string;
  at: string;
}>()("conversations", Conversation, ({ db, value, dialect }) => {
  const isReplay = sql`last_event_id = ${value("eventId")}`;
  return db
    .updateTable("conversations")
    .set(({ ref }) => ({
      bot: value("bot"),
      chat_type: value("chatType"),
      last_event_at: sql`CASE WHEN ${isReplay} OR last_event_at > ${value("at")} THEN last_event_at ELSE ${value("at")} END`,
      message_count: sql`CASE WHEN ${isReplay} THEN message_count ELSE ${ref("message_count")} + 1 END`,
      last_event_id: value("eventId"),
    }))
    .where("id", "=", value("id"))
    .where("open", "=", sql.lit(1))
    .where(
      sql<boolean>`EXISTS (
        SELECT 1 FROM conversation_users WHERE conversation = ${value("id")} AND user_id = ${value("userId")})`,
    )
    .returning([...columns, userIds(dialect)]);
});
const get = query<{ id: string }>()("conversations", Conversation, ({ db, value, dialect }) =>
  db
    .selectFrom("conversations")
    .select([...columns, userIds(dialect)])
    .where("id", "=", value("id"))
    .where("open", "=", sql.lit(1)),
);
const save = query<{
  id: string;
  bot: string;
  account: string;
  chatType: string;
  session: number;
  createdAt: string;
  lastEventAt: string;
  lastEventId: string | null;
  messageCount: number;
}>()("conversations", z.unknown(), ({ db, value }) =>
  db
    .insertInto("conversations")
    .values({
      id: value("id"),
      bot: value("bot"),
      account: value("account"),
      chat_type: value("chatType"),
      session: value("session"),
      open: sql.lit(1),
      created_at: value("createdAt"),
      last_event_at: value("lastEventAt"),
      last_event_id: value("lastEventId"),
      message_count: value("messageCount"),
    })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet(({ ref }) => ({
        bot: ref("excluded.bot"),
        chat_type: ref("excluded.chat_type"),
        open: sql.lit(1),
        created_at: ref("excluded.created_at"),
        last_event_at: ref("excluded.last_event_at"),
        last_event_id: ref("excluded.last_event_id"),
        message_count: ref("excluded.message_count"),
      })),
    ),
);
const addUser = query<{ conversation: string; userId: string; position: number }>()(
  "conversation_users",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("conversation_users")
      .values({ conversation: value("conversation"), user_id: value("userId"), position: value("position") })
      .onConflict((conflict) => conflict.doNothing()),
);
export const removeUsers = query<{ conversation: string }>()("conversation_users", z.unknown(), ({ db, value }) =>
  db.deleteFrom("conversation_users").where("conversation", "=", value("conversation")),
);
/** The next event starts the next session; nothing happens to one that is not open. */
export const endConversation = query<{ id: string }>()("conversations", z.unknown(), ({ db, value }) =>
  db
    .updateTable("conversations")
    .set(({ eb, ref }) => ({ open: sql.lit(0), session: eb("session", "+", ref("open")) }))
    .where("id", "=", value("id")),
);
const list = query<{ bot: string | null; before: string; beforeId: string; limit: number }>()(
  "conversations",
  Conversation,
  ({ db, value, dialect }) =>
    db
      .selectFrom("conversations")
      .select([...columns, userIds(dialect)])
      .where("open", "=", sql.lit(1))
      .where(sql<boolean>`bot = coalesce(CAST(${value("bot")} AS TEXT), bot)`)
      .where(sql<boolean>`(last_event_at, id) < (${value("before")}, ${value("beforeId")})`)
      .orderBy("last_event_at", "desc")
      .orderBy("id", "desc")
      .limit(value("limit")),
);
const idle = query<{ before: string; limit: number }>()("conversations", Conversation, ({ db, value, dialect }) =>
  db
    .selectFrom("conversations")
    .select([...columns, userIds(dialect)])
    .where("open", "=", sql.lit(1))
    .where("last_event_at", "<", value("before"))
    .orderBy("last_event_at")
    .limit(value("limit")),
);

/** Later than any time. */
const AFTER_ALL = "~";

/** Conversations: created, resumed, ended. */
export function createConversations(database: Database): Conversations {
  return {
    touch: async (facts) => {
      const { id, bot, chatType, userId, eventId, at } = facts;
      if (eventId !== undefined) {
        const work = () => last(touchKnown, { id, bot, chatType, userId, eventId, at });
        const record = await database.write(work, { lock: [], isRepeatable: true });
        // A replay gives the first answer again: its process may have died before it could act on it.
        if (record !== undefined) return { record, created: record.messageCount === 1 };
      }
      return await database.write(() => touch(facts), { lock: `conversation:${id}` });
    },
    get: async (id) => await database.first(get, { id }),
    end: async (id, { idleBefore }) =>
      await database.write(
        function* () {
          const before = yield* first(standingOf, { id });
          const found = before?.open === true ? before.record : undefined;
          if (found === undefined || (idleBefore !== undefined && found.lastEventAt >= idleBefore)) return undefined;
          yield* run(endConversation, { id });
          return found;
        },
        { lock: `conversation:${id}` },
      ),
    list: async ({ bot = null, limit, before }) =>
      await database.all(list, { bot, limit, before: before?.lastEventAt ?? AFTER_ALL, beforeId: before?.id ?? "" }),
    idle: async (before, limit) => await database.all(idle, { before, limit }),
  };
}

type Touch = Parameters<Conversations["touch"]>[0];

/** Of whoever is new to it, and of a conversation that is not open. */
function* touch(facts: Touch): Work<{ readonly record: ConversationRecord; readonly created: boolean }> {
  const { id, eventId } = facts;
  const before = yield* first(standingOf, { id });
  const standing = before?.open === true ? before.record : undefined;
  const isReplay = eventId !== undefined && eventId === before?.lastEventId;
  if (standing !== undefined && isReplay) {
    // A replay gives the first answer again: its process may have died before it could act on it.
    return { record: standing, created: standing.messageCount === 1 };
  }
  const record = touched(standing, { ...facts, session: before?.record.session ?? 1 });
  yield* saveTouched(record, standing?.userIds ?? [], facts);
  return { record, created: standing === undefined };
}

function* saveTouched(record: ConversationRecord, known: readonly string[], { userId, eventId }: Touch): Work<void> {
  const conversation = record.id;
  // Whoever was in it before it ended is not in it any more.
  if (known.length === 0) yield* run(removeUsers, { conversation });
  yield* run(save, { ...record, lastEventId: eventId ?? null });
  if (!known.includes(userId)) yield* run(addUser, { conversation, userId, position: known.length });
}

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
