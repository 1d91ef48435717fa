/** Accounts, and immutable entries whose postings add up to zero in each currency. */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { jsonText, rowReader } from "../../../core/store/sqlite/rows.ts";
import { ParleyError } from "../../../core/errors.ts";
import { Json } from "../../../core/json.ts";
import { migrate } from "../../../core/store/sqlite/database.ts";
import { canonicalJson } from "../../canonical-json.ts";
import { BankRefusal } from "../errors.ts";
import { nameTokens } from "../provenance.ts";
import { ledgerMigrations } from "./schema.ts";

const Account = z.object({
  id: z.string(),
  /** The customer; none for the bank's own accounts. */
  owner: z.string().optional(),
  name: z.string(),
  iban: z.string().optional(),
  currency: z.string(),
  /** The balance may not fall below it; none for the bank's own accounts. */
  minimum: z.int().optional(),
  posted: z.int(),
});
export type Account = z.infer<typeof Account>;

/** One side of an entry, as its account's owner sees it. */
const Posting = z.object({
  account: z.string(),
  amount: z.int(),
  counterparty: z.string(),
  description: z.string(),
  category: z.string(),
});
type Posting = z.infer<typeof Posting>;

const Entry = z.object({
  id: z.int(),
  /** The same key with the same request is the same entry. */
  key: z.string(),
  request: z.string(),
  kind: z.enum(["opening", "booking", "transfer", "void"]),
  at: z.int(),
  result: jsonText(Json),
});
/** A stored entry. */
export type Entry = z.infer<typeof Entry>;

export interface NewEntry extends Omit<Entry, "id" | "result"> {
  readonly postings: readonly Posting[];
  readonly voids?: number;
  /** What a repetition gets to hear, made from the entry's id once it stands. */
  readonly result?: (entry: number) => Json;
}

const readAccount = rowReader("accounts", Account.optional());
const readEntry = rowReader("entries", Entry.optional());
const readPosting = rowReader("postings", Posting);

export type Ledger = ReturnType<typeof createLedger>;

/** Opens the ledger's tables. All functions are synchronous; `post` and `reverse` belong inside a write transaction. */
export function createLedger(database: Database) {
  migrate(database, "ledger", ledgerMigrations);
  const accounts = accountQueries(database);
  const entries = entryQueries(database);

  /** Books an entry, or gives the one with this key. Throws on a conflict, a sum that is not zero, or too little money. */
  function post(entry: NewEntry): Entry {
    const existing = entries.byKey(entry.key);
    if (existing !== undefined) return sameRequest(existing, entry.request);
    const involved = entry.postings.map((posting) => ({ posting, account: accounts.get(posting.account) }));
    assertBalanced(involved);
    for (const { posting, account } of involved) {
      const posted = account.posted + posting.amount;
      if (!Number.isSafeInteger(posted))
        throw new ParleyError("bank/overflow", "A balance would be too large to count.");
      if (account.minimum !== undefined && posted < account.minimum) {
        throw new BankRefusal("bank/insufficient-funds", `There is not enough money on ${account.name}.`);
      }
    }
    const stored = entries.insert(entry);
    for (const { posting } of involved) accounts.add(posting.account, posting.amount);
    return stored;
  }

  /** Books the opposite of an entry, once. */
  function reverse(original: Entry, at: number): Entry {
    const postings = entries.postings(original.id);
    return post({
      key: `void:${original.key}`,
      request: original.request,
      kind: "void",
      at,
      voids: original.id,
      postings: postings.map((posting) => ({
        ...posting,
        amount: -posting.amount,
        description: `Reversal: ${posting.description}`,
      })),
    });
  }

  return { ...accounts, find: entries.find, postings: entries.postings, post, reverse };
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

function accountQueries(database: Database) {
  const byId = database.prepare("SELECT * FROM accounts WHERE id = ?");
  const byIban = database.prepare("SELECT * FROM accounts WHERE iban = ?");
  const byOwner = database.prepare("SELECT * FROM accounts WHERE owner = ? ORDER BY position");
  const insert = database.prepare(`
    INSERT INTO accounts (id, owner, name, iban, currency, minimum, position)
    VALUES (@id, @owner, @name, @iban, @currency, @minimum, (SELECT count(*) FROM accounts))
    ON CONFLICT (id) DO NOTHING`);
  const add = database.prepare("UPDATE accounts SET posted = posted + ? WHERE id = ?");
  return {
    get: (id: string): Account => {
      const account = readAccount(byId.get(id));
      if (account === undefined) throw new ParleyError("bank/unknown-account", "The ledger has no such account.");
      return account;
    },
    byIban: (iban: string): Account | undefined => readAccount(byIban.get(iban)),
    ofOwner: (owner: string): readonly Account[] => byOwner.all(owner).flatMap((row) => readAccount(row) ?? []),
    open: (account: Omit<Account, "posted">): void => {
      const { id, name, currency, owner = null, iban = null, minimum = null } = account;
      insert.run({ id, name, currency, owner, iban, minimum });
    },
    add: (id: string, amount: number): void => void add.run(amount, id),
  };
}

function entryQueries(database: Database) {
  const byKey = database.prepare("SELECT * FROM entries WHERE key = ?");
  const nextId = database.prepare("SELECT coalesce(max(id), 0) + 1 AS id FROM entries");
  const readId = rowReader("entries", z.object({ id: z.int() }));
  const insertEntry = database.prepare(`
    INSERT INTO entries (id, key, request, kind, at, date, voids, result)
    VALUES (@id, @key, @request, @kind, @at, @date, @voids, @result)`);
  const insertPosting = database.prepare(`
    INSERT INTO postings (entry, account, amount, date, counterparty, description, category, search)
    VALUES (@entry, @account, @amount, @date, @counterparty, @description, @category, @search)`);
  const postingsOf = database.prepare("SELECT * FROM postings WHERE entry = ?");
  const find = (key: string): Entry | undefined => readEntry(byKey.get(key));
  return {
    byKey: find,
    /** The entry with this key; throws on a conflict with the request. */
    find: (key: string, request?: string): Entry | undefined => {
      const entry = find(key);
      return entry === undefined || request === undefined ? entry : sameRequest(entry, request);
    },
    postings: (entry: number): readonly Posting[] => postingsOf.all(entry).map(readPosting),
    insert: ({ postings, result, voids, ...entry }: NewEntry): Entry => {
      const { id } = readId(nextId.get());
      const date = new Date(entry.at).toISOString().slice(0, 10);
      const stored = { ...entry, id, result: result?.(id) ?? null };
      insertEntry.run({ ...entry, id, date, voids: voids ?? null, result: canonicalJson(stored.result) });
      for (const posting of postings) {
        const search = nameTokens(`${posting.counterparty} ${posting.description}`).join(" ");
        insertPosting.run({ ...posting, entry: id, date, search });
      }
      return stored;
    },
  };
}
