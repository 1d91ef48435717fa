import { z } from "zod";
import type { Controls } from "../store.ts";
import type { Connection } from "./connection.ts";
import { rowReader } from "./rows.ts";

const readControl = rowReader(
  "controls",
  z
    .object({ kind: z.enum(["muted", "human-takeover"]), until: z.string().optional(), by: z.string() })
    .transform(({ kind, until, by }) => ({ kind, until, by })),
);

/** Mute and human takeover in SQLite. */
export function createControls({ database, read, write }: Connection): Controls {
  const set = database.prepare(`
    INSERT INTO controls (conversation, kind, until, set_by) VALUES (@conversation, @kind, @until, @by)
    ON CONFLICT DO UPDATE SET kind = excluded.kind, until = excluded.until, set_by = excluded.set_by`);
  const get = database.prepare(`
    SELECT kind, until, set_by AS "by" FROM controls WHERE conversation = ? AND (until IS NULL OR until > ?)`);
  const clear = database.prepare("DELETE FROM controls WHERE conversation = ?");

  return {
    set: async (conversation, { kind, until, by }) =>
      await write(() => void set.run({ conversation, kind, until: until ?? null, by })),
    get: async (conversation, now) =>
      await read(() => {
        const row = get.get(conversation, now);
        return row === undefined ? undefined : readControl(row);
      }),
    clear: async (conversation) => await write(() => clear.run(conversation).changes > 0),
  };
}
