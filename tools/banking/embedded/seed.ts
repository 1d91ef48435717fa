import type { Database } from "better-sqlite3";
import { readCount } from "../../../core/store/sqlite/rows.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { SeedContent, SeedCustomer } from "./content.ts";
import type { Customers } from "./customers.ts";

/** The bank's own accounts, the other side of every sample booking. */
export const systemAccount = (kind: "outside" | "opening", currency: string): string => `system:${kind}:${currency}`;

interface Books {
  readonly ledger: Ledger;
  readonly customers: Customers;
}

/** Fills an empty bank, once, in one transaction: several processes may start at the same time. Gives whether it did. */
export function seedBank(database: Database, books: Books, content: SeedContent, now: number): boolean {
  const count = database.prepare("SELECT count(*) AS count FROM customers");
  return database
    .transaction(() => {
      if (readCount(count.get()) > 0) return false;
      const first = content.transactions.reduce((earliest, { date }) => (date < earliest ? date : earliest), "9999");
      const opened = first === "9999" ? now : Date.parse(first) - 1;
      for (const customer of content.customers) openCustomer(customer, books, opened);
      bookYear(content, books.ledger);
      return true;
    })
    .immediate();
}

function openCustomer(customer: SeedCustomer, { ledger, customers }: Books, opened: number): void {
  const { id: owner, payees } = customer;
  customers.add(customer);
  for (const { id, iban, name, currency, openingMinor } of customer.accounts) {
    ledger.open({ id, owner, name, iban, currency, minimum: 0 });
    for (const kind of ["outside", "opening"] as const) {
      ledger.open({ id: systemAccount(kind, currency), name: kind, currency });
    }
    if (openingMinor === 0) continue;
    const line = { counterparty: "Opening balance", description: "Opening balance", category: "opening" };
    ledger.post({
      key: `seed:opening:${id}`,
      request: "seed",
      kind: "opening",
      at: opened,
      postings: [
        { ...line, account: id, amount: openingMinor },
        { ...line, account: systemAccount("opening", currency), amount: -openingMinor },
      ],
    });
  }
  for (const payee of payees) customers.savePayee(owner, { ...payee, key: `seed:${payee.iban}`, request: "seed" }, 0);
}

function bookYear({ customers, transactions }: SeedContent, ledger: Ledger): void {
  const currencies = new Map(customers.flatMap(({ accounts }) => accounts.map(({ id, currency }) => [id, currency])));
  for (const [index, booking] of transactions.entries()) {
    const { date, accountId: account, amountMinor: amount, counterparty, description, category } = booking;
    const line = { counterparty, description, category };
    const outside = systemAccount("outside", currencies.get(account) ?? "");
    ledger.post({
      key: `seed:${index}`,
      request: "seed",
      kind: "booking",
      at: Date.parse(date),
      postings: [
        { ...line, account, amount },
        { ...line, account: outside, amount: -amount },
      ],
    });
  }
}
