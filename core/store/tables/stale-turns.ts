/** Takes turns apart: what was said, why, or both, with what they are found by. */
import { z } from "zod";
import type { Work } from "../sql/database.ts";
import { run } from "../sql/work.ts";
import { forgetReferences } from "./references.ts";
import { query } from "./schema.ts";
import { TraceMarks } from "./stored-trace.ts";
import { BodyMessages } from "./stored-turn.ts";

export const wholeColumns = ["id", "event_id as eventId", "at", "body", "trace"] as const;

/** A row of turns, as far as one has to know it to take it apart. */
export const WholeTurn = z.object({
  id: z.number().int(),
  eventId: z.string(),
  at: z.number(),
  body: BodyMessages.optional(),
  trace: TraceMarks.optional(),
});
export type WholeTurn = z.infer<typeof WholeTurn>;

const dropBody = query<{ id: number }>()("turns", z.unknown(), ({ db, value }) =>
  db.updateTable("turns").set({ body: null, session: null }).where("id", "=", value("id")),
);
const dropTrace = query<{ id: number }>()("turns", z.unknown(), ({ db, value }) =>
  db.updateTable("turns").set({ trace: null }).where("id", "=", value("id")),
);
const dropRow = query<{ id: number }>()("turns", z.unknown(), ({ db, value }) =>
  db.deleteFrom("turns").where("id", "=", value("id")),
);
/** What was said since it was read stays. */
const dropSilentRow = query<{ id: number }>()("turns", z.unknown(), ({ db, value }) =>
  db.deleteFrom("turns").where("id", "=", value("id")).where("body", "is", null),
);

/** Removes these parts of a turn, and its row when nothing is left. */
export function* removeParts(
  { id, eventId, body, trace }: WholeTurn,
  parts: { readonly body: boolean; readonly trace: boolean },
): Work<void> {
  const [said, why] = [body ?? [], trace?.references ?? []];
  const kept = new Set([...(parts.body ? [] : said), ...(parts.trace ? [] : why)]);
  yield* forgetReferences(eventId, new Set([...said, ...why].filter((reference) => !kept.has(reference))));
  if (body !== undefined && !parts.body) yield* run(dropTrace, { id });
  else if (trace !== undefined && !parts.trace) yield* run(dropBody, { id });
  else yield* run(body === undefined ? dropSilentRow : dropRow, { id });
}
