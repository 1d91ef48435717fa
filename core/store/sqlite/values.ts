import { z } from "zod";
import { Json } from "../../json.ts";
import type { Values } from "../store.ts";
import type { Connection } from "./connection.ts";
import { jsonText, rowReader } from "./rows.ts";

const readValue = rowReader("owned_values", z.object({ value: jsonText(Json) }).optional());

/** Small durable values in SQLite, as JSON. */
export function createValues({ database, read, write }: Connection): Values {
  const get = database.prepare("SELECT value FROM owned_values WHERE owner = ? AND key = ?");
  const set = database.prepare(`
    INSERT INTO owned_values (owner, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`);
  const remove = database.prepare("DELETE FROM owned_values WHERE owner = ? AND key = ?");

  return {
    get: async (owner, key) => await read(() => readValue(get.get(owner, key))?.value),
    set: async (owner, key, value) => await write(() => void set.run(owner, key, JSON.stringify(value))),
    remove: async (owner, key) => await write(() => remove.run(owner, key).changes > 0),
  };
}
