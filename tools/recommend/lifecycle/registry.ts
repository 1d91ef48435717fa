/** The tables of the versions: what there is, which one serves, and who trains. */
import { z } from "zod";
import type { KeptTables } from "../../../core/store/databases.ts";
import { interactions } from "../../../core/store/interactions/tables.ts";
import { changes } from "../../../core/store/sql/changes.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import type { Module } from "../../../core/store/sql/module.ts";
import { defineQueries } from "../../../core/store/sql/queries.ts";
import { flag, jsonText } from "../../../core/store/rows.ts";
import { FILE } from "../data/interaction-source.ts";
import { Summary } from "./summary.ts";

interface Tables {
  readonly recommender_versions: {
    readonly bot: string;
    readonly number: number;
    /** Key of its file. */
    readonly file: string;
    readonly summary: string;
    /** Whether it was found good enough to replace the one before; and why, or why not. */
    readonly is_better: number;
    readonly why: string;
  };
  readonly recommender_serving: { readonly bot: string; readonly number: number };
  /** Whoever trains holds it until this time, in ms, and renews it. */
  readonly recommender_trainings: { readonly bot: string; readonly holder: string; readonly until: number };
}

const recommender: Module = {
  name: "recommender",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      CREATE TABLE recommender_versions (
        bot TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL, summary TEXT NOT NULL,
        is_better INTEGER NOT NULL, why TEXT NOT NULL,
        PRIMARY KEY (bot, number)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE recommender_serving (bot TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE recommender_trainings (
        bot TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;`),
};

/** What `parley store copy` takes along. */
export const keptTables: readonly KeptTables[] = [{ file: FILE, modules: [interactions, recommender] }];

/** Makes the tables, and what announcements need. */
export async function migrateRegistry(database: Database): Promise<void> {
  await database.migrate(recommender);
  await database.migrate(changes);
}

const query = defineQueries<Tables>();
const VERSIONS = "recommender_versions";
const Row = z.object({
  number: z.int(),
  file: z.string(),
  summary: jsonText(Summary),
  isBetter: flag,
  why: z.string(),
});
export type VersionRow = z.output<typeof Row>;
type Numbered = { readonly bot: string; readonly number: number };
type Held = { readonly bot: string; readonly holder: string };

/** Oldest first. */
export const listVersions = query<{ bot: string }>()(VERSIONS, Row, ({ db, value }) =>
  db
    .selectFrom(VERSIONS)
    .select(["number", "file", "summary", "is_better as isBetter", "why"])
    .where("bot", "=", value("bot"))
    .orderBy("number"),
);

type NewRow = Numbered & { file: string; summary: string; is_better: number; why: string };

export const insertVersion = query<NewRow>()(VERSIONS, z.unknown(), ({ db, value }) =>
  db.insertInto(VERSIONS).values({
    bot: value("bot"),
    number: value("number"),
    file: value("file"),
    summary: value("summary"),
    is_better: value("is_better"),
    why: value("why"),
  }),
);

export const deleteVersion = query<Numbered>()(VERSIONS, z.unknown(), ({ db, value }) =>
  db.deleteFrom(VERSIONS).where("bot", "=", value("bot")).where("number", "=", value("number")),
);

export const findServing = query<{ bot: string }>()(
  "recommender_serving",
  z.object({ number: z.int() }),
  ({ db, value }) => db.selectFrom("recommender_serving").select("number").where("bot", "=", value("bot")),
);

export const setServing = query<Numbered>()("recommender_serving", z.unknown(), ({ db, value }) =>
  db
    .insertInto("recommender_serving")
    .values({ bot: value("bot"), number: value("number") })
    .onConflict((conflict) => conflict.column("bot").doUpdateSet((row) => ({ number: row.ref("excluded.number") }))),
);

/** Takes the training, or holds it longer: one row is written, or none while somebody else holds it. */
export const holdTraining = query<Held & { now: number; until: number }>()(
  "recommender_trainings",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("recommender_trainings")
      .values({ bot: value("bot"), holder: value("holder"), until: value("until") })
      .onConflict((conflict) =>
        conflict
          .column("bot")
          .doUpdateSet((row) => ({ holder: row.ref("excluded.holder"), until: row.ref("excluded.until") }))
          .where((row) =>
            row.or([
              row("recommender_trainings.until", "<=", value("now")),
              row("recommender_trainings.holder", "=", value("holder")),
            ]),
          ),
      ),
);

export const leaveTraining = query<Held>()("recommender_trainings", z.unknown(), ({ db, value }) =>
  db.deleteFrom("recommender_trainings").where("bot", "=", value("bot")).where("holder", "=", value("holder")),
);
