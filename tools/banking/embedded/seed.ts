import type { Work } from "../../../core/store/sql/database.ts";
import { first } from "../../../core/store/sql/work.ts";
import { addPosted, afterBooking, type NewEntry, openAccount, writeEntry } from "../ledger/ledger.ts";
import type { Account } from "../ledger/queries.ts";
import type { SeedContent, SeedCustomer } from "./content.ts";
import { addCustomer, anyCustomer } from "./customers.ts";
import { savePayee } from "./payees.ts";

/** The bank's own accounts, the other side of every sample booking. */
export const systemAccount = (kind: "outside" | "opening", currency: string): string => `system:${kind}:${currency}`;

/** The accounts while the bank is filled. They are written in the end, and until then nothing is read back. */
type Books = Map<string, Account>;

/** Fills an empty bank, once: whoever comes second finds it filled. */
export function* seedBank(content: SeedContent, now: number): Work<void> {
  if ((yield* first(anyCustomer, {})) !== undefined) return;
  const earliest = content.transactions.reduce((least, { date }) => (date < least ? date : least), "9999");
  const opened = earliest === "9999" ? now : Date.parse(earliest) - 1;
  const books: Books = new Map();
  for (const customer of content.customers) yield* openCustomer(customer, books, opened);
  yield* bookYear(content, books);
  for (const { id, posted } of books.values()) yield* addPosted(id, posted);
}

function* openCustomer(customer: SeedCustomer, books: Books, opened: number): Work<void> {
  const { id: owner, payees } = customer;
  yield* addCustomer(customer);
  for (const { id, iban, name, currency, openingMinor } of customer.accounts) {
    yield* open({ id, owner, name, iban, currency, minimum: 0 }, books);
    for (const kind of ["outside", "opening"] as const) {
      yield* open({ id: systemAccount(kind, currency), name: kind, currency }, books);
    }
    if (openingMinor === 0) continue;
    const line = { counterparty: "Opening balance", description: "Opening balance", category: "opening" };
    yield* book(books, {
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
  for (const payee of payees) yield* savePayee(owner, { ...payee, key: `seed:${payee.iban}`, request: "seed" }, 0);
}

function* bookYear({ customers, transactions }: SeedContent, books: Books): Work<void> {
  const currencies = new Map(customers.flatMap(({ accounts }) => accounts.map(({ id, currency }) => [id, currency])));
  for (const [index, booking] of transactions.entries()) {
    const { date, accountId: account, amountMinor: amount, counterparty, description, category } = booking;
    const line = { counterparty, description, category };
    const outside = systemAccount("outside", currencies.get(account) ?? "");
    yield* book(books, {
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

function* open(account: Omit<Account, "posted">, books: Books): Work<void> {
  if (books.has(account.id)) return;
  yield* openAccount(account, books.size);
  books.set(account.id, { ...account, posted: 0 });
}

function* book(books: Books, entry: NewEntry): Work<void> {
  const accounts = entry.postings.flatMap(({ account }) => books.get(account) ?? []);
  for (const account of afterBooking(entry, accounts)) books.set(account.id, account);
  yield* writeEntry(entry);
}
