import { type Expression, sql } from "kysely";
import { z } from "zod";
import { AccountId, accountOf, ConversationId } from "../../conversation-id.ts";
import type { Database, Work } from "../sql/database.ts";
import { run } from "../sql/work.ts";
import { jsonText } from "../rows.ts";
import type { Deliveries, DeliveryRecord } from "../store.ts";
import { refer } from "./references.ts";
import { query } from "./schema.ts";

const Outcome = z.enum(["delivered", "partial", "failed", "unknown"]);

const Body = z.object({
  /** Receipts: part, message id, ms from `at` back to when it was sent. */
  r: z.array(z.tuple([z.number().int().nonnegative(), z.string(), z.number()])).default([]),
  /** Parts. */
  n: z.number().int().default(1),
  /** Plain. */
  p: z.literal(1).exactOptional(),
  /** Degraded: feature, shown as. */
  d: z.array(z.tuple([z.string(), z.string()])).default([]),
  /** The detail. */
  t: z.string().exactOptional(),
  /** The account where it is not the conversation's. */
  a: AccountId.exactOptional(),
});

/** A delivery's columns, read. */
export const DeliveryRow = z
  .object({ id: z.string(), conversation: ConversationId, outcome: Outcome, at: z.number(), body: jsonText(Body) })
  .transform(fromStored);

export const deliveryColumns = [
  "deliveries.id",
  "deliveries.conversation",
  "deliveries.outcome",
  "deliveries.at",
  "deliveries.body",
] as const;

/** The deliveries of an event: their ids are its own with a suffix. `/` follows the dot in every order of bytes. */
export const isOfEvent = (event: Expression<string>) =>
  sql<boolean>`deliveries.id >= ${event} || '.' AND deliveries.id < ${event} || '/'`;

// A later record of the same entry replaces it: an unknown send may turn out delivered.
const save = query<{ id: string; conversation: string; outcome: string; at: number; body: string }>()(
  "deliveries",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("deliveries")
      .values({
        id: value("id"),
        conversation: value("conversation"),
        outcome: value("outcome"),
        at: value("at"),
        body: value("body"),
      })
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet(({ ref }) => ({
          outcome: ref("excluded.outcome"),
          at: ref("excluded.at"),
          body: ref("excluded.body"),
        })),
      ),
);
const forEvent = query<{ eventId: string }>()("deliveries", DeliveryRow, ({ db, value }) =>
  db
    .selectFrom("deliveries")
    .select([...deliveryColumns])
    .where(isOfEvent(sql`CAST(${value("eventId")} AS TEXT)`)),
);
const referredTo = query<{ message: string }>()("deliveries", DeliveryRow, ({ db, value }) =>
  db
    .selectFrom("message_references")
    .innerJoin("deliveries", (join) => join.on(isOfEvent(sql.ref("message_references.event"))))
    .select([...deliveryColumns])
    .where("message_references.message", "=", value("message"))
    .orderBy("message_references.event", "desc")
    .limit(sql.lit(100)),
);
// Named one by one, and as the index of those in trouble says it, so that the engines see that it serves.
const inTrouble = query<{ limit: number }>()("deliveries", DeliveryRow, ({ db, value }) =>
  db
    .selectFrom("deliveries")
    .select([...deliveryColumns])
    .where(
      "outcome",
      "in",
      Outcome.exclude(["delivered"]).options.map((outcome) => sql.lit(outcome)),
    )
    .where("outcome", "<>", sql.lit("delivered"))
    .orderBy("at", "desc")
    .limit(value("limit")),
);

export const removeDelivery = query<{ id: string }>()("deliveries", z.unknown(), ({ db, value }) =>
  db.deleteFrom("deliveries").where("id", "=", value("id")),
);

/** What became of replies. */
export function createDeliveries(database: Database): Deliveries {
  return {
    save: async (record) => {
      if (!record.id.startsWith(`${record.eventId}.`)) {
        throw new TypeError(`The delivery ${record.id} does not begin with its event's id, ${record.eventId}.`);
      }
      await database.write(() => saveDelivery(record), { lock: [], isRepeatable: true });
    },
    forEvent: async (eventId) =>
      (await database.all(forEvent, { eventId })).filter((record) => record.eventId === eventId).toSorted(byIndex),
    byMessageId: async (messageId) =>
      (await database.all(referredTo, { message: messageId }))
        .filter(({ receipts }) => receipts.some((receipt) => receipt.messageId === messageId))
        .toSorted((left, right) => (left.at < right.at ? 1 : -1)),
    inTrouble: async (limit) => await database.all(inTrouble, { limit }),
  };
}

function* saveDelivery(record: DeliveryRecord): Work<void> {
  yield* run(save, toStored(record));
  yield* refer(record.eventId, sentMessages(record));
}

/** The messages of the platform that the delivery made. */
export function sentMessages({ receipts }: DeliveryRecord): Set<string> {
  return new Set(receipts.map(({ messageId }) => messageId));
}

/** `event.9` before `event.10`. */
function byIndex(left: DeliveryRecord, right: DeliveryRecord): number {
  return left.id.length - right.id.length || (left.id < right.id ? -1 : 1);
}

function toStored({
  id,
  conversation,
  account,
  outcome,
  receipts,
  parts,
  plain,
  degraded,
  detail,
  at,
}: DeliveryRecord) {
  const time = Date.parse(at);
  const body: z.input<typeof Body> = {
    ...(receipts.length === 0
      ? {}
      : { r: receipts.map((receipt) => [receipt.part, receipt.messageId, time - Date.parse(receipt.at)]) }),
    ...(parts === 1 ? {} : { n: parts }),
    ...(plain ? { p: 1 } : {}),
    ...(degraded.length === 0 ? {} : { d: degraded.map(({ feature, shownAs }) => [feature, shownAs]) }),
    ...(detail === undefined ? {} : { t: detail }),
    ...(conversation.startsWith(`${account}:`) ? {} : { a: account }),
  };
  return { id, conversation, outcome, at: time, body: JSON.stringify(body) };
}

function fromStored(row: {
  readonly id: string;
  readonly conversation: ConversationId;
  readonly outcome: DeliveryRecord["outcome"];
  readonly at: number;
  readonly body: z.infer<typeof Body>;
}): DeliveryRecord {
  const { id, conversation, outcome, at } = row;
  const { r, n, p, d, t, a } = row.body;
  return {
    id,
    conversation,
    account: a ?? accountOf(conversation),
    eventId: id.slice(0, id.lastIndexOf(".")),
    outcome,
    receipts: r.map(([part, messageId, before]) => ({ part, messageId, at: new Date(at - before).toISOString() })),
    parts: n,
    plain: p === 1,
    degraded: d.map(([feature, shownAs]) => ({ feature, shownAs })),
    ...(t === undefined ? {} : { detail: t }),
    at: new Date(at).toISOString(),
  };
}
