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
  bank_orders: {
    id: Generated<number>;
    customer: string;
    account: string;
    iban: string;
    name: string;
    amount: number;
    reference: string;
    rhythm: string;
    firstDate: string;
    nextDate: string | null;
    lastDate: string | null;
    state: string;
    failures: Generated<number>;
    createdAt: number;
  };
  bank_order_runs: {
    orderId: number;
    date: string;
    outcome: string;
    reason: string | null;
    transfer: string | null;
    at: number;
  };
  bank_contacts: { customer: string; address: string | null; email: string | null; phone: string | null };
  bank_changes: { key: string; request: string; customer: string; at: number; result: string };
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
 * Since version 2. An order has at most one run per date. `bank_changes` keeps what was done to an order or a contact under a
 * key, with what a repetition gets to hear: it is a history, too.
 */
const ORDER_TABLES = `
  CREATE TABLE bank_orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT NOT NULL REFERENCES bank_customers (id),
    account TEXT NOT NULL REFERENCES bank_accounts (id), iban TEXT NOT NULL, name TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), reference TEXT NOT NULL,
    rhythm TEXT NOT NULL CHECK (rhythm IN ('once', 'weekly', 'monthly', 'quarterly', 'half-yearly', 'yearly')),
    "firstDate" TEXT NOT NULL, "nextDate" TEXT, "lastDate" TEXT,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'cancelled', 'ended')),
    failures INTEGER NOT NULL DEFAULT 0, "createdAt" INTEGER NOT NULL) STRICT;
  CREATE INDEX bank_orders_by_customer ON bank_orders (customer, id);
  CREATE INDEX bank_orders_by_date ON bank_orders (state, "nextDate");
  CREATE TABLE bank_order_runs (
    "orderId" INTEGER NOT NULL REFERENCES bank_orders (id), date TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('paid', 'refused')), reason TEXT, transfer TEXT UNIQUE, at INTEGER NOT NULL,
    PRIMARY KEY ("orderId", date)) STRICT, WITHOUT ROWID;
  CREATE TABLE bank_contacts (
    customer TEXT PRIMARY KEY REFERENCES bank_customers (id), address TEXT, email TEXT, phone TEXT) STRICT;
  CREATE TABLE bank_changes (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, customer TEXT NOT NULL REFERENCES bank_customers (id),
    at INTEGER NOT NULL, result TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * Double entry in integer minor units. Entries and postings are never changed or deleted (triggers); a correction is a
 * new, opposite entry. `posted` is the sum of an account's postings, kept in the same transaction and re-added by the
 * check; the database itself refuses to let it fall below the account's minimum.
 */
const firstTables: Module["tables"] = ({ tables, refuse }) =>
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

/** A payment that was made stays so; one that was refused may be tried again. */
const orderTables: Module["tables"] = ({ tables, refuse }) =>
  tables(ORDER_TABLES) +
  refuse("bank_order_runs_are_final", {
    event: "UPDATE",
    table: "bank_order_runs",
    message: "a payment of an order is never changed",
    when: "OLD.outcome = 'paid'",
  }) +
  refuse("bank_order_runs_stay", {
    event: "DELETE",
    table: "bank_order_runs",
    message: "a run of an order is never deleted",
  });

/** Accounts, entries, limits, customers, payees, orders for later, and how customers are reached. */
export const bankModule: Module = {
  name: "bank",
  version: 2,
  tables: (dialect) => firstTables(dialect) + orderTables(dialect),
  upgrades: [
    { of: "customers", from: 2, to: 1, sql: (dialect) => firstTables(dialect) + TAKE_OVER },
    { from: 1, to: 2, sql: orderTables },
  ],
};
