/** Customers, the chat persons linked to them, and their saved payees. */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { migrate } from "../../../core/store/sqlite/database.ts";
import { readCount, rowReader } from "../../../core/store/sqlite/rows.ts";
import { sha256 } from "../../canonical-json.ts";
import { BankRefusal } from "../errors.ts";
import { sameRequest } from "../ledger/ledger.ts";
import type { Bank, Idempotency, Payee } from "../port.ts";
import { nameTokens } from "../provenance.ts";

/** As the bank's help pages say. */
const MAX_PAYEES = 200;

const Customer = z.object({
  id: z.string(),
  name: z.string(),
  segment: z.string(),
  riskProfile: z.int().optional(),
  birthYear: z.int().optional(),
});
type Customer = z.infer<typeof Customer>;

const SavedPayee = z.object({
  name: z.string(),
  iban: z.string(),
  addedAt: z.int(),
  key: z.string(),
  request: z.string(),
});
type SavedPayee = z.infer<typeof SavedPayee>;

const migrations = [
  {
    version: 1,
    sql: `
      CREATE TABLE customers (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, segment TEXT NOT NULL,
        riskProfile INTEGER, birthYear INTEGER, codeHash TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE links (
        person TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers (id), linkedAt INTEGER NOT NULL) STRICT;
      CREATE TABLE payees (
        customer TEXT NOT NULL REFERENCES customers (id), iban TEXT NOT NULL, name TEXT NOT NULL,
        key TEXT NOT NULL, request TEXT NOT NULL, addedAt INTEGER NOT NULL,
        PRIMARY KEY (customer, iban), UNIQUE (customer, key)) STRICT, WITHOUT ROWID;`,
  },
  // Who used the customer's code; a link that is there already has used it.
  {
    version: 2,
    sql: `
      ALTER TABLE customers ADD COLUMN usedBy TEXT;
      UPDATE customers SET usedBy = (SELECT person FROM links WHERE customer = customers.id ORDER BY linkedAt LIMIT 1);`,
  },
];

export type Customers = ReturnType<typeof createCustomers>;

/** Opens the tables. All functions are synchronous; the writing ones belong inside a write transaction. */
export function createCustomers(database: Database, reusableCodes: boolean) {
  migrate(database, "customers", migrations);
  return { ...people(database, reusableCodes), ...payeesOf(database) };
}

function people(database: Database, reusableCodes: boolean) {
  const readCustomer = rowReader("customers", Customer.optional());
  const insert = database.prepare(
    "INSERT INTO customers (id, name, segment, riskProfile, birthYear, codeHash) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const byId = database.prepare("SELECT id, name, segment, riskProfile, birthYear FROM customers WHERE id = ?");
  const byCode = database.prepare("SELECT id, name, segment, riskProfile, birthYear FROM customers WHERE codeHash = ?");
  const byPerson = database.prepare(
    "SELECT id, name, segment, riskProfile, birthYear FROM customers JOIN links ON links.customer = customers.id WHERE person = ?",
  );
  const bind = database.prepare("INSERT INTO links (person, customer, linkedAt) VALUES (?, ?, ?)");
  const isUsed = database.prepare("SELECT 1 FROM customers WHERE id = ? AND usedBy IS NOT NULL AND usedBy <> ?");
  const use = database.prepare("UPDATE customers SET usedBy = ? WHERE id = ?");
  const free = database.prepare("UPDATE customers SET usedBy = NULL WHERE usedBy = ?");
  const unbind = database.prepare("DELETE FROM links WHERE person = ?");
  const ofPerson = (person: string): Customer | undefined => readCustomer(byPerson.get(person));
  return {
    add: (customer: Customer & { readonly linkCode: string }): void => {
      const { id, name, segment, riskProfile = null, birthYear = null, linkCode } = customer;
      insert.run(id, name, segment, riskProfile, birthYear, codeHash(linkCode));
    },
    byId: (id: string): Customer | undefined => readCustomer(byId.get(id)),
    ofPerson,
    link: (person: string, code: string, now: number): Awaited<ReturnType<Bank["link"]>> => {
      // Looked up by its hash: how long that takes says nothing about how much of a code was right.
      const customer = readCustomer(byCode.get(codeHash(code)));
      if (customer === undefined) return "unknown";
      const current = ofPerson(person);
      if (current !== undefined) return current.id === customer.id ? "already" : "other";
      if (!reusableCodes && isUsed.get(customer.id, person) !== undefined) return "used";
      bind.run(person, customer.id, now);
      use.run(person, customer.id);
      return "linked";
    },
    unlink: (person: string): boolean => {
      free.run(person);
      return unbind.run(person).changes > 0;
    },
  };
}

function payeesOf(database: Database) {
  const readPayee = rowReader("payees", SavedPayee);
  const select = database.prepare("SELECT * FROM payees WHERE customer = ? ORDER BY addedAt, name");
  const count = database.prepare("SELECT count(*) AS count FROM payees WHERE customer = ?");
  const insert = database.prepare(`
    INSERT INTO payees (customer, iban, name, key, request, addedAt)
    VALUES (@customer, @iban, @name, @key, @request, @addedAt)`);
  const remove = database.prepare("DELETE FROM payees WHERE customer = ? AND key = ?");
  const list = (customer: string): readonly SavedPayee[] => select.all(customer).map(readPayee);

  /** Throws when the payee cannot be saved. */
  function assertNew(customer: string, payee: Payee): void {
    const name = nameTokens(payee.name).join(" ");
    const same = list(customer).find((one) => one.iban === payee.iban || nameTokens(one.name).join(" ") === name);
    if (same !== undefined) {
      throw new BankRefusal("bank/payee-exists", `A payee with that name or IBAN is saved already, as ${same.name}.`);
    }
    if (readCount(count.get(customer)) >= MAX_PAYEES) {
      throw new BankRefusal("bank/too-many-payees", `${MAX_PAYEES} payees are saved, which is the most there can be.`);
    }
  }

  return {
    payees: list,
    assertNew,
    savePayee: (customer: string, payee: Payee & Idempotency, now: number): Payee => {
      const { name, iban, key, request } = payee;
      const existing = list(customer).find((one) => one.key === key);
      if (existing !== undefined) {
        const saved = sameRequest(existing, request);
        return { name: saved.name, iban: saved.iban };
      }
      assertNew(customer, payee);
      insert.run({ customer, iban, name, key, request, addedAt: now });
      return { name, iban };
    },
    removePayee: (customer: string, key: string): void => void remove.run(customer, key),
  };
}

function codeHash(code: string): string {
  return sha256(`link-code:${code.trim().toUpperCase()}`);
}
