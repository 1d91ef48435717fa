import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../../core/store/sqlite/database.ts";
import { openSqliteDatabase } from "../../../core/store/sqlite/sqlite-database.ts";
import { temporaryFolder } from "../../../test/support/bank-chat.ts";
import { openEmbeddedBank } from "../embedded/embedded-bank.ts";
import type { Bank } from "../port.ts";

const IBAN = "DE67999800105286782500";
/** A bank as it was written when the ledger and the customers were modules of their own. */
const FORMER = `
  CREATE TABLE schema_versions (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
  INSERT INTO schema_versions VALUES ('ledger', 1), ('customers', 2);
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY, owner TEXT, name TEXT NOT NULL, iban TEXT UNIQUE, currency TEXT NOT NULL,
    position INTEGER NOT NULL, minimum INTEGER, posted INTEGER NOT NULL DEFAULT 0,
    CHECK (minimum IS NULL OR posted >= minimum)) STRICT;
  CREATE INDEX accounts_by_owner ON accounts (owner, position);
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, request TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('opening', 'booking', 'transfer', 'void')),
    at INTEGER NOT NULL, date TEXT NOT NULL, voids INTEGER UNIQUE REFERENCES entries (id), result TEXT NOT NULL) STRICT;
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
  CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'never changed'); END;
  CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'never deleted'); END;
  CREATE TRIGGER postings_are_final BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'never changed'); END;
  CREATE TRIGGER postings_stay BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'never deleted'); END;
  CREATE TABLE customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, segment TEXT NOT NULL,
    riskProfile INTEGER, birthYear INTEGER, codeHash TEXT NOT NULL UNIQUE, usedBy TEXT) STRICT;
  CREATE TABLE links (
    person TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers (id), linkedAt INTEGER NOT NULL) STRICT;
  CREATE TABLE payees (
    customer TEXT NOT NULL REFERENCES customers (id), iban TEXT NOT NULL, name TEXT NOT NULL,
    key TEXT NOT NULL, request TEXT NOT NULL, addedAt INTEGER NOT NULL,
    PRIMARY KEY (customer, iban), UNIQUE (customer, key)) STRICT, WITHOUT ROWID;

  INSERT INTO accounts VALUES
    ('ada-main', 'ada', 'Main', '${IBAN}', 'EUR', 0, 0, 900), ('system:outside:EUR', NULL, 'outside', NULL, 'EUR', 1, NULL, 100),
    ('system:opening:EUR', NULL, 'opening', NULL, 'EUR', 2, NULL, -1000);
  INSERT INTO entries VALUES
    (1, 'seed:opening:ada-main', 'seed', 'opening', 1, '1970-01-01', NULL, 'null'),
    (7, 'paid', 'r', 'transfer', 5, '1970-01-01', NULL,
      '{"at":"1970-01-01T00:00:00.005Z","from":{"account":"Main","afterMinor":700,"beforeMinor":1000},"id":"T7"}'),
    (8, 'again', 'r', 'transfer', 6, '1970-01-01', NULL,
      '{"at":"1970-01-01T00:00:00.006Z","from":{"account":"Main","afterMinor":600,"beforeMinor":700},"id":"T8"}'),
    (9, 'void:paid', 'r', 'void', 9, '1970-01-01', 7, 'null');
  INSERT INTO postings VALUES
    (1, 'ada-main', 1000, '1970-01-01', 'x', 'x', 'opening', 'x x'), (1, 'system:opening:EUR', -1000, '1970-01-01', 'x', 'x', 'opening', 'x x'),
    (7, 'ada-main', -300, '1970-01-01', 'Ben', 'Rent', 'transfer', 'ben rent'),
    (7, 'system:outside:EUR', 300, '1970-01-01', 'Ada', 'Rent', 'transfer', 'ada rent'),
    (8, 'ada-main', -100, '1970-01-01', 'Ben', 'Rent', 'transfer', 'ben rent'),
    (8, 'system:outside:EUR', 100, '1970-01-01', 'Ada', 'Rent', 'transfer', 'ada rent'),
    (9, 'ada-main', 300, '1970-01-01', 'Ben', 'Reversal: Rent', 'transfer', 'ben reversal rent'),
    (9, 'system:outside:EUR', -300, '1970-01-01', 'Ada', 'Reversal: Rent', 'transfer', 'ada reversal rent');
  INSERT INTO outgoing VALUES (7, 'ada', 'DE89370400440532013000', 'EUR', 300, 5), (8, 'ada', 'DE89370400440532013000', 'EUR', 100, 6);
  INSERT INTO customers VALUES ('ada', 'Ada', 'any', 3, NULL, 'hash', 'person-of-ada');
  INSERT INTO links VALUES ('person-of-ada', 'ada', 4);
  INSERT INTO payees VALUES ('ada', 'DE89370400440532013000', 'Ben', 'k', 'r', 3);`;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

async function openFormer(path: string): Promise<Bank> {
  return await openEmbeddedBank({
    database: openSqliteDatabase(path),
    content: async () => await Promise.reject(new Error("The bank was taken for an empty one.")),
    clock: () => 10,
    limitsOf: () => ({ perTransferMinor: 500, perDayMinor: 500, newPayeePerDayMinor: 500 }),
  });
}

it("takes over a bank of before: money, receipts, limits, links and payees", async () => {
  const path = `${folder.path}/bank.db`;
  const former = openDatabase(path);
  former.exec(FORMER);
  former.close();
  const [bank, other] = await Promise.all([openFormer(path), openFormer(path)]);
  expect(await bank.check()).toMatchObject([{ status: "ok", detail: "4 entries, all sums right" }]);
  expect(await bank.customerOf("person-of-ada")).toEqual({ id: "ada", name: "Ada", segment: "any", riskProfile: 3 });
  expect(await bank.payees("ada")).toEqual([{ name: "Ben", iban: "DE89370400440532013000" }]);
  expect(await bank.receipt({ key: "paid", request: "r" })).toMatchObject({ id: "T7", from: { afterMinor: 700 } });
  await bank.voidTransfer("ada", "paid");
  const order = {
    customer: "ada",
    fromAccountId: "ada-main",
    toIban: "DE89370400440532013000",
    toName: "Ben",
    amount: { minor: 101, currency: "EUR" },
    reference: "",
  };
  await expect(other.checkTransfer(order)).rejects.toMatchObject({ code: "bank/daily-limit" });
  const sent = { ...order, amount: { minor: 100, currency: "EUR" } };
  expect(await bank.transfer(sent, { key: "new", request: "r" })).toMatchObject({
    id: "T10",
    from: { beforeMinor: 900, afterMinor: 800 },
  });
  await bank.close();
  await other.close();
  const database = openDatabase(path);
  expect(() => database.exec("UPDATE bank_postings SET amount = 1")).toThrow("never changed");
  expect(database.prepare("SELECT module, version FROM schema_versions ORDER BY module").all()).toEqual([
    { module: "bank", version: 2 },
    { module: "customers", version: 3 },
    { module: "ledger", version: 2 },
  ]);
  expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'accounts'").all()).toEqual([]);
  database.close();
});
