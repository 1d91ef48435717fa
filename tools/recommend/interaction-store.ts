/** What each person was shown and did with products, kept in a SQLite file of its own. */
import { z } from "zod";
import type { Clock } from "../../core/environment.ts";
import { migrate, openDatabase } from "../../core/store/sqlite/database.ts";
import { createGroupCommit } from "../../core/store/sqlite/group-commit.ts";
import { rowReader } from "../../core/store/sqlite/rows.ts";
import { InteractionType, type HistoryEntry } from "./interaction.ts";

export interface InteractionStore {
  /** The same key records an act once, however often a turn is repeated. */
  readonly record: (person: string, key: string, entries: readonly HistoryEntry[]) => Promise<void>;
  /** Oldest first; the last 500 acts of the last 400 days. */
  readonly history: (person: string) => readonly HistoryEntry[];
  readonly forget: (person: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const KEPT_DAYS = 400;
const KEPT_PER_PERSON = 500;

const TABLE = `
  CREATE TABLE interactions (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL, key TEXT NOT NULL, product TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
    UNIQUE (person, key, product, type)
  ) STRICT;
  CREATE INDEX interactions_by_age ON interactions (at);
`;

const readEntry = rowReader("interactions", z.object({ productId: z.string(), type: InteractionType }));

/** Opens or makes the file. */
export function openInteractionStore(path: string, clock: Clock): InteractionStore {
  const database = openDatabase(path, { synchronous: "normal" });
  migrate(database, "recommend", [{ version: 1, sql: TABLE }]);
  const commit = createGroupCommit(database);
  const insert = database.prepare(
    "INSERT OR IGNORE INTO interactions (person, key, product, type, at) VALUES (?, ?, ?, ?, ?)",
  );
  const select = database.prepare(
    `SELECT productId, type FROM
       (SELECT id, product AS productId, type FROM interactions WHERE person = ? ORDER BY id DESC LIMIT ${KEPT_PER_PERSON})
     ORDER BY id`,
  );
  const deleteOld = database.prepare("DELETE FROM interactions WHERE at < ?");
  const deleteExcess = database.prepare(
    `DELETE FROM interactions WHERE person = ? AND id <=
       (SELECT id FROM interactions WHERE person = ? ORDER BY id DESC LIMIT 1 OFFSET ${KEPT_PER_PERSON})`,
  );
  const deletePerson = database.prepare("DELETE FROM interactions WHERE person = ?");
  return {
    record: async (person, key, entries) => {
      const at = clock();
      await commit.write(() => {
        for (const { productId, type } of entries) insert.run(person, key, productId, type, at);
        deleteExcess.run(person, person);
        deleteOld.run(at - KEPT_DAYS * 24 * 60 * 60 * 1000);
      });
    },
    history: (person) => select.all(person).map(readEntry),
    forget: async (person) => {
      await commit.write(() => deletePerson.run(person));
    },
    close: async () => {
      await commit.close();
      database.close();
    },
  };
}
