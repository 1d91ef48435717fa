import { sql } from "kysely";
import { conversationParts } from "../../conversation-id.ts";
import type { Database } from "../sql/database.ts";
import { all } from "../sql/work.ts";
import type { Traces } from "../store.ts";
import { parseMessageReference } from "./message-reference.ts";
import { query } from "./schema.ts";
import { TraceRow } from "./stored-trace.ts";
import { writeTurn } from "./turns.ts";

const columns = ["event_id as eventId", "conversation", "trace"] as const;

/** Message ids of small chats repeat over chats: more matches than these help nobody. */
const MAX_MATCHES = 200;

const find = query<{ reference: string }>()("turns", TraceRow, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select([...columns])
    .where(
      "event_id",
      "in",
      sql<string>`(
        SELECT CAST(${value("reference")} AS TEXT) UNION
        SELECT event FROM message_references WHERE message = ${value("reference")})`,
    )
    .where("trace", "is not", null)
    .orderBy("id", "desc")
    .limit(sql.lit(MAX_MATCHES)),
);
const list = query<{ limit: number }>()("turns", TraceRow, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select([...columns])
    .where("trace", "is not", null)
    .orderBy("id", "desc")
    .limit(value("limit")),
);
/** Traces, found by event or message; the last one written first. */
export function createTraces(database: Database): Traces {
  return {
    save: async (trace) => void (await database.write(() => writeTurn({ trace }), { lock: [], isRepeatable: true })),
    find: async (text) =>
      await database.read(function* () {
        const { ids, chats } = parseMessageReference(text);
        for (const reference of ids) {
          const found = yield* all(find, { reference });
          const inChat = found.filter(({ conversation }) => isInChat(conversation, chats));
          if (inChat.length > 0) return inChat;
          if (found.length > 0) return found;
        }
        return [];
      }),
    list: async (limit) => await database.all(list, { limit }),
  };
}

function isInChat(conversation: string, chats: readonly string[]): boolean {
  const { chat, thread } = conversationParts(conversation);
  return chats.some((named) => named === chat || named === thread);
}
