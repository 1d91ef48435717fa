import { sql } from "kysely";
import { z } from "zod";
import type { Sealing } from "../../privacy/sealing/index.ts";
import type { Database } from "../sql/database.ts";
import { all } from "../sql/work.ts";
import type { Memory, MemoryScope } from "../store.ts";
import { isPersonsFact } from "./joined-facts.ts";
import { FACT, query } from "./schema.ts";

const Fact = z.object({
  scope: z.enum(["person", "conversation"]),
  owner: z.string(),
  bot: z.string(),
  key: z.string(),
  value: z.string(),
  at: z.string(),
});
const columns = ["scope", "owner", "bot", "key", "value", "at"] as const;
const Key = z.object({ key: z.string() });

const set = query<{
  scope: string;
  owner: string;
  bot: string;
  key: string;
  value: string;
  at: string;
}>()("facts", z.unknown(), ({ db, value }) =>
  db
    .insertInto("facts")
    .values({
      scope: value("scope"),
      owner: value("owner"),
      bot: value("bot"),
      part: sql<string>`CASE WHEN ${value("scope")} = 'person'
        AND (SELECT count(*) FROM identities WHERE person = ${value("owner")}) > 1 THEN 'joint' ELSE 'own' END`,
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
const ofPerson = query<{ person: string; bot: string }>()("facts", Fact, ({ db, value }) =>
  db
    .selectFrom("facts")
    .select([...columns])
    .where(isPersonsFact(value("person"), value("bot")))
    .orderBy("key")
    .orderBy("at"),
);
const ofConversation = query<{ conversation: string }>()("facts", Fact, ({ db, value }) =>
  db
    .selectFrom("facts")
    .select([...columns])
    .where("scope", "=", "conversation")
    .where("owner", "=", value("conversation"))
    .orderBy("key"),
);
export const forgetPerson = query<{ person: string; bot: string; key: string | null }>()(
  "facts",
  Key,
  ({ db, value }) =>
    db
      .deleteFrom("facts")
      .where(isPersonsFact(value("person"), value("bot")))
      .where(sql<boolean>`key = coalesce(CAST(${value("key")} AS TEXT), key)`)
      .returning("key"),
);
export const forgetConversation = query<{ conversation: string; key: string | null }>()("facts", Key, ({ db, value }) =>
  db
    .deleteFrom("facts")
    .where("scope", "=", "conversation")
    .where("owner", "=", value("conversation"))
    .where(sql<boolean>`key = coalesce(CAST(${value("key")} AS TEXT), key)`)
    .returning("key"),
);

/** Remembered facts. A person's facts are those of all platforms that are linked now. */
export function createMemory(database: Database, sealing: Sealing): Memory {
  return {
    set: async (scope, { key, value, at }) => {
      const row = { ...placeOf(scope), scope: scope.kind, key };
      await database.change(set, { ...row, value: sealing.seal(FACT, row, value), at });
    },
    list: async (scope) => {
      const { bot, owner } = placeOf(scope);
      return await sealing.reading(async () => {
        const facts =
          scope.kind === "person"
            ? await database.all(ofPerson, { person: owner, bot })
            : await database.all(ofConversation, { conversation: owner });
        // Of a key that several platforms know, the newest counts.
        const newest = [...new Map(facts.map((fact) => [fact.key, fact])).values()];
        return newest.map((fact) => ({ key: fact.key, value: sealing.open(FACT, fact, fact.value), at: fact.at }));
      });
    },
    forget: async (scope, only) => {
      const { bot, owner } = placeOf(scope);
      const key = only ?? null;
      const forget = () =>
        scope.kind === "person"
          ? all(forgetPerson, { person: owner, bot, key })
          : all(forgetConversation, { conversation: owner, key });
      const gone = await database.write(forget, { lock: `facts:${owner}` });
      return new Set(gone.map((fact) => fact.key)).size;
    },
  };
}

/** Where a scope's new facts lie. A group's are one bot's by its conversation. */
function placeOf(scope: MemoryScope): { readonly owner: string; readonly bot: string } {
  return scope.kind === "person" ? { owner: scope.person, bot: scope.bot } : { owner: scope.conversation, bot: "" };
}
