/** Which calls with effects were sent to tools that cannot tell whether they did them before: each is sent once. */
import { z } from "zod";
import type { Clock } from "../environment.ts";
import { ParleyError } from "../errors.ts";
import { Json } from "../json.ts";
import type { ToolResult } from "../tool.ts";
import type { Databases, KeptTables } from "./databases.ts";
import { jsonText } from "./rows.ts";
import type { Module } from "./sql/module.ts";
import { defineQueries } from "./sql/queries.ts";

const CALLS = "sent_calls";
/** After so long nobody asks again what became of a call. */
const KEPT_MS = 8 * 24 * 60 * 60_000;

const sentCallsModule: Module = {
  name: "sent-calls",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      CREATE TABLE ${CALLS} (
        "key" TEXT PRIMARY KEY, "bot" TEXT NOT NULL, "person" TEXT NOT NULL, "sentAt" INTEGER NOT NULL,
        "result" TEXT) STRICT;
      CREATE INDEX sent_calls_by_person ON ${CALLS} ("person");`),
};

/** For `parley store copy`. */
export const sentCallsTables: KeptTables = { file: "sent-calls.sqlite", modules: [sentCallsModule] };

interface Call {
  key: string;
  bot: string;
  person: string;
  sentAt: number;
  result: string | null;
}
const query = defineQueries<{ sent_calls: Call }>();

const CallRow = z.object({ result: jsonText(Json).optional() });
const find = query<{ key: string }>()(CALLS, CallRow, ({ db, value }) =>
  db.selectFrom(CALLS).select("result").where("key", "=", value("key")),
);
const note = query<{ key: string; bot: string; person: string; sentAt: number }>()(
  CALLS,
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto(CALLS)
      .values({
        key: value("key"),
        bot: value("bot"),
        person: value("person"),
        sentAt: value("sentAt"),
        result: null,
      })
      .onConflict((conflict) => conflict.column("key").doNothing()),
);
const noteResult = query<{ key: string; result: string }>()(CALLS, z.unknown(), ({ db, value }) =>
  db
    .updateTable(CALLS)
    .set({ result: value("result") })
    .where("key", "=", value("key")),
);
const drop = query<{ key: string }>()(CALLS, z.unknown(), ({ db, value }) =>
  db.deleteFrom(CALLS).where("key", "=", value("key")),
);
const dropOld = query<{ before: number }>()(CALLS, z.unknown(), ({ db, value }) =>
  db.deleteFrom(CALLS).where("sentAt", "<", value("before")),
);
const dropOf = query<{ person: string; bot: string }>()(CALLS, z.unknown(), ({ db, value }) =>
  db.deleteFrom(CALLS).where("person", "=", value("person")).where("bot", "=", value("bot")),
);

/** One call: `key` is its idempotency key, `by` who does it, as it is named to the person. */
export interface SentCall {
  readonly key: string;
  readonly person: string;
  readonly by: string;
}

export interface SentCalls {
  /**
   * Sends it once: the same key gives the value of before. `send` says by `sent` when nothing can stop it any more. Throws
   * `tool/uncertain` for one that was sent before without a known end; what its tool refused may be sent again.
   */
  readonly once: (call: SentCall, send: (sent: () => void) => Promise<ToolResult>) => Promise<ToolResult>;
  readonly forget: (person: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens what is kept for a bot. */
export async function openSentCalls(databases: Databases, bot: string, clock: Clock): Promise<SentCalls> {
  const database = databases.open(sentCallsTables.file);
  await database.migrate(sentCallsModule);
  await database.change(dropOld, { before: clock() - KEPT_MS }, { isRepeatable: true });
  return {
    once: async ({ key, person, by }, send) => {
      const isNew = (await database.change(note, { key, bot, person, sentAt: clock() })) === 1;
      if (!isNew) {
        const value = (await database.first(find, { key }))?.result;
        if (value === undefined) throw uncertain(by);
        return { value };
      }
      let isSent = false;
      try {
        const result = await send(() => {
          isSent = true;
        });
        await database.change(noteResult, { key, result: JSON.stringify(result.value) }, { isRepeatable: true });
        return result;
      } catch (thrown) {
        // An answer that says no: nothing is open.
        const isAnswered = thrown instanceof ParleyError && thrown.status < 500;
        if (!isSent || isAnswered) await database.change(drop, { key }, { isRepeatable: true });
        throw thrown;
      }
    },
    forget: async (person) => {
      await database.change(dropOf, { person, bot }, { isRepeatable: true });
    },
    close: database.close,
  };
}

/** Sent before, without a known end: it is not sent a second time. */
function uncertain(by: string): ParleyError {
  return new ParleyError(
    "tool/uncertain",
    `It is not known whether "${by}" did this: it broke off before. Look there before you ask again.`,
    { status: 409 },
  );
}
