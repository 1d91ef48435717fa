import type { Migration } from "../../../core/store/sqlite/database.ts";

/**
 * Double entry in integer minor units. Entries and postings are never changed or deleted (triggers); a correction is a
 * new, opposite entry. `posted` is the sum of an account's postings, kept in the same transaction and re-added by the
 * check; the database itself refuses to let it fall below the account's minimum.
 */
export const ledgerMigrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE accounts (
        id TEXT PRIMARY KEY, owner TEXT, name TEXT NOT NULL, iban TEXT UNIQUE, currency TEXT NOT NULL,
        position INTEGER NOT NULL, minimum INTEGER, posted INTEGER NOT NULL DEFAULT 0,
        CHECK (minimum IS NULL OR posted >= minimum)) STRICT;
      CREATE INDEX accounts_by_owner ON accounts (owner, position);
      CREATE TABLE entries (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, request TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('opening', 'booking', 'transfer', 'void')),
        at INTEGER NOT NULL, date TEXT NOT NULL, voids INTEGER UNIQUE REFERENCES entries (id),
        result TEXT NOT NULL) STRICT;
      CREATE TABLE postings (
        entry INTEGER NOT NULL REFERENCES entries (id), account TEXT NOT NULL REFERENCES accounts (id),
        amount INTEGER NOT NULL CHECK (amount <> 0), date TEXT NOT NULL,
        counterparty TEXT NOT NULL, description TEXT NOT NULL, category TEXT NOT NULL, search TEXT NOT NULL,
        PRIMARY KEY (account, date, entry)) STRICT, WITHOUT ROWID;
      CREATE INDEX postings_by_entry ON postings (entry);
      CREATE TABLE outgoing (
        entry INTEGER PRIMARY KEY REFERENCES entries (id), owner TEXT NOT NULL, iban TEXT NOT NULL,
        currency TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), at INTEGER NOT NULL) STRICT;
      CREATE INDEX outgoing_by_owner ON outgoing (owner, currency, at);
      CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries
        BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END;
      CREATE TRIGGER entries_stay BEFORE DELETE ON entries
        BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END;
      CREATE TRIGGER postings_are_final BEFORE UPDATE ON postings
        BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;
      CREATE TRIGGER postings_stay BEFORE DELETE ON postings
        BEGIN SELECT RAISE(ABORT, 'a posting is never deleted'); END;`,
  },
];
