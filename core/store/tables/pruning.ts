/**
 * The job that deletes what is older than its class allows, a few hundred rows at a time.
 *
 * Turns are written about in the order of their age: each class walks along them from where it was last time, so that
 * rows that stay for the other class are not read again. No index by time is needed, which would cost every message a write.
 */
import { sql } from "kysely";
import { z } from "zod";
import type { Sealing } from "../../privacy/sealing/index.ts";
import { expiryOf, type RetentionClass } from "../../retention.ts";
import type { Database, Work } from "../sql/database.ts";
import { all, change, run } from "../sql/work.ts";
import type { Store } from "../store.ts";
import { deliveryColumns, DeliveryRow, removeDelivery, sentMessages } from "./deliveries.ts";
import { removeOrphans } from "./orphans.ts";
import { forgetReferences } from "./references.ts";
import { query } from "./schema.ts";
import { removeParts, WholeTurn, wholeColumns } from "./stale-turns.ts";
import { pruneSpendings } from "./usage.ts";
import { getValue, setValue } from "./values.ts";

/** Rows a step looks at: it holds the file for a few milliseconds. */
const STEP = 500;

const withBody = query<{ after: number }>()("turns", WholeTurn, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select([...wholeColumns])
    .where("id", ">", value("after"))
    .where("body", "is not", null)
    .orderBy("id")
    .limit(sql.lit(STEP)),
);
const withTrace = query<{ after: number }>()("turns", WholeTurn, ({ db, value }) =>
  db
    .selectFrom("turns")
    .select([...wholeColumns])
    .where("id", ">", value("after"))
    .where("trace", "is not", null)
    .orderBy("id")
    .limit(sql.lit(STEP)),
);
const firstDeliveries = query()("deliveries", DeliveryRow, ({ db }) =>
  db
    .selectFrom("deliveries")
    .select([...deliveryColumns])
    .orderBy("id")
    .limit(sql.lit(STEP)),
);
const endedBefore = query<{ before: string }>()("conversations", z.unknown(), ({ db, value }) =>
  db
    .deleteFrom("conversations")
    // It may have been opened, and ended again, since it was found.
    .where("open", "=", sql.lit(0))
    .where("last_event_at", "<", value("before"))
    .where("id", "in", (ids) =>
      ids
        .selectFrom("conversations")
        .select("id")
        .where("open", "=", sql.lit(0))
        .where("last_event_at", "<", value("before"))
        .orderBy("last_event_at")
        .limit(sql.lit(STEP)),
    ),
);
const filesBefore = query<{ before: string }>()("conversation_files", z.unknown(), ({ db, value }) =>
  db.deleteFrom("conversation_files").where("at", "<", value("before")),
);
const codesBefore = query<{ before: string }>()("link_codes", z.unknown(), ({ db, value }) =>
  db.deleteFrom("link_codes").where("expires_at", "<", value("before")),
);

/** Makes the job of one store. */
export function createPruning(database: Database, sealing: Sealing): Store["prune"] {
  return async (policy, now) => {
    const before = (kind: RetentionClass) => expiryOf(policy, kind, now);
    const isoBefore = (kind: RetentionClass) => new Date(before(kind)).toISOString();
    const limits = { history: before("history"), traces: before("traces") };
    const gone: Record<keyof Gone, number> = { history: 0, traces: 0, deliveries: 0 };
    const repeat = async (step: () => Work<Gone>): Promise<void> => {
      for (let isOver = false; !isOver;) {
        const counts = await sealing.reading(async () => await database.write(step, { lock: "retention" }));
        for (const kind of ["history", "traces", "deliveries"] as const) gone[kind] += counts[kind] ?? 0;
        isOver = Object.values(counts).every((count) => count === 0);
      }
    };
    await repeat(() => pruneTurns("history", limits, sealing));
    await repeat(() => pruneTurns("traces", limits, sealing));
    await repeat(() => pruneDeliveries(before("deliveries")));
    await repeat(() => pruneEnded(isoBefore("history")));
    const spool = await database.change(filesBefore, { before: isoBefore("spool") });
    await database.change(codesBefore, { before: new Date(now).toISOString() });
    for (let isOver = false; !isOver;) {
      isOver = await database.write(() => pruneSpendings(now), { lock: "retention" });
    }
    gone.history += await removeOrphans(database, STEP);
    return { ...gone, spool };
  };
}

/** What a step deleted; one that finds nothing more is the last. */
type Gone = { readonly [Kind in "history" | "traces" | "deliveries"]?: number };

const OWNER = "store";
const Position = z.number().catch(0);

interface Limits {
  readonly history: number;
  readonly traces: number;
}

function* pruneTurns(kind: keyof Limits, limits: Limits, sealing: Sealing): Work<Gone> {
  const place = { owner: OWNER, key: `pruned ${kind}` };
  const after = Position.parse(yield* getValue(sealing, place));
  const turns = yield* all(kind === "history" ? withBody : withTrace, { after });
  const isSaidLongAgo = ({ at }: WholeTurn): boolean => at < limits.history;
  // The row may be older than its last trace.
  const isWhyLongAgo = ({ at, trace }: WholeTurn): boolean => (trace?.startedAt ?? at) < limits.traces;
  const isOver = kind === "history" ? isSaidLongAgo : isWhyLongAgo;
  const old = turns.filter(isOver);
  for (const turn of old) yield* removeParts(turn, { body: isSaidLongAgo(turn), trace: isWhyLongAgo(turn) });
  const young = turns.find((turn) => !isOver(turn));
  const reached = young === undefined ? (turns.at(-1)?.id ?? after) : young.id - 1;
  if (reached > after) yield* setValue(sealing, place, reached);
  return {
    history: old.filter((turn) => turn.body !== undefined && isSaidLongAgo(turn)).length,
    traces: old.filter((turn) => turn.trace !== undefined && isWhyLongAgo(turn)).length,
  };
}

function* pruneDeliveries(before: number): Work<Gone> {
  const old = (yield* all(firstDeliveries, {})).filter(({ at }) => Date.parse(at) < before);
  for (const delivery of old) {
    yield* forgetReferences(delivery.eventId, sentMessages(delivery));
    yield* run(removeDelivery, { id: delivery.id });
  }
  return { deliveries: old.length };
}

function* pruneEnded(before: string): Work<Gone> {
  return { history: yield* change(endedBefore, { before }) };
}
