/** What may be used once and for a while: links, challenges, codes. */
import { sql } from "kysely";
import { z } from "zod";
import type { Database } from "../../../core/store/sql/database.ts";
import { last, run } from "../../../core/store/sql/work.ts";
import { Bytes, query } from "./schema.ts";

/** What it is for; one for another purpose is none. */
export type OneUsePurpose =
  | "first-owner"
  | "password-link"
  | "second-factor"
  | "login-code"
  | "contact-code"
  | "passkey-registration"
  | "passkey-login"
  | "openid-login";

export interface NewOneUse {
  readonly hash: string;
  readonly purpose: OneUsePurpose;
  readonly userId?: string;
  /** Sealed. */
  readonly payload?: Uint8Array;
  /** How often a guess at what belongs to it may be checked. @default 1 */
  readonly attempts?: number;
  readonly now: number;
  readonly expiresAt: number;
}

const Found = z.object({ userId: z.string().optional(), payload: Bytes.optional() });
export type OneUseFound = z.infer<typeof Found>;

/** Which one, and when it is used. */
export interface OneUseKey {
  readonly hash: string;
  readonly purpose: OneUsePurpose;
  readonly now: number;
}

export interface OneUses {
  readonly create: (one: NewOneUse) => Promise<void>;
  /** Creates it in the place of all others of the user, or of nobody, for the same purpose. */
  readonly replace: (one: NewOneUse) => Promise<void>;
  /** Uses it up: of any number of calls, one gets it. */
  readonly take: (key: OneUseKey) => Promise<OneUseFound | undefined>;
  /** Counts a guess and gives what it is to be compared with; undefined where there is none or no guess is left. */
  readonly attempt: (key: OneUseKey) => Promise<OneUseFound | undefined>;
  /** Whether it could be used still; uses nothing up. */
  readonly stands: (key: OneUseKey) => Promise<boolean>;
}

const insert = query<{
  hash: string;
  purpose: string;
  userId: string | null;
  payload: Uint8Array | null;
  attempts: number;
  now: number;
  expiresAt: number;
}>()("identity_one_use", z.unknown(), ({ db, value }) =>
  db.insertInto("identity_one_use").values({
    hash: value("hash"),
    purpose: value("purpose"),
    userId: value("userId"),
    payload: value("payload"),
    attemptsLeft: value("attempts"),
    createdAt: value("now"),
    expiresAt: value("expiresAt"),
  }),
);
const take = query<{ hash: string; purpose: string; now: number }>()("identity_one_use", Found, ({ db, value }) =>
  db
    .deleteFrom("identity_one_use")
    .where("hash", "=", value("hash"))
    .where("purpose", "=", value("purpose"))
    .where("expiresAt", ">", value("now"))
    .returning(["userId", "payload"]),
);
const attempt = query<{ hash: string; purpose: string; now: number }>()("identity_one_use", Found, ({ db, value }) =>
  db
    .updateTable("identity_one_use")
    .set({ attemptsLeft: sql<number>`"attemptsLeft" - 1` })
    .where("hash", "=", value("hash"))
    .where("purpose", "=", value("purpose"))
    .where("attemptsLeft", ">", 0)
    .where("expiresAt", ">", value("now"))
    .returning(["userId", "payload"]),
);
const standing = query<{ hash: string; purpose: string; now: number }>()("identity_one_use", Found, ({ db, value }) =>
  db
    .selectFrom("identity_one_use")
    .select(["userId", "payload"])
    .where("hash", "=", value("hash"))
    .where("purpose", "=", value("purpose"))
    .where("attemptsLeft", ">", 0)
    .where("expiresAt", ">", value("now")),
);
const removeOfUser = query<{ userId: string; purpose: string }>()("identity_one_use", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_one_use").where("userId", "=", value("userId")).where("purpose", "=", value("purpose")),
);
const removeOfNobody = query<{ purpose: string }>()("identity_one_use", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_one_use").where("userId", "is", null).where("purpose", "=", value("purpose")),
);
/** What would let somebody in still: links to another password, and logins that wait for their second factor. */
export const removeOpenings = query<{ userId: string }>()("identity_one_use", z.unknown(), ({ db, value }) =>
  db
    .deleteFrom("identity_one_use")
    .where("userId", "=", value("userId"))
    .where("purpose", "in", ["password-link", "second-factor"]),
);

/** The links, challenges and codes of an installation. */
export function createOneUses(database: Database): OneUses {
  return {
    create: async (one) => void (await database.change(insert, rowOf(one))),
    replace: async (one) =>
      await database.write(
        function* () {
          const { userId, purpose } = one;
          if (userId === undefined) yield* run(removeOfNobody, { purpose });
          else yield* run(removeOfUser, { userId, purpose });
          yield* run(insert, rowOf(one));
        },
        { lock: `identity:one-use:${one.purpose}:${one.userId ?? ""}` },
      ),
    take: async (key) => await database.write(() => last(take, { ...key }), { lock: [] }),
    attempt: async (key) => await database.write(() => last(attempt, { ...key }), { lock: [] }),
    stands: async (key) => (await database.first(standing, { ...key })) !== undefined,
  };
}

function rowOf({ hash, purpose, userId, payload, attempts, now, expiresAt }: NewOneUse) {
  return { hash, purpose, userId: userId ?? null, payload: payload ?? null, attempts: attempts ?? 1, now, expiresAt };
}
