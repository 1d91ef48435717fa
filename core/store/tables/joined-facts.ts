/**
 * Where the facts of a person with several platforms lie.
 *
 * Each identity keeps the facts it brought (part `own`, under its home person); what is learned while it is linked
 * belongs to all of them (part `joint`, under the shared person). Reading joins them, and an identity that leaves
 * takes exactly what it brought: nothing learned from the others goes with it.
 */
import { type Expression, sql } from "kysely";
import { z } from "zod";
import type { Sealing } from "../../privacy/sealing/index.ts";
import type { Work } from "../sql/database.ts";
import { all, first, run } from "../sql/work.ts";
import { FACT, query } from "./schema.ts";

/** Whether a fact is the person's with the bot. */
export const isPersonsFact = (person: Expression<string>, bot: Expression<string>) => sql<boolean>`
  scope = 'person' AND bot = ${bot} AND (owner = ${person} OR part = 'own') AND owner IN (
    SELECT CAST(${person} AS TEXT) UNION SELECT home FROM identities WHERE person = ${person})`;

export const personOfHome = query<{ home: string }>()("identities", z.object({ person: z.string() }), ({ db, value }) =>
  db.selectFrom("identities").select("person").where("home", "=", value("home")),
);
const Moved = z.object({ bot: z.string(), key: z.string(), value: z.string(), at: z.string() });
const factsAt = query<{ owner: string; part: string }>()("facts", Moved, ({ db, value }) =>
  db
    .selectFrom("facts")
    .select(["bot", "key", "value", "at"])
    .where("scope", "=", "person")
    .where("owner", "=", value("owner"))
    .where("part", "=", value("part")),
);
const put = query<{ owner: string; bot: string; part: string; key: string; value: string; at: string }>()(
  "facts",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("facts")
      .values({
        scope: "person",
        owner: value("owner"),
        bot: value("bot"),
        part: value("part"),
        key: value("key"),
        value: value("value"),
        at: value("at"),
      })
      .onConflict((conflict) =>
        conflict
          .columns(["scope", "owner", "bot", "part", "key"])
          .doUpdateSet(({ ref }) => ({ value: ref("excluded.value"), at: ref("excluded.at") }))
          .whereRef("excluded.at", ">=", "facts.at"),
      ),
);
const remove = query<{ owner: string; part: string }>()("facts", z.unknown(), ({ db, value }) =>
  db
    .deleteFrom("facts")
    .where("scope", "=", "person")
    .where("owner", "=", value("owner"))
    .where("part", "=", value("part")),
);

/** The person a home person belongs to now: itself unless linked. */
export function* currentPerson(home: string): Work<string> {
  return (yield* first(personOfHome, { home }))?.person ?? home;
}

interface FactsPlace {
  readonly owner: string;
  readonly part: "own" | "joint";
}

/** Moves a person's facts of all bots; where both places know a key the newer value stays. Each is sealed for its new place. */
export function* moveFacts(sealing: Sealing, from: FactsPlace, to: FactsPlace): Work<void> {
  if (from.owner === to.owner && from.part === to.part) return;
  for (const { bot, key, value, at } of yield* all(factsAt, { ...from })) {
    const row = { scope: "person", bot, key };
    const text = sealing.open(FACT, { ...row, owner: from.owner }, value);
    yield* run(put, { ...to, bot, key, at, value: sealing.seal(FACT, { ...row, owner: to.owner }, text) });
  }
  yield* run(remove, { ...from });
}
