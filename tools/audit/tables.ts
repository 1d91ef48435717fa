/** The audit at rest: entries that are only appended, and the end of its front, up to which they may be deleted. */
import { z } from "zod";
import type { Definitions } from "../../core/store/sql/definitions.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";

const ENTRIES = "audit_entries";
/** What the whole chain has in common: whoever appends to it waits for whoever is at it, on every host. */
export const CHAIN = { lock: "audit" };

/** The tables whose rows of before were recorded. */
const RECORDED = "CREATE TABLE audit_recorded (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;";

const message = "the audit is append-only";

export const auditModule: Module = {
  name: "audit",
  version: 3,
  tables: (dialect) =>
    dialect.tables(`
      CREATE TABLE ${ENTRIES} (
        sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL) STRICT;`) +
    dialect.refuse("audit_is_not_edited", { event: "UPDATE", table: ENTRIES, message }) +
    front(dialect) +
    dialect.tables(RECORDED),
  upgrades: [
    { from: 1, to: 2, sql: (dialect) => dialect.allow("audit_is_not_cut", ENTRIES) + front(dialect) },
    // Entries are chained with the key from here on, which a Parley from before cannot.
    { from: 2, to: 3, sql: (dialect) => dialect.tables(RECORDED) },
  ],
};

// Pruning moves the front in the transaction that deletes. The trigger stays where it is: dropping it would lock the
// table, need its ownership, and leave every other entry without protection meanwhile.
function front(dialect: Definitions): string {
  return (
    dialect.tables(`
      CREATE TABLE audit_front (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL) STRICT;`) +
    dialect.refuse("audit_is_not_cut", {
      event: "DELETE",
      table: ENTRIES,
      message,
      when: "OLD.sequence > coalesce((SELECT max(sequence) FROM audit_front), 0)",
    })
  );
}

const query = defineQueries<{
  audit_entries: { sequence: number; previous: string; hash: string; body: string };
  audit_front: { id: number; sequence: number };
  audit_recorded: { name: string };
}>();

/** A place in the chain. */
export const Head = z.strictObject({ sequence: z.int().nonnegative(), hash: z.string() });
export type Head = z.infer<typeof Head>;

const Entry = z.object({ sequence: z.int(), previous: z.string(), hash: z.string(), body: z.string() });
export type Entry = z.infer<typeof Entry>;

export const insertEntry = query<Entry>()(ENTRIES, z.unknown(), ({ db, value }) =>
  db.insertInto(ENTRIES).values({
    sequence: value("sequence"),
    previous: value("previous"),
    hash: value("hash"),
    body: value("body"),
  }),
);

/** The newest place. */
export const findHead = query()(ENTRIES, Head, ({ db }) =>
  db.selectFrom(ENTRIES).select(["sequence", "hash"]).orderBy("sequence", "desc").limit(1),
);

/** One place and the newest, as of the same moment: in the order of the chain, one row where they are the same. */
export const findPlaceAndHead = query<{ sequence: number }>()(ENTRIES, Head, ({ db, value }) =>
  db
    .selectFrom(ENTRIES)
    .select(["sequence", "hash"])
    .where((on) =>
      on.or([
        on("sequence", "=", value("sequence")),
        on(
          "sequence",
          "=",
          db.selectFrom(ENTRIES).select(({ fn }) => fn.max("sequence").as("newest")),
        ),
      ]),
    )
    .orderBy("sequence"),
);

export const findEntry = query<{ sequence: number }>()(ENTRIES, Entry, ({ db, value }) =>
  db.selectFrom(ENTRIES).selectAll().where("sequence", "=", value("sequence")),
);

const PAGE = 500;

/** The next entries after a place; none at the end. */
export const listAfter = query<{ sequence: number }>()(ENTRIES, Entry, ({ db, value }) =>
  db.selectFrom(ENTRIES).selectAll().where("sequence", ">", value("sequence")).orderBy("sequence").limit(PAGE),
);

export const listRecorded = query()("audit_recorded", z.object({ name: z.string() }), ({ db }) =>
  db.selectFrom("audit_recorded").select("name"),
);
export const insertRecorded = query<{ name: string }>()("audit_recorded", z.unknown(), ({ db, value }) =>
  db.insertInto("audit_recorded").values({ name: value("name") }),
);

export const moveFront = query<{ sequence: number }>()("audit_front", z.unknown(), ({ db, value }) =>
  db
    .insertInto("audit_front")
    .values({ id: 1, sequence: value("sequence") })
    .onConflict((conflict) => conflict.column("id").doUpdateSet((row) => ({ sequence: row.ref("excluded.sequence") }))),
);

export const deleteFront = query<{ sequence: number }>()(ENTRIES, z.unknown(), ({ db, value }) =>
  db.deleteFrom(ENTRIES).where("sequence", "<=", value("sequence")),
);
