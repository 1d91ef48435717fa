import { z } from "zod";
import { Json } from "../../json.ts";
import type { Database } from "../sql/database.ts";
import { jsonText } from "../rows.ts";
import type { Values } from "../store.ts";
import { query } from "./schema.ts";

export const getValue = query<{ owner: string; key: string }>()(
  "owned_values",
  z.object({ value: jsonText(Json) }),
  ({ db, value }) =>
    db.selectFrom("owned_values").select("value").where("owner", "=", value("owner")).where("key", "=", value("key")),
);
export const setValue = query<{ owner: string; key: string; value: string }>()(
  "owned_values",
  z.unknown(),
  ({ db, value }) =>
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

/** Small durable values, as JSON. */
export function createValues(database: Database): Values {
  return {
    get: async (owner, key) => (await database.first(getValue, { owner, key }))?.value,
    set: async (owner, key, value) =>
      void (await database.change(setValue, { owner, key, value: JSON.stringify(value) })),
    remove: async (owner, key) => (await database.change(remove, { owner, key })) > 0,
  };
}
