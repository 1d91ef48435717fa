import { sql } from "kysely";
import { z } from "zod";
import type { HistoryEntry } from "../../adapter.ts";
import type { Database, Work } from "../sql/database.ts";
import { all, first } from "../sql/work.ts";
import type { History, TurnRecord } from "../store.ts";
import { query } from "./schema.ts";
import { fromStoredTurn, messagesOf, toStoredTurn, TurnRow } from "./stored-turn.ts";
import type { TurnCache } from "./turn-cache.ts";
import { turnColumns, writeTurn } from "./turns.ts";

const Id = z.object({ id: z.number().int() });

const find = query<{ conversation: string; eventId: string }>()("turns", TurnRow, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select([...turnColumns])
    .where("event_id", "=", value("eventId"))
    .where("conversation", "=", value("conversation"))
    .where("body", "is not", null),
);
const referredTo = query<{ conversation: string; message: string }>()("turns", TurnRow, ({ db, value }) =>
  db
    .selectFrom("message_references")
    .innerJoin("turns", "turns.event_id", "message_references.event")
    .select([...turnColumns])
    .where("message_references.message", "=", value("message"))
    .where("turns.conversation", "=", value("conversation"))
    .where("turns.body", "is not", null)
    .orderBy("turns.id", "desc")
    .limit(sql.lit(20)),
);
const windowIds = query<{ conversation: string; session: number | null; turns: number }>()(
  "turns",
  Id,
  ({ db, value }) =>
    db
      .selectFrom("turns")
      .select("id")
      .where("conversation", "=", value("conversation"))
      .where(sql<boolean>`session = coalesce(CAST(${value("session")} AS BIGINT), session)`)
      .where("body", "is not", null)
      .orderBy("id", "desc")
      .limit(value("turns")),
);
const pageIds = query<{ conversation: string; last: number; turns: number }>()("turns", Id, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select("id")
    .where("conversation", "=", value("conversation"))
    .where("id", "<=", value("last"))
    .where("body", "is not", null)
    .orderBy("id", "desc")
    .limit(value("turns")),
);
const range = query<{ conversation: string; from: number; to: number }>()("turns", TurnRow, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select([...turnColumns])
    .where("conversation", "=", value("conversation"))
    .where("id", ">=", value("from"))
    .where("id", "<=", value("to"))
    .where("body", "is not", null),
);
// People page back from the end, so that the reply is near.
const position = query<{ conversation: string; eventId: string; reply: string }>()(
  "turns",
  Id,
  ({ db, value, dialect }) =>
    db
      .selectFrom("turns")
      .select("id")
      .where("conversation", "=", value("conversation"))
      .where("body", "is not", null)
      .where(({ or, eb }) =>
        or([
          eb("event_id", "=", value("eventId")),
          eb(dialect.position(sql.ref("body"), value("reply")), ">", sql.lit(0)),
        ]),
      )
      .orderBy("id", "desc")
      .limit(sql.lit(1)),
);

/** History, in the order in which the turns were written. */
export function createHistory(database: Database, cache: TurnCache): History {
  /** Which turns there are is always asked; only their reading is spared. */
  function* turnsAt(conversation: string, newestFirst: readonly { readonly id: number }[]): Work<TurnRecord[]> {
    const unknown = newestFirst.filter(({ id }) => cache.get(id) === undefined);
    const [to, from] = [unknown[0]?.id, unknown.at(-1)?.id];
    const rows = from === undefined || to === undefined ? [] : yield* all(range, { conversation, from, to });
    const read = new Map(rows.map((row) => [row.id, row]));
    return newestFirst.toReversed().flatMap(({ id }) => {
      const row = read.get(id);
      const turn = cache.get(id) ?? (row && fromStoredTurn(row));
      // Pruned in between.
      if (turn === undefined) return [];
      cache.set(id, turn);
      return [turn];
    });
  }

  return {
    write: async (turn, trace) => {
      const stored = toStoredTurn(turn);
      const work = () => writeTurn({ turn: { record: turn, stored }, trace });
      const standing = await database.write(work, { lock: [], isRepeatable: true });
      const written = standing?.body === undefined ? turn : fromStoredTurn(TurnRow.parse(standing));
      // Only now: an id that was not committed may be given again.
      if (standing !== undefined) cache.set(standing.id, written);
      return written;
    },
    find: async (conversation, eventId) => {
      const row = await database.first(find, { conversation, eventId });
      return row && fromStoredTurn(row);
    },
    byMessage: async (conversation, message) => {
      const turns = (await database.all(referredTo, { conversation, message })).map(fromStoredTurn);
      return turns.find((turn) => messagesOf(turn).includes(message));
    },
    window: async (conversation, { session = null, turns }) =>
      await database.read(function* () {
        return yield* turnsAt(conversation, yield* all(windowIds, { conversation, session, turns }));
      }),
    page: async (conversation, { before, limit }) =>
      await database.read(function* () {
        const last = before === undefined ? Number.MAX_SAFE_INTEGER : yield* positionOf(conversation, before);
        if (last === undefined) return [];
        const ids = yield* all(pageIds, { conversation, last, turns: limit + 1 });
        const entries = (yield* turnsAt(conversation, ids)).flatMap(entriesOf);
        const end = before === undefined ? entries.length : entries.findLastIndex(({ id }) => id === before);
        return entries.slice(Math.max(0, end - limit), Math.max(0, end));
      }),
  };
}

/** Where the turn of an entry lies. */
function* positionOf(conversation: string, entry: string): Work<number | undefined> {
  // Inside a text quotation marks are escaped, so only the id of something is found.
  const reply = `"id":${JSON.stringify(entry)}`;
  return (yield* first(position, { conversation, eventId: entry, reply }))?.id;
}

function entriesOf(turn: TurnRecord): readonly HistoryEntry[] {
  const { eventId, userId, messageId, text, at, answeredAt, replies } = turn;
  const said: HistoryEntry = {
    id: eventId,
    role: "user",
    at,
    userId,
    ...(messageId !== undefined && { messageId }),
    text,
  };
  // What people of the bot's side say answers no message.
  const isAnswer = turn.sequence > 0 || text !== "";
  return [
    ...(isAnswer ? [said] : []),
    ...replies.map((reply): HistoryEntry => ({
      id: reply.id,
      role: "assistant",
      at: answeredAt,
      text: reply.text,
      reply,
    })),
  ];
}
