/** How identities come together under one person and part again. */
import { sql } from "kysely";
import { z } from "zod";
import type { AccountId } from "../../conversation-id.ts";
import type { Sealing } from "../../privacy/sealing/index.ts";
import { personId } from "../person-id.ts";
import type { Work } from "../sql/database.ts";
import { all, last, run } from "../sql/work.ts";
import { currentPerson, moveFacts, personOfHome } from "./joined-facts.ts";
import { query } from "./schema.ts";

/** Who links or parts takes turns: it reads of several people and changes all of them. */
export const PEOPLE_LOCK = { lock: "people" } as const;

const add = query<{ account: string; userId: string; home: string }>()("identities", z.unknown(), ({ db, value }) =>
  db
    .insertInto("identities")
    .values({ account: value("account"), user_id: value("userId"), home: value("home"), person: value("home") })
    .onConflict((conflict) => conflict.doNothing()),
);
const joinAll = query<{ person: string; target: string }>()("identities", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identities")
    .set({
      person: value("target"),
      linked_order: sql`linked_order + 1
        + (SELECT max(others.linked_order) FROM identities AS others WHERE others.person = ${value("target")})`,
    })
    .where("person", "=", value("person")),
);
const homesOf = query<{ person: string }>()("identities", z.object({ home: z.string() }), ({ db, value }) =>
  db.selectFrom("identities").select("home").where("person", "=", value("person")).orderBy("linked_order"),
);
const setPerson = query<{ home: string; person: string }>()("identities", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identities")
    .set({ person: value("person") })
    .where("home", "=", value("home")),
);
const settle = query<{ home: string }>()("identities", z.unknown(), ({ db, value }) =>
  db
    .updateTable("identities")
    .set(({ ref }) => ({ person: ref("home"), linked_order: 0 }))
    .where("home", "=", value("home")),
);
export const removeCode = query<{ person: string }>()("link_codes", z.unknown(), ({ db, value }) =>
  db.deleteFrom("link_codes").where("person", "=", value("person")),
);

/** The person of a platform user; a new one keeps its own. */
export function* ensurePerson(account: AccountId, userId: string): Work<string> {
  const home = personId(account, userId);
  yield* run(add, { account, userId, home });
  return yield* currentPerson(home);
}

/** The same as the whole of a transaction, in which each statement is right whatever others link or part meanwhile. */
export function* meetPerson(account: AccountId, userId: string): Work<string> {
  const home = personId(account, userId);
  yield* run(add, { account, userId, home });
  return (yield* last(personOfHome, { home }))?.person ?? home;
}

/** Puts all identities of one person under another, which keeps its id. */
export function* joinPeople(sealing: Sealing, person: string, target: string): Work<void> {
  yield* run(joinAll, { person, target });
  yield* moveFacts(sealing, { owner: person, part: "joint" }, { owner: target, part: "joint" });
}

/** Gives an identity its own person back; false when it is linked to none. */
export function* leavePerson(sealing: Sealing, account: AccountId, userId: string): Work<boolean> {
  const home = personId(account, userId);
  const person = yield* currentPerson(home);
  const staying = (yield* all(homesOf, { person })).map((row) => row.home).filter((other) => other !== home);
  const [eldest] = staying;
  if (eldest === undefined) return false;
  // The leaver takes its own id with it; those who stay under it need another.
  const next = person === home ? eldest : person;
  for (const other of staying) yield* run(setPerson, { home: other, person: next });
  yield* run(settle, { home });
  const place =
    staying.length > 1 ? ({ owner: next, part: "joint" } as const) : ({ owner: eldest, part: "own" } as const);
  yield* moveFacts(sealing, { owner: person, part: "joint" }, place);
  for (const whose of [person, next]) yield* run(removeCode, { person: whose });
  return true;
}
