import { z } from "zod";
import { Json } from "../../json.ts";
import type { Sealing } from "../../privacy/sealing/index.ts";
import type { Database, Work } from "../sql/database.ts";
import { first, run } from "../sql/work.ts";
import { CorruptRowError } from "../errors.ts";
import type { Values } from "../store.ts";
import { OWNED_VALUE, query } from "./schema.ts";

interface Place {
  readonly owner: string;
  readonly key: string;
}

const find = query<{ owner: string; key: string }>()("owned_values", z.object({ value: z.string() }), ({ db, value }) =>
  db.selectFrom("owned_values").select("value").where("owner", "=", value("owner")).where("key", "=", value("key")),
);
const save = query<{ owner: string; key: string; value: string }>()("owned_values", z.unknown(), ({ db, value }) =>
  db
    .insertInto("owned_values")
    .values({ owner: value("owner"), key: value("key"), value: value("value") })
    .onConflict((conflict) =>
      conflict.columns(["owner", "key"]).doUpdateSet(({ ref }) => ({ value: ref("excluded.value") })),
    ),
);
const remove = query<{ owner: string; key: string }>()("owned_values", z.unknown(), ({ db, value }) =>
  db.deleteFrom("owned_values").where("owner", "=", value("owner")).where("key", "=", value("key")),
);

/** Small durable values, as JSON: tokens and cursors alike, so all of them are sealed. */
export function createValues(database: Database, sealing: Sealing): Values {
  return {
    get: async (owner, key) =>
      await sealing.reading(async () => {
        const found = await database.first(find, { owner, key });
        return found && opened(sealing, { owner, key }, found.value);
      }),
    set: async (owner, key, value) =>
      void (await database.change(save, { owner, key, value: sealed(sealing, { owner, key }, value) })),
    remove: async (owner, key) => (await database.change(remove, { owner, key })) > 0,
  };
}

/** The same as steps of a transaction. */
export function* getValue(sealing: Sealing, { owner, key }: Place): Work<Json | undefined> {
  const found = yield* first(find, { owner, key });
  return found && opened(sealing, { owner, key }, found.value);
}

export function* setValue(sealing: Sealing, { owner, key }: Place, value: Json): Work<void> {
  yield* run(save, { owner, key, value: sealed(sealing, { owner, key }, value) });
}

function sealed(sealing: Sealing, { owner, key }: Place, value: Json): string {
  return sealing.seal(OWNED_VALUE, { owner, key }, JSON.stringify(value));
}

function opened(sealing: Sealing, { owner, key }: Place, text: string): Json {
  const json = sealing.open(OWNED_VALUE, { owner, key }, text);
  try {
    return Json.parse(JSON.parse(json));
  } catch (thrown) {
    throw new CorruptRowError("owned_values", thrown);
  }
}
