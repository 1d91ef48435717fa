/** API keys: hashed, limited to scopes, for a while. */
import { z } from "zod";
import { jsonText } from "../../../core/store/rows.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import { Permission } from "../../../core/permission.ts";
import { Role, type RoleGrant } from "../../access/roles.ts";
import { query } from "./schema.ts";

const ApiKey = z.object({
  id: z.string(),
  userId: z.string(),
  bot: z.string(),
  name: z.string(),
  scopes: jsonText(z.array(Permission)),
  createdAt: z.number(),
  expiresAt: z.number(),
  lastUsedAt: z.number().optional(),
  revokedAt: z.number().optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** A key that counts, with the roles of its user as they stand now. */
export interface StandingKey {
  readonly key: ApiKey;
  readonly grants: readonly RoleGrant[];
}

export interface ApiKeys {
  readonly create: (key: Omit<ApiKey, "lastUsedAt" | "revokedAt">, hash: string) => Promise<void>;
  /** By the hash of its secret. */
  readonly standing: (hash: string, now: number) => Promise<StandingKey | undefined>;
  /** The same by its id. */
  readonly standingById: (id: string, now: number) => Promise<StandingKey | undefined>;
  /** Notes the use, at most once a minute. */
  readonly touch: (id: string, now: number) => Promise<void>;
  readonly find: (id: string) => Promise<ApiKey | undefined>;
  /** The newest first, those that count no more too; `after` is the last one of the page before. */
  readonly list: (filter: {
    readonly userId?: string | undefined;
    readonly after?: Pick<ApiKey, "id" | "createdAt"> | undefined;
    readonly limit: number;
  }) => Promise<readonly ApiKey[]>;
  readonly revoke: (id: string, now: number) => Promise<boolean>;
  /** Those of a user. */
  readonly revokeAll: (userId: string, now: number) => Promise<void>;
}

const COLUMNS = ["id", "userId", "bot", "name", "scopes", "createdAt", "expiresAt", "lastUsedAt", "revokedAt"] as const;
const USE_NOTED_MS = 60_000;

const insert = query<{
  id: string;
  hash: string;
  userId: string;
  bot: string;
  name: string;
  scopes: string;
  createdAt: number;
  expiresAt: number;
}>()("identity_api_keys", z.unknown(), ({ db, value }) =>
  db.insertInto("identity_api_keys").values({
    id: value("id"),
    hash: value("hash"),
    userId: value("userId"),
    bot: value("bot"),
    name: value("name"),
    scopes: value("scopes"),
    createdAt: value("createdAt"),
    expiresAt: value("expiresAt"),
    lastUsedAt: null,
    revokedAt: null,
  }),
);
const StandingRow = ApiKey.extend({ grantBot: z.string().optional(), role: Role.optional() });
const standingBy = (column: "hash" | "id") =>
  query<{ key: string; now: number }>()("identity_api_keys", StandingRow, ({ db, value }) =>
    db
      .selectFrom("identity_api_keys as key")
      .innerJoin("identity_users as holder", "holder.id", "key.userId")
      .leftJoin("identity_roles as held", "held.userId", "holder.id")
      .select(COLUMNS.map((one) => `key.${one}` as const))
      .select(["held.bot as grantBot", "held.role as role"])
      .where(`key.${column}`, "=", value("key"))
      .where("key.revokedAt", "is", null)
      .where("key.expiresAt", ">", value("now"))
      .where("holder.disabledAt", "is", null),
  );
const standingByHash = standingBy("hash");
const standingById = standingBy("id");
/** Whether its use was noted no later than that, or never. */
const isUsedBefore = query<{ id: string; before: number }>()(
  "identity_api_keys",
  z.object({ id: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("identity_api_keys")
      .select("id")
      .where("id", "=", value("id"))
      .where((use) => use.or([use("lastUsedAt", "is", null), use("lastUsedAt", "<=", value("before"))])),
);
const noteUse = query<{ id: string; now: number }>()("identity_api_keys", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_api_keys")
    .set({ lastUsedAt: value("now") })
    .where("id", "=", value("id"))
    .where((use) => use.or([use("lastUsedAt", "is", null), use("lastUsedAt", "<", value("now"))])),
);
const byId = query<{ id: string }>()("identity_api_keys", ApiKey, ({ db, value }) =>
  db
    .selectFrom("identity_api_keys")
    .select([...COLUMNS])
    .where("id", "=", value("id")),
);
type Page = { at: number; id: string; limit: number };
const newest = query<Page>()("identity_api_keys", ApiKey, ({ db, value }) =>
  db
    .selectFrom("identity_api_keys")
    .select([...COLUMNS])
    .where((on) =>
      on.or([
        on("createdAt", "<", value("at")),
        on.and([on("createdAt", "=", value("at")), on("id", ">", value("id"))]),
      ]),
    )
    .orderBy("createdAt", "desc")
    .orderBy("id")
    .limit(value("limit")),
);
const newestOf = query<Page & { userId: string }>()("identity_api_keys", ApiKey, ({ db, value }) =>
  db
    .selectFrom("identity_api_keys")
    .select([...COLUMNS])
    .where("userId", "=", value("userId"))
    .where((on) =>
      on.or([
        on("createdAt", "<", value("at")),
        on.and([on("createdAt", "=", value("at")), on("id", ">", value("id"))]),
      ]),
    )
    .orderBy("createdAt", "desc")
    .orderBy("id")
    .limit(value("limit")),
);
const revoke = query<{ id: string; now: number }>()("identity_api_keys", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_api_keys")
    .set({ revokedAt: value("now") })
    .where("id", "=", value("id"))
    .where("revokedAt", "is", null),
);
export const revokeKeysOf = query<{ userId: string; now: number }>()(
  "identity_api_keys",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_api_keys")
      .set({ revokedAt: value("now") })
      .where("userId", "=", value("userId"))
      .where("revokedAt", "is", null),
);

/** The API keys of an installation. */
export function createApiKeys(database: Database): ApiKeys {
  return {
    create: async ({ scopes, ...key }, hash) =>
      void (await database.change(insert, { ...key, hash, scopes: JSON.stringify(scopes) })),
    standing: async (hash, now) => standingKey(await database.all(standingByHash, { key: hash, now })),
    standingById: async (id, now) => standingKey(await database.all(standingById, { key: id, now })),
    touch: async (id, now) => {
      // It is asked at every request, and only a write waits for others that write.
      const due = await database.first(isUsedBefore, { id, before: now - USE_NOTED_MS });
      if (due !== undefined) await database.change(noteUse, { id, now });
    },
    find: async (id) => await database.first(byId, { id }),
    list: async ({ userId, after, limit }) => {
      const page = { at: after?.createdAt ?? Number.MAX_SAFE_INTEGER, id: after?.id ?? "", limit };
      return userId === undefined
        ? await database.all(newest, page)
        : await database.all(newestOf, { ...page, userId });
    },
    revoke: async (id, now) => (await database.change(revoke, { id, now })) > 0,
    revokeAll: async (userId, now) => void (await database.change(revokeKeysOf, { userId, now })),
  };
}

/** One row for each role. */
function standingKey(rows: readonly z.infer<typeof StandingRow>[]): StandingKey | undefined {
  const [head] = rows;
  if (head === undefined) return undefined;
  const { grantBot: _bot, role: _role, ...key } = head;
  const grants = rows.flatMap(({ grantBot, role }) =>
    grantBot === undefined || role === undefined ? [] : [{ bot: grantBot, role }],
  );
  return { key, grants };
}
