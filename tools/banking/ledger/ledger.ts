/** Accounts, and immutable entries whose postings add up to zero in each currency. */
import { ParleyError } from "../../../core/errors.ts";
import type { Json } from "../../../core/json.ts";
import type { Work } from "../../../core/store/sql/database.ts";
import { all, first, run } from "../../../core/store/sql/work.ts";
import { canonicalJson } from "../../canonical-json.ts";
import { BankRefusal } from "../errors.ts";
import { nameTokens } from "../provenance.ts";
import {
  type Account,
  accountsOfOwner,
  accountWithIban,
  addToAccount,
  type Entry,
  entryWithKey,
  insertAccount,
  insertEntry,
  insertPosting,
  lockedAccounts,
  type Posting,
  postingsOfEntry,
} from "./queries.ts";

export interface NewEntry extends Omit<Entry, "id" | "result"> {
  readonly postings: readonly Posting[];
  readonly voids?: number;
  readonly result?: Json;
}

/** The account with this IBAN, where the bank keeps it. */
export const accountByIban = (iban: string): Work<Account | undefined> => first(accountWithIban, { iban });

/** In the order in which they were opened. */
export const accountsOf = (owner: string): Work<readonly Account[]> => all(accountsOfOwner, { owner });

/** Opens an account with nothing on it. */
export function* openAccount(account: Omit<Account, "posted">, position: number): Work<void> {
  const { id, name, currency, owner = null, iban = null, minimum = null } = account;
  yield* run(insertAccount, { id, name, currency, owner, iban, minimum, position });
}

/** Adds what was posted to an account. */
export const addPosted = (id: string, amount: number): Work<void> => run(addToAccount, { id, amount });

/** The accounts with what is posted now, which stays so until the transaction ends. Throws `bank/unknown-account`. */
export function* lockAccounts(ids: readonly string[]): Work<readonly Account[]> {
  const accounts = yield* all(lockedAccounts, { ids: JSON.stringify(ids) });
  if (accounts.length < new Set(ids).size) {
    throw new ParleyError("bank/unknown-account", "The ledger has no such account.");
  }
  return accounts;
}

/** The entry with this key; throws `bank/idempotency-conflict` where it was made for another request. */
export function* findEntry(key: string, request?: string): Work<Entry | undefined> {
  const entry = yield* first(entryWithKey, { key });
  return entry === undefined || request === undefined ? entry : sameRequest(entry, request);
}

export const postingsOf = (entry: number): Work<readonly Posting[]> => all(postingsOfEntry, { entry });

/**
 * Books an entry with a new key on locked accounts. Throws `bank/insufficient-funds`, and a `ParleyError` where the
 * postings do not add up to zero.
 */
export function* bookEntry(entry: NewEntry, accounts: readonly Account[]): Work<Entry> {
  afterBooking(entry, accounts);
  yield* writeEntry(entry);
  for (const { account, amount } of entry.postings) yield* addPosted(account, amount);
  const stored = yield* first(entryWithKey, { key: entry.key });
  if (stored === undefined) throw new ParleyError("store/corrupt-row", "An entry that was just booked is not there.");
  return stored;
}

/** Books the opposite of an entry, once. */
export function* reverseEntry(original: Entry, at: number): Work<void> {
  const key = `void:${original.key}`;
  if ((yield* first(entryWithKey, { key })) !== undefined) return;
  const postings = (yield* postingsOf(original.id)).map((posting) => ({
    ...posting,
    amount: -posting.amount,
    description: `Reversal: ${posting.description}`,
  }));
  const accounts = yield* lockAccounts(postings.map(({ account }) => account));
  yield* bookEntry({ key, request: original.request, kind: "void", at, voids: original.id, postings }, accounts);
}

/** Writes an entry and its postings; the accounts' balances are the caller's. */
export function* writeEntry({ postings, voids, result = null, ...entry }: NewEntry): Work<void> {
  const { key } = entry;
  const date = new Date(entry.at).toISOString().slice(0, 10);
  yield* run(insertEntry, { ...entry, date, voids: voids ?? null, result: canonicalJson(result) });
  for (const posting of postings) {
    const search = nameTokens(`${posting.counterparty} ${posting.description}`).join(" ");
    yield* run(insertPosting, { ...posting, key, date, search });
  }
}

/** The accounts of an entry as it leaves them. Throws where it cannot be booked. */
export function afterBooking({ postings }: NewEntry, accounts: readonly Account[]): readonly Account[] {
  const involved = postings.map((posting) => {
    const account = accounts.find(({ id }) => id === posting.account);
    if (account === undefined) throw new ParleyError("bank/unknown-account", "The ledger has no such account.");
    return { posting, account };
  });
  assertBalanced(involved);
  return involved.map(({ posting, account }) => {
    const posted = account.posted + posting.amount;
    if (!Number.isSafeInteger(posted)) throw new ParleyError("bank/overflow", "A balance would be too large to count.");
    if (account.minimum !== undefined && posted < account.minimum) {
      throw new BankRefusal("bank/insufficient-funds", `There is not enough money on ${account.name}.`, {
        values: { account: account.name },
      });
    }
    return { ...account, posted };
  });
}
/** What is stored under a key, when it was made for the same request. Throws `bank/idempotency-conflict`. */
export function sameRequest<Stored extends { readonly request: string }>(entry: Stored, request: string): Stored {
  if (entry.request === request) return entry;
  throw new BankRefusal("bank/idempotency-conflict", "This key was used for another request before. Nothing was done.");
}

function assertBalanced(involved: readonly { readonly posting: Posting; readonly account: Account }[]): void {
  const sums = new Map<string, number>();
  for (const { posting, account } of involved) {
    if (!Number.isSafeInteger(posting.amount) || posting.amount === 0) {
      throw new ParleyError("bank/amount", "A posting needs a whole number of minor units other than zero.");
    }
    sums.set(account.currency, (sums.get(account.currency) ?? 0) + posting.amount);
  }
  const accountsOnce = new Set(involved.map(({ account }) => account.id)).size === involved.length;
  if (involved.length < 2 || !accountsOnce || [...sums.values()].some((sum) => sum !== 0)) {
    throw new ParleyError("bank/unbalanced", "The postings of an entry must add up to zero, each on its own account.");
  }
}
