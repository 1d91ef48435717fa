/** What is out of the ordinary: places that a user was never seen in, and alerts. */
import { sql } from "kysely";
import { z } from "zod";
import { jsonText } from "../../../core/store/rows.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import { first, run } from "../../../core/store/sql/work.ts";
import { query } from "./schema.ts";

export const AlertKind = z.enum(["failed-logins", "token-reuse", "new-place"]);
export type AlertKind = z.infer<typeof AlertKind>;

const Alert = z.object({
  id: z.string(),
  at: z.number(),
  kind: AlertKind,
  userId: z.string().optional(),
  /** Ids, counts and codes: never an address or a name. */
  detail: jsonText(z.record(z.string(), z.union([z.string(), z.number()]))),
});
export type Alert = z.infer<typeof Alert>;

export interface Anomalies {
  /** Notes that a user was seen somewhere; `place` is a hash. */
  readonly notePlace: (userId: string, place: string, now: number) => Promise<"first" | "known" | "new">;
  readonly isKnownPlace: (userId: string, place: string) => Promise<boolean>;
  readonly addAlert: (alert: Alert) => Promise<void>;
  /** The newest first; `before` is the last one of the page before. */
  readonly alerts: (options: {
    readonly limit: number;
    readonly before?: Pick<Alert, "at" | "id">;
  }) => Promise<readonly Alert[]>;
}

const PlaceCount = z.object({ places: z.number(), same: z.number() });
const countPlaces = query<{ userId: string; place: string }>()("identity_places", PlaceCount, ({ db, value }) =>
  db
    .selectFrom("identity_places")
    .select(({ fn }) => [
      fn.countAll<number>().as("places"),
      sql<number>`count(CASE WHEN place = ${value("place")} THEN 1 END)`.as("same"),
    ])
    .where("userId", "=", value("userId")),
);
const savePlace = query<{ userId: string; place: string; now: number }>()(
  "identity_places",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("identity_places")
      .values({ userId: value("userId"), place: value("place"), firstSeenAt: value("now"), lastSeenAt: value("now") })
      .onConflict((conflict) =>
        conflict.columns(["userId", "place"]).doUpdateSet((row) => ({ lastSeenAt: row.ref("excluded.lastSeenAt") })),
      ),
);
const addAlert = query<{ id: string; at: number; kind: string; userId: string | null; detail: string }>()(
  "identity_alerts",
  z.unknown(),
  ({ db, value }) =>
    db.insertInto("identity_alerts").values({
      id: value("id"),
      at: value("at"),
      kind: value("kind"),
      userId: value("userId"),
      detail: value("detail"),
    }),
);
const alerts = query<{ at: number; id: string; limit: number }>()("identity_alerts", Alert, ({ db, value }) =>
  db
    .selectFrom("identity_alerts")
    .selectAll()
    .where(sql<boolean>`(at, id) < (${value("at")}, ${value("id")})`)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(value("limit")),
);

/** The anomalies of an installation. */
export function createAnomalies(database: Database): Anomalies {
  return {
    notePlace: async (userId, place, now) =>
      await database.write(
        function* () {
          const { places, same } = (yield* first(countPlaces, { userId, place })) ?? { places: 0, same: 0 };
          yield* run(savePlace, { userId, place, now });
          if (same > 0) return "known";
          return places === 0 ? "first" : "new";
        },
        { lock: `identity:places:${userId}` },
      ),
    isKnownPlace: async (userId, place) => ((await database.first(countPlaces, { userId, place }))?.same ?? 0) > 0,
    addAlert: async ({ id, at, kind, userId, detail }) =>
      void (await database.change(addAlert, { id, at, kind, userId: userId ?? null, detail: JSON.stringify(detail) })),
    alerts: async ({ limit, before: { at, id } = { at: Number.MAX_SAFE_INTEGER, id: "" } }) =>
      await database.all(alerts, { at, id, limit }),
  };
}
