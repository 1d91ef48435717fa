/** The queries on sessions and their refresh tokens. */
import { z } from "zod";
import { Role } from "../../access/roles.ts";
import { query } from "./schema.ts";

export const Session = z.object({
  id: z.string(),
  userId: z.string(),
  place: z.string(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
  expiresAt: z.number(),
  revokedAt: z.number().optional(),
  revokedFor: z.string().optional(),
});
export type Session = z.infer<typeof Session>;

export interface RefreshToken {
  readonly hash: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export const insertSession = query<{
  id: string;
  userId: string;
  place: string;
  now: number;
  expiresAt: number;
}>()("identity_sessions", z.unknown(), ({ db, value }) =>
  db.insertInto("identity_sessions").values({
    id: value("id"),
    userId: value("userId"),
    place: value("place"),
    createdAt: value("now"),
    lastUsedAt: value("now"),
    expiresAt: value("expiresAt"),
    revokedAt: null,
    revokedFor: null,
  }),
);
export const insertToken = query<{ hash: string; sessionId: string; issuedAt: number; expiresAt: number }>()(
  "identity_refresh_tokens",
  z.unknown(),
  ({ db, value }) =>
    db.insertInto("identity_refresh_tokens").values({
      hash: value("hash"),
      sessionId: value("sessionId"),
      issuedAt: value("issuedAt"),
      expiresAt: value("expiresAt"),
      usedAt: null,
    }),
);
/** Uses a token up, once, where its session and user still stand: of any number at once, one gets the row. */
export const spendToken = query<{ hash: string; now: number }>()(
  "identity_refresh_tokens",
  z.object({ sessionId: z.string() }),
  ({ db, value }) =>
    db
      .updateTable("identity_refresh_tokens")
      .set({ usedAt: value("now") })
      .where("hash", "=", value("hash"))
      .where("usedAt", "is", null)
      .where("expiresAt", ">", value("now"))
      .where(
        "sessionId",
        "in",
        db
          .selectFrom("identity_sessions")
          .innerJoin("identity_users", "identity_users.id", "identity_sessions.userId")
          .select("identity_sessions.id")
          .where("identity_sessions.revokedAt", "is", null)
          .where("identity_sessions.expiresAt", ">", value("now"))
          .where("identity_users.disabledAt", "is", null),
      )
      .returning("sessionId"),
);
/** The others that were given out for a lost answer: once one goes on, they are used like the token before them. */
export const retireTokens = query<{ sessionId: string; now: number }>()(
  "identity_refresh_tokens",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_refresh_tokens")
      .set({ usedAt: value("now") })
      .where("sessionId", "=", value("sessionId"))
      .where("usedAt", "is", null),
);
/** When a token of a session was used last, the newest first. */
export const lastUse = query<{ sessionId: string }>()(
  "identity_refresh_tokens",
  z.object({ usedAt: z.number() }),
  ({ db, value }) =>
    db
      .selectFrom("identity_refresh_tokens")
      .select("usedAt")
      .where("sessionId", "=", value("sessionId"))
      .where("usedAt", "is not", null)
      .orderBy("usedAt", "desc")
      .limit(1),
);
export const findToken = query<{ hash: string }>()(
  "identity_refresh_tokens",
  z.object({ sessionId: z.string(), usedAt: z.number().optional() }),
  ({ db, value }) =>
    db.selectFrom("identity_refresh_tokens").select(["sessionId", "usedAt"]).where("hash", "=", value("hash")),
);
export const findSession = query<{ id: string }>()("identity_sessions", Session, ({ db, value }) =>
  db.selectFrom("identity_sessions").selectAll().where("id", "=", value("id")),
);
/** A row for each role of the user of a session that stands; one without a role where there is none. */
export const standing = query<{ id: string; now: number }>()(
  "identity_sessions",
  z.object({ userId: z.string(), bot: z.string().optional(), role: Role.optional() }),
  ({ db, value }) =>
    db
      .selectFrom("identity_sessions")
      .innerJoin("identity_users", "identity_users.id", "identity_sessions.userId")
      .leftJoin("identity_roles", "identity_roles.userId", "identity_users.id")
      .select(["identity_users.id as userId", "identity_roles.bot", "identity_roles.role"])
      .where("identity_sessions.id", "=", value("id"))
      .where("identity_sessions.revokedAt", "is", null)
      .where("identity_sessions.expiresAt", ">", value("now"))
      .where("identity_users.disabledAt", "is", null),
);
export const touchSession = query<{ id: string; place: string; now: number }>()(
  "identity_sessions",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_sessions")
      .set({ lastUsedAt: value("now"), place: value("place") })
      .where("id", "=", value("id")),
);
/** Whether its use was noted no later than that. */
export const isUsedBefore = query<{ id: string; before: number }>()(
  "identity_sessions",
  z.object({ id: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("identity_sessions")
      .select("id")
      .where("id", "=", value("id"))
      .where("lastUsedAt", "<=", value("before")),
);
export const noteUse = query<{ id: string; now: number }>()("identity_sessions", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_sessions")
    .set({ lastUsedAt: value("now") })
    .where("id", "=", value("id"))
    .where("lastUsedAt", "<", value("now")),
);
export const listOf = query<{ userId: string; now: number }>()("identity_sessions", Session, ({ db, value }) =>
  db
    .selectFrom("identity_sessions")
    .selectAll()
    .where("userId", "=", value("userId"))
    .where("revokedAt", "is", null)
    .where("expiresAt", ">", value("now"))
    .orderBy("lastUsedAt", "desc")
    .orderBy("id"),
);
export const revokeOne = query<{ id: string; now: number; reason: string }>()(
  "identity_sessions",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_sessions")
      .set({ revokedAt: value("now"), revokedFor: value("reason") })
      .where("id", "=", value("id"))
      .where("revokedAt", "is", null),
);
export const revokeAllOf = query<{ userId: string; now: number; reason: string }>()(
  "identity_sessions",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_sessions")
      .set({ revokedAt: value("now"), revokedFor: value("reason") })
      .where("userId", "=", value("userId"))
      .where("revokedAt", "is", null),
);
