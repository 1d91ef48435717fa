import type { Generated } from "kysely";
import type { Module } from "../../../core/store/sql/module.ts";
import { defineQueries } from "../../../core/store/sql/queries.ts";
import { TAKE_OVER } from "./former-tables.ts";

/** The bank's tables, as queries see them. Amounts are minor units, times milliseconds, `date` is `YYYY-MM-DD`. */
export interface BankTables {
  bank_accounts: {
    id: string;
    owner: string | null;
    name: string;
    iban: string | null;
    currency: string;
    position: number;
    minimum: number | null;
    posted: Generated<number>;
  };
  bank_entries: {
    id: Generated<number>;
    key: string;
    request: string;
    kind: string;
    at: number;
    date: string;
    voids: number | null;
    result: string;
  };
  bank_postings: {
    entry: number;
    account: string;
    amount: number;
    date: string;
    counterparty: string;
    description: string;
    category: string;
    search: string;
  };
  bank_outgoing: { entry: number; owner: string; iban: string; currency: string; amount: number; at: number };
  bank_customers: {
    id: string;
    name: string;
    segment: string;
    riskProfile: number | null;
    birthYear: number | null;
    codeHash: string;
    usedBy: Generated<string | null>;
  };
  bank_links: { person: string; customer: string; linkedAt: number };
  bank_payees: { customer: string; iban: string; name: string; key: string; request: string; addedAt: number };
}

/** Makes queries over them. */
export const bankQuery = defineQueries<BankTables>();

const TABLES = `
  CREATE TABLE bank_accounts (
    id TEXT PRIMARY KEY, owner TEXT, name TEXT NOT NULL, iban TEXT UNIQUE, currency TEXT NOT NULL,
    position INTEGER NOT NULL, minimum INTEGER, posted INTEGER NOT NULL DEFAULT 0,
    CHECK (minimum IS NULL OR posted >= minimum)) STRICT;
  CREATE INDEX bank_accounts_by_owner ON bank_accounts (owner, position);
  CREATE TABLE bank_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, request TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('opening', 'booking', 'transfer', 'void')),
    at INTEGER NOT NULL, date TEXT NOT NULL, voids INTEGER UNIQUE REFERENCES bank_entries (id),
    result TEXT NOT NULL) STRICT;
  CREATE TABLE bank_postings (
    entry INTEGER NOT NULL REFERENCES bank_entries (id), account TEXT NOT NULL REFERENCES bank_accounts (id),
    amount INTEGER NOT NULL CHECK (amount <> 0), date TEXT NOT NULL,
    counterparty TEXT NOT NULL, description TEXT NOT NULL, category TEXT NOT NULL, search TEXT NOT NULL,
    PRIMARY KEY (account, date, entry)) STRICT, WITHOUT ROWID;
  CREATE INDEX bank_postings_by_entry ON bank_postings (entry);
  CREATE TABLE bank_outgoing (
    entry INTEGER PRIMARY KEY REFERENCES bank_entries (id), owner TEXT NOT NULL, iban TEXT NOT NULL,
    currency TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), at INTEGER NOT NULL) STRICT;
  CREATE INDEX bank_outgoing_by_owner ON bank_outgoing (owner, currency, at);
  CREATE TABLE bank_customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, segment TEXT NOT NULL, "riskProfile" INTEGER, "birthYear" INTEGER,
    "codeHash" TEXT NOT NULL UNIQUE, "usedBy" TEXT) STRICT;
  CREATE TABLE bank_links (
    person TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES bank_customers (id), "linkedAt" INTEGER NOT NULL) STRICT;
  CREATE TABLE bank_payees (
    customer TEXT NOT NULL REFERENCES bank_customers (id), iban TEXT NOT NULL, name TEXT NOT NULL,
    key TEXT NOT NULL, request TEXT NOT NULL, "addedAt" INTEGER NOT NULL,
    PRIMARY KEY (customer, iban), UNIQUE (customer, key)) STRICT, WITHOUT ROWID;
`;

/**
 * Double entry in integer minor units. Entries and postings are never changed or deleted (triggers); a correction is a
 * new, opposite entry. `posted` is the sum of an account's postings, kept in the same transaction and re-added by the
 * check; the database itself refuses to let it fall below the account's minimum.
 */
const makeTables: Module["tables"] = ({ tables, refuse }) =>
  tables(TABLES) +
  [
    { table: "bank_entries", what: "a ledger entry" },
    { table: "bank_postings", what: "a posting" },
  ]
    .map(
      ({ table, what }) =>
        refuse(`${table}_are_final`, { event: "UPDATE", table, message: `${what} is never changed` }) +
        refuse(`${table}_stay`, { event: "DELETE", table, message: `${what} is never deleted` }),
    )
    .join("");

/** Accounts, entries, limits, customers and payees. */
export const bankModule: Module = {
  name: "bank",
  version: 1,
  tables: makeTables,
  upgrades: [{ of: "customers", from: 2, to: 1, sql: (dialect) => makeTables(dialect) + TAKE_OVER }],
};
