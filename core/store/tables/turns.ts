/** The rows that hold a turn's history and its trace. */
import { sql } from "kysely";
import type { z } from "zod";
import type { Trace } from "../../trace.ts";
import type { Work } from "../sql/database.ts";
import { last } from "../sql/work.ts";
import type { TurnRecord } from "../store.ts";
import { refer } from "./references.ts";
import { query } from "./schema.ts";
import { referencesOfTrace, toStoredTrace } from "./stored-trace.ts";
import { messagesOf, type toStoredTurn, TurnRow } from "./stored-turn.ts";

export const turnColumns = ["id", "conversation", "event_id as eventId", "session", "at", "body"] as const;

const Standing = TurnRow.partial({ session: true, body: true });
type Standing = z.infer<typeof Standing>;

/** The first history stays, the last trace does. */
const upsert = query<{
  eventId: string;
  conversation: string;
  session: number | null;
  at: number;
  body: string | null;
  trace: string | null;
}>()("turns", Standing, ({ db, value }) =>
  db
    .insertInto("turns")
    .values({
      event_id: value("eventId"),
      conversation: value("conversation"),
      session: value("session"),
      at: value("at"),
      body: value("body"),
      trace: value("trace"),
    })
    .onConflict((conflict) =>
      conflict.columns(["event_id", "conversation"]).doUpdateSet(({ ref }) => ({
        // History is in the order in which it was written, whenever a failed attempt left its trace here.
        id: sql`CASE WHEN turns.body IS NULL AND excluded.body IS NOT NULL THEN excluded.id ELSE turns.id END`,
        session: sql`coalesce(turns.session, excluded.session)`,
        at: sql`CASE WHEN turns.body IS NULL AND excluded.body IS NOT NULL THEN excluded.at ELSE turns.at END`,
        body: sql`coalesce(turns.body, excluded.body)`,
        trace: sql`coalesce(excluded.trace, ${ref("turns.trace")})`,
      })),
    )
    .returning([
      "id",
      "conversation",
      "event_id as eventId",
      "session",
      "at",
      sql<string>`CASE WHEN turns.body = CAST(${value("body")} AS TEXT) THEN NULL ELSE turns.body END`.as("body"),
    ]),
);

/** What there is to write of a turn: what was said, why, or both. */
export interface TurnParts {
  readonly turn?: { readonly record: TurnRecord; readonly stored: ReturnType<typeof toStoredTurn> };
  readonly trace?: Trace | undefined;
}

/** Writes it, and gives what stands there now, without the body where it is this one. */
export function* writeTurn({ turn, trace }: TurnParts): Work<Standing | undefined> {
  const why = trace && toStoredTrace(trace);
  const row = { session: null, body: null, trace: null, ...why, ...turn?.stored };
  const { eventId, conversation, at } = row;
  if (eventId === undefined || conversation === undefined || at === undefined) return undefined;
  const references = [...(turn ? messagesOf(turn.record) : []), ...(trace ? referencesOfTrace(trace) : [])];
  yield* refer(eventId, new Set(references));
  return yield* last(upsert, { ...row, eventId, conversation, at });
}
