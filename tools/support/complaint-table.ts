/** Complaints at rest. A number is used once, also where its complaint's words were erased. */
import { sql } from "kysely";
import { z } from "zod";
import { ConversationId } from "../../core/conversation-id.ts";
import { sealedColumn } from "../../core/privacy/sealing/index.ts";
import type { KeptTables } from "../../core/store/databases.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";

const complaintModule: Module = {
  name: "complaints",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      -- key: of the call that recorded it. person, conversation and words are NULL once the person is forgotten.
      CREATE TABLE complaints (
        bot TEXT NOT NULL,
        year INTEGER NOT NULL,
        number INTEGER NOT NULL,
        key TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        person TEXT,
        conversation TEXT,
        words TEXT,
        PRIMARY KEY (bot, year, number)
      ) STRICT;
      CREATE INDEX complaints_by_person ON complaints (person);
      CREATE TABLE complaint_numbers (
        bot TEXT NOT NULL,
        year INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (bot, year)
      ) STRICT;
    `),
};

/** What was written. */
export const WORDS = sealedColumn({
  table: "complaints",
  column: "words",
  key: ["bot", "year", "number"],
  row: ["bot", "year", "number"],
});

/** Where they are kept. */
export const complaintTables: KeptTables = { file: "complaints.sqlite", modules: [complaintModule], sealed: [WORDS] };

const query = defineQueries<{
  complaints: {
    bot: string;
    year: number;
    number: number;
    key: string;
    at: string;
    person: string | null;
    conversation: string | null;
    words: string | null;
  };
  complaint_numbers: { bot: string; year: number; last: number };
}>();

const Row = z.object({
  bot: z.string(),
  year: z.int(),
  number: z.int(),
  at: z.string(),
  person: z.string().optional(),
  conversation: ConversationId.optional(),
  words: z.string().optional(),
});
export type Row = z.infer<typeof Row>;
const columns = ["bot", "year", "number", "at", "person", "conversation", "words"] as const;

export const byKey = query<{ key: string }>()("complaints", Row, ({ db, value }) =>
  db
    .selectFrom("complaints")
    .select([...columns])
    .where("key", "=", value("key")),
);

/** Counts the year's number up. */
export const countUp = query<{ bot: string; year: number }>()(
  "complaint_numbers",
  z.object({ last: z.int() }),
  ({ db, value }) =>
    db
      .insertInto("complaint_numbers")
      .values({ bot: value("bot"), year: value("year"), last: 1 })
      .onConflict((conflict) =>
        conflict.columns(["bot", "year"]).doUpdateSet({ last: sql`complaint_numbers.last + 1` }),
      )
      .returning("last"),
);

export const insert = query<{
  bot: string;
  year: number;
  number: number;
  key: string;
  at: string;
  person: string;
  conversation: string;
  words: string;
}>()("complaints", z.unknown(), ({ db, value }) =>
  db.insertInto("complaints").values({
    bot: value("bot"),
    year: value("year"),
    number: value("number"),
    key: value("key"),
    at: value("at"),
    person: value("person"),
    conversation: value("conversation"),
    words: value("words"),
  }),
);

export const newest = query<{ limit: number }>()("complaints", Row, ({ db, value }) =>
  db
    .selectFrom("complaints")
    .select([...columns])
    .orderBy("at", "desc")
    .orderBy("number", "desc")
    .limit(value("limit")),
);

export const numbered = query<{ year: number; number: number }>()("complaints", Row, ({ db, value }) =>
  db
    .selectFrom("complaints")
    .select([...columns])
    .where("year", "=", value("year"))
    .where("number", "=", value("number"))
    .orderBy("bot"),
);

export const ofPerson = query<{ bot: string; person: string }>()("complaints", Row, ({ db, value }) =>
  db
    .selectFrom("complaints")
    .select([...columns])
    .where("bot", "=", value("bot"))
    .where("person", "=", value("person"))
    .orderBy("at"),
);

export const erase = query<{ bot: string; person: string }>()("complaints", z.unknown(), ({ db, value }) =>
  db
    .updateTable("complaints")
    .set({ person: null, conversation: null, words: null })
    .where("bot", "=", value("bot"))
    .where("person", "=", value("person")),
);
