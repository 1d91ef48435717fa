import type { Broker } from "../broker.ts";
import type { EmbeddedContext } from "./context.ts";

/** `remember` and `recall`. */
export function createRemembered(context: EmbeddedContext): Pick<Broker, "remember" | "recall"> {
  const { database, environment, write } = context;
  const save = database.prepare<[string, string, number]>(
    `INSERT INTO remembered (key, value, until) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until`,
  );
  const find = database
    .prepare<[string, number], string>("SELECT value FROM remembered WHERE key = ? AND until > ?")
    .pluck();
  return {
    remember: (key, value, ttlMs) => write(() => void save.run(key, value, environment.clock() + ttlMs)),
    recall: async (key) => find.get(key, environment.clock()),
  };
}
