import { sql } from "kysely";
import { z } from "zod";
import { AccountId } from "../../conversation-id.ts";
import type { Sealing } from "../../privacy/sealing/index.ts";
import type { Database, Work } from "../sql/database.ts";
import { first, run } from "../sql/work.ts";
import type { People } from "../store.ts";
import { currentPerson } from "./joined-facts.ts";
import { codePrefix, hashCode, matchesCode } from "./link-code-hash.ts";
import { ensurePerson, joinPeople, leavePerson, meetPerson, PEOPLE_LOCK, removeCode } from "./people-links.ts";
import { CODE_HASH, CODE_PREFIX, query } from "./schema.ts";

const MAX_WRONG_ATTEMPTS = 5;

const Code = z.object({ person: z.string(), salt: z.string(), hash: z.string(), expiresAt: z.string() });

const find = query<{ account: string; userId: string }>()(
  "identities",
  z.object({ person: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("identities")
      .select("person")
      .where("account", "=", value("account"))
      .where("user_id", "=", value("userId")),
);
const identities = query<{ person: string }>()(
  "identities",
  z.object({ account: AccountId, userId: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("identities")
      .select(["account", "user_id as userId"])
      .where("person", "=", value("person"))
      .orderBy("linked_order"),
);
const setCode = query<{ person: string; prefix: string; salt: string; hash: string; expiresAt: string }>()(
  "link_codes",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("link_codes")
      .values({
        person: value("person"),
        prefix: value("prefix"),
        salt: value("salt"),
        hash: value("hash"),
        expires_at: value("expiresAt"),
        wrong_attempts: 0,
      })
      .onConflict((conflict) =>
        conflict.column("person").doUpdateSet(({ ref }) => ({
          prefix: ref("excluded.prefix"),
          salt: ref("excluded.salt"),
          hash: ref("excluded.hash"),
          expires_at: ref("excluded.expires_at"),
          wrong_attempts: 0,
        })),
      ),
);
const withPrefix = query<{ prefix: string }>()("link_codes", Code, ({ db, value }) =>
  db
    .selectFrom("link_codes")
    .select(["person", "salt", "hash", "expires_at as expiresAt"])
    .where("prefix", "=", value("prefix"))
    .limit(sql.lit(10)),
);
const standing = query<{ person: string; salt: string }>()(
  "link_codes",
  z.object({ person: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("link_codes")
      .select("person")
      .where("person", "=", value("person"))
      .where("salt", "=", value("salt")),
);
const countWrong = query<{ prefix: string }>()("link_codes", z.unknown(), ({ db, value }) =>
  db
    .updateTable("link_codes")
    .set(({ eb }) => ({ wrong_attempts: eb("wrong_attempts", "+", 1) }))
    .where("prefix", "=", value("prefix")),
);
const removeSpent = query<{ prefix: string }>()("link_codes", z.unknown(), ({ db, value }) =>
  db.deleteFrom("link_codes").where("prefix", "=", value("prefix")).where("wrong_attempts", ">=", MAX_WRONG_ATTEMPTS),
);
const revoke = query<{ person: string; salt: string }>()("link_codes", z.unknown(), ({ db, value }) =>
  db.deleteFrom("link_codes").where("person", "=", value("person")).where("salt", "=", value("salt")),
);

type FoundCode = z.infer<typeof Code>;

/** People and their linked platforms. */
export function createPeople(database: Database, sealing: Sealing): People {
  const digestOf = (code: string): string => sealing.digest(CODE_PREFIX, codePrefix(code));
  const findCode = async (code: string): Promise<FoundCode | undefined> =>
    await sealing.reading(async () => {
      const found = await database.all(withPrefix, { prefix: digestOf(code) });
      const candidates = found.map((one) => ({ ...one, hash: sealing.open(CODE_HASH, one, one.hash) }));
      const matches = await Promise.all(candidates.map(async (candidate) => await matchesCode(code, candidate)));
      return candidates.find((_, index) => matches[index]);
    });
  const link = async <Result>(work: () => Work<Result>): Promise<Result> =>
    await sealing.reading(async () => await database.write(work, PEOPLE_LOCK));
  return {
    find: async (account, userId) => (await database.first(find, { account, userId }))?.person,
    personOf: async (account, userId) => {
      const known = await database.first(find, { account, userId });
      if (known !== undefined) return known.person;
      return await database.write(() => meetPerson(account, userId), { lock: [], isRepeatable: true });
    },
    createCode: async (person, code, expiresAt) => {
      const { salt, hash } = await hashCode(code);
      const sealed = sealing.seal(CODE_HASH, { person }, hash);
      await database.change(setCode, { person, prefix: digestOf(code), salt, hash: sealed, expiresAt });
    },
    redeem: async (account, userId, { code, now }) => {
      const match = await findCode(code);
      return await link(() => redeem(sealing, { account, userId, now, match, prefix: digestOf(code) }));
    },
    revokeCode: async (code) => {
      const match = await findCode(code);
      if (match === undefined) return false;
      return (await database.change(revoke, { person: match.person, salt: match.salt })) > 0;
    },
    unlink: async (account, userId) => await link(() => leavePerson(sealing, account, userId)),
    identities: async (person) => await database.all(identities, { person }),
  };
}

interface Redemption {
  readonly account: AccountId;
  readonly userId: string;
  readonly now: string;
  readonly match: FoundCode | undefined;
  readonly prefix: string;
}

function* redeem(
  sealing: Sealing,
  { account, userId, now, match, prefix }: Redemption,
): Work<Awaited<ReturnType<People["redeem"]>>> {
  // Hashing took a while: only a code that still stands, under the same salt, can be used.
  const code = match && (yield* first(standing, { person: match.person, salt: match.salt })) && match;
  if (code === undefined) {
    yield* run(countWrong, { prefix });
    yield* run(removeSpent, { prefix });
    return "unknown";
  }
  if (code.expiresAt <= now) {
    yield* run(removeCode, { person: code.person });
    return "expired";
  }
  const person = yield* ensurePerson(account, userId);
  const target = yield* currentPerson(code.person);
  if (person === target) return "own";
  yield* run(removeCode, { person: code.person });
  yield* joinPeople(sealing, person, target);
  return "linked";
}
