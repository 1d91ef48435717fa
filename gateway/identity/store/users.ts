/** Users, their roles and their passwords' hashes. */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { Database, Work } from "../../../core/store/sql/database.ts";
import { all, change, first, run } from "../../../core/store/sql/work.ts";
import { EVERY_BOT, Role, type RoleGrant } from "../../access/roles.ts";
import { revokeKeysOf } from "./api-keys.ts";
import { removeOpenings } from "./one-use.ts";
import { revokeAllOf } from "./session-queries.ts";
import { Bytes, query } from "./schema.ts";

const User = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  /** Where one-time codes go, sealed. */
  contact: Bytes.optional(),
  /** A hash. */
  password: z.string().optional(),
  passwordAt: z.number().optional(),
  createdAt: z.number(),
  disabledAt: z.number().optional(),
});
export type User = z.infer<typeof User>;

const GrantRow = z.object({ bot: z.string(), role: Role });

/** Who gave a role, and when. */
export interface Granting {
  readonly by: string;
  readonly at: number;
}

export interface Users {
  /** Throws `identity/login-taken`. */
  readonly create: (user: User, grants: readonly RoleGrant[], granting: Granting) => Promise<void>;
  /** Makes the first owner where there is none and the link was not used; both or nothing. */
  readonly createFirstOwner: (user: User, link: { readonly hash: string; readonly now: number }) => Promise<boolean>;
  readonly hasOwner: () => Promise<boolean>;
  readonly find: (id: string) => Promise<User | undefined>;
  readonly byLogin: (login: string) => Promise<User | undefined>;
  /** The oldest first; `after` is the id of the last one of the page before. */
  readonly list: (options: { readonly limit: number; readonly after?: string }) => Promise<readonly User[]>;
  readonly grants: (id: string) => Promise<readonly RoleGrant[]>;
  readonly grant: (id: string, grant: RoleGrant, granting: Granting) => Promise<void>;
  /** False where it was not there. Throws `identity/last-owner`. */
  readonly ungrant: (id: string, grant: RoleGrant) => Promise<boolean>;
  /** Sets another hash; ends all sessions, links and logins that wait for their second factor, and keys where that is asked. */
  readonly setPassword: (
    id: string,
    password: string,
    options: { readonly now: number; readonly endsKeys: boolean },
  ) => Promise<void>;
  /** Sets another hash of the same password, unless somebody changed it meanwhile. */
  readonly renewPassword: (id: string, hashes: { readonly old: string; readonly renewed: string }) => Promise<boolean>;
  readonly rename: (id: string, name: string) => Promise<void>;
  /** Some of those who have one, sealed. */
  readonly contacts: (limit: number) => Promise<readonly { readonly id: string; readonly contact: Uint8Array }[]>;
  readonly setContact: (id: string, contact: Uint8Array | undefined) => Promise<void>;
  /** Ends the same, keys too. Throws `identity/last-owner`. */
  readonly disable: (id: string, now: number) => Promise<void>;
  readonly enable: (id: string) => Promise<void>;
  /** With everything that is the user's. False where there was none. Throws `identity/last-owner`. */
  readonly remove: (id: string) => Promise<boolean>;
}

const NewUser = query<{
  id: string;
  login: string;
  name: string;
  contact: Uint8Array | null;
  password: string | null;
  passwordAt: number | null;
  createdAt: number;
}>();
const insert = NewUser("identity_users", z.unknown(), ({ db, value }) =>
  db
    .insertInto("identity_users")
    .values({
      id: value("id"),
      login: value("login"),
      name: value("name"),
      contact: value("contact"),
      password: value("password"),
      passwordAt: value("passwordAt"),
      createdAt: value("createdAt"),
      disabledAt: null,
    })
    .onConflict((conflict) => conflict.column("login").doNothing()),
);
const byId = query<{ id: string }>()("identity_users", User, ({ db, value }) =>
  db.selectFrom("identity_users").selectAll().where("id", "=", value("id")),
);
const byLogin = query<{ login: string }>()("identity_users", User, ({ db, value }) =>
  db.selectFrom("identity_users").selectAll().where("login", "=", value("login")),
);
const page = query<{ after: string; limit: number }>()("identity_users", User, ({ db, value }) =>
  db.selectFrom("identity_users").selectAll().where("id", ">", value("after")).orderBy("id").limit(value("limit")),
);
const setPassword = query<{ id: string; password: string; now: number }>()(
  "identity_users",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_users")
      .set({ password: value("password"), passwordAt: value("now") })
      .where("id", "=", value("id")),
);
const renewPassword = query<{ id: string; old: string; renewed: string }>()(
  "identity_users",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("identity_users")
      .set({ password: value("renewed") })
      .where("id", "=", value("id"))
      .where("password", "=", value("old")),
);
const rename = query<{ id: string; name: string }>()("identity_users", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_users")
    .set({ name: value("name") })
    .where("id", "=", value("id")),
);
const setContact = query<{ id: string; contact: Uint8Array | null }>()("identity_users", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_users")
    .set({ contact: value("contact") })
    .where("id", "=", value("id")),
);
const contacts = query<{ limit: number }>()(
  "identity_users",
  z.object({ id: z.string(), contact: Bytes }),
  ({ db, value }) =>
    db
      .selectFrom("identity_users")
      .select(["id", "contact"])
      .where("contact", "is not", null)
      .orderBy("id")
      .limit(value("limit")),
);
const setDisabled = query<{ id: string; at: number | null }>()("identity_users", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identity_users")
    .set({ disabledAt: value("at") })
    .where("id", "=", value("id")),
);
const remove = query<{ id: string }>()("identity_users", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_users").where("id", "=", value("id")),
);
const insertGrant = query<{ id: string; bot: string; role: Role; by: string; at: number }>()(
  "identity_roles",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("identity_roles")
      .values({
        userId: value("id"),
        bot: value("bot"),
        role: value("role"),
        grantedBy: value("by"),
        grantedAt: value("at"),
      })
      .onConflict((conflict) => conflict.doNothing()),
);
const removeGrant = query<{ id: string; bot: string; role: Role }>()("identity_roles", z.unknown(), ({ db, value }) =>
  db
    .deleteFrom("identity_roles")
    .where("userId", "=", value("id"))
    .where("bot", "=", value("bot"))
    .where("role", "=", value("role")),
);
const grantsOf = query<{ id: string }>()("identity_roles", GrantRow, ({ db, value }) =>
  db
    .selectFrom("identity_roles")
    .select(["bot", "role"])
    .where("userId", "=", value("id"))
    .orderBy("bot")
    .orderBy("role"),
);
/** Who can put everything right again. */
const owners = query()("identity_roles", z.object({ id: z.string() }), ({ db }) =>
  db
    .selectFrom("identity_roles")
    .innerJoin("identity_users", "identity_users.id", "identity_roles.userId")
    .select("identity_users.id")
    .where("identity_roles.role", "=", "owner")
    .where("identity_roles.bot", "=", EVERY_BOT)
    .where("identity_users.disabledAt", "is", null),
);
const useOwnerLink = query<{ hash: string; now: number }>()("identity_one_use", z.unknown(), ({ db, value }) =>
  db
    .deleteFrom("identity_one_use")
    .where("hash", "=", value("hash"))
    .where("purpose", "=", "first-owner")
    .where("expiresAt", ">", value("now")),
);

/** Whoever makes or unmakes owners takes turns: it reads who else is one. */
const OWNERS = { lock: "identity:owners" } as const;

/** The users of an installation. */
export function createUsers(database: Database): Users {
  return {
    create: async (user, grants, granting) =>
      await database.write(() => createUser(user, grants, granting), { lock: [] }),
    createFirstOwner: async (user, { hash, now }) =>
      await database.write(function* () {
        if ((yield* first(owners, {})) !== undefined) return false;
        if ((yield* change(useOwnerLink, { hash, now })) === 0) return false;
        yield* createUser(user, [{ bot: EVERY_BOT, role: "owner" }], { by: "first-owner", at: now });
        return true;
      }, OWNERS),
    hasOwner: async () => (await database.first(owners, {})) !== undefined,
    find: async (id) => await database.first(byId, { id }),
    byLogin: async (login) => await database.first(byLogin, { login }),
    list: async ({ limit, after = "" }) => await database.all(page, { limit, after }),
    grants: async (id) => await database.all(grantsOf, { id }),
    grant: async (id, grant, granting) => void (await database.change(insertGrant, { id, ...grant, ...granting })),
    ungrant: async (id, grant) =>
      await database.write(function* () {
        if (grant.role === "owner" && grant.bot === EVERY_BOT) yield* keepAnOwner(id);
        return (yield* change(removeGrant, { id, ...grant })) > 0;
      }, OWNERS),
    setPassword: async (id, password, { now, endsKeys }) =>
      await database.write(
        function* () {
          yield* run(setPassword, { id, password, now });
          yield* endLogins(id, { now, reason: "password" });
          if (endsKeys) yield* run(revokeKeysOf, { userId: id, now });
        },
        { lock: [] },
      ),
    renewPassword: async (id, { old, renewed }) => (await database.change(renewPassword, { id, old, renewed })) > 0,
    rename: async (id, name) => void (await database.change(rename, { id, name })),
    contacts: async (limit) => await database.all(contacts, { limit }),
    setContact: async (id, contact) => void (await database.change(setContact, { id, contact: contact ?? null })),
    disable: async (id, now) =>
      await database.write(function* () {
        yield* keepAnOwner(id);
        yield* run(setDisabled, { id, at: now });
        yield* endLogins(id, { now, reason: "disabled" });
        yield* run(revokeKeysOf, { userId: id, now });
      }, OWNERS),
    enable: async (id) => void (await database.change(setDisabled, { id, at: null })),
    remove: async (id) =>
      await database.write(function* () {
        yield* keepAnOwner(id);
        return (yield* change(remove, { id })) > 0;
      }, OWNERS),
  };
}

function* createUser(user: User, grants: readonly RoleGrant[], { by, at }: Granting): Work<void> {
  const { contact = null, password = null, passwordAt = null, id, login, name, createdAt } = user;
  const made = yield* change(insert, { id, login, name, createdAt, contact, password, passwordAt });
  if (made === 0)
    throw new ParleyError("identity/login-taken", `There is a user "${login}" already. Choose another login.`, {
      status: 409,
    });
  for (const { bot, role } of grants) yield* run(insertGrant, { id, bot, role, by, at });
}

/** Sessions, and what would open one. */
function* endLogins(userId: string, end: { readonly now: number; readonly reason: string }): Work<void> {
  yield* run(revokeAllOf, { userId, ...end });
  yield* run(removeOpenings, { userId });
}

/** Throws where nobody but this user is an owner of everything. */
function* keepAnOwner(id: string): Work<void> {
  const found = yield* all(owners, {});
  if (!found.some((owner) => owner.id === id) || found.length > 1) return;
  throw new ParleyError(
    "identity/last-owner",
    "This is the last owner: nobody could manage the others any more. Make somebody else an owner first.",
    { status: 409 },
  );
}
