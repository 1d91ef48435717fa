/** Forgetting in SQLite: rows go, and so does what the file and its log keep of deleted rows. */
import { z } from "zod";
import { AccountId, ConversationId } from "../../conversation-id.ts";
import { personId } from "../person-id.ts";
import type { Erasure, ErasureScope } from "../store.ts";
import type { Connection } from "./connection.ts";
import { emptyLog } from "./deleted-content.ts";
import { currentPerson, personFacts } from "./joined-facts.ts";
import { jsonText, rowReader } from "./rows.ts";
import type { TurnCache } from "./turn-cache.ts";

const readOwner = rowReader(
  "conversations",
  z
    .object({
      bot: z.string(),
      account: AccountId,
      chatType: z.enum(["direct", "group"]),
      userIds: jsonText(z.array(z.string())),
    })
    .optional(),
);
const readConversation = rowReader("conversations", z.object({ id: ConversationId }));
const readFile = rowReader("conversation_files", z.object({ spoolKey: z.string() }));

/** Erases by conversation and person. */
export function createErasure(connection: Connection, turns: Pick<TurnCache, "clear">): Erasure {
  const { database, read, write } = connection;
  const owner = database.prepare(`
    SELECT bot, account, chat_type AS chatType,
      (SELECT json_group_array(user_id) FROM conversation_users WHERE conversation = conversations.id) AS userIds
    FROM conversations WHERE id = ?`);
  const directOnes = database.prepare(`
    SELECT DISTINCT conversations.id FROM identities
    JOIN conversation_users ON conversation_users.user_id = identities.user_id
    JOIN conversations ON conversations.id = conversation_users.conversation
      AND conversations.account = identities.account
    WHERE identities.person = ? AND conversations.bot = ? AND conversations.chat_type = 'direct'`);
  const keepFile = database.prepare(`
    INSERT INTO conversation_files (spool_key, conversation, at) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET at = excluded.at`);
  const removal = prepareRemoval(database);

  return {
    scope: async (conversation) =>
      await read(() => {
        const found = readOwner(owner.get(conversation));
        if (found === undefined) return undefined;
        const { bot, account, chatType, userIds } = found;
        if (chatType === "group") return { bot, persons: [], conversations: [conversation] };
        const persons = [...new Set(userIds.map((userId) => currentPerson(database, personId(account, userId))))];
        const theirs = persons.flatMap((person) => directOnes.all(person, bot).map((row) => readConversation(row).id));
        return { bot, persons, conversations: [...new Set([conversation, ...theirs])] };
      }),
    erase: async (scope) => {
      const files = await write(() => removal(scope));
      turns.clear();
      emptyLog(database);
      return { files };
    },
    keepFile: async (conversation, spoolKey, at) => await write(() => void keepFile.run(spoolKey, conversation, at)),
  };
}

/** Runs inside a write; gives the files that are no one's any more. */
function prepareRemoval(database: Connection["database"]): (scope: ErasureScope) => readonly string[] {
  const ofConversation = [
    `DELETE FROM delivery_messages WHERE (message_id, delivery) IN (
      SELECT json_extract(value, '$.messageId'), deliveries.id FROM deliveries, json_each(deliveries.receipts)
      WHERE deliveries.event_id IN (SELECT event_id FROM turns WHERE conversation = @conversation))`,
    "DELETE FROM deliveries WHERE event_id IN (SELECT event_id FROM turns WHERE conversation = @conversation)",
    `DELETE FROM trace_references WHERE (reference, trace) IN (
      SELECT value, traces.id FROM traces, json_each(traces.body, '$.e') WHERE conversation = @conversation
      UNION SELECT value, traces.id FROM traces, json_each(traces.body, '$.m') WHERE conversation = @conversation)`,
    "DELETE FROM traces WHERE conversation = @conversation",
    "DELETE FROM turns WHERE conversation = @conversation",
    "DELETE FROM facts WHERE scope = 'conversation' AND owner = @conversation",
    "DELETE FROM controls WHERE conversation = @conversation",
    "DELETE FROM conversation_users WHERE conversation = @conversation",
  ].map((sql) => database.prepare(sql));
  const facts = database.prepare(`DELETE FROM ${personFacts}`);
  const codes = database.prepare("DELETE FROM link_codes WHERE person = ?");
  const end = database.prepare("UPDATE conversations SET open = 0, session = session + open WHERE id = ?");
  const filesOf = database.prepare("SELECT spool_key AS spoolKey FROM conversation_files WHERE conversation = ?");
  const removeFiles = database.prepare("DELETE FROM conversation_files WHERE conversation = ?");
  const isUsed = database.prepare("SELECT 1 FROM conversation_files WHERE spool_key = ? LIMIT 1");
  return ({ bot, persons, conversations }) => {
    const files = new Set<string>();
    for (const conversation of conversations) {
      for (const row of filesOf.all(conversation)) files.add(readFile(row).spoolKey);
      for (const statement of ofConversation) statement.run({ conversation });
      removeFiles.run(conversation);
      end.run(conversation);
    }
    for (const person of persons) {
      facts.run({ person, bot });
      codes.run(person);
    }
    return [...files].filter((key) => isUsed.get(key) === undefined);
  };
}
