/** The rows of accounts, entries and postings, and the queries over them. */
import { sql } from "kysely";
import { z } from "zod";
import { Json } from "../../../core/json.ts";
import { jsonText } from "../../../core/store/rows.ts";
import { bankQuery } from "./tables.ts";

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
export type Posting = z.infer<typeof Posting>;

const Entry = z.object({
  id: z.int(),
  /** The same key with the same request is the same entry. */
  key: z.string(),
  request: z.string(),
  kind: z.enum(["opening", "booking", "transfer", "void"]),
  at: z.int(),
  /** What a repetition gets to hear. */
  result: jsonText(Json),
});
/** A stored entry. */
export type Entry = z.infer<typeof Entry>;

const accountColumns = ["id", "owner", "name", "iban", "currency", "minimum", "posted"] as const;
export const accountWithIban = bankQuery<{ iban: string }>()("bank_accounts", Account, ({ db, value }) =>
  db.selectFrom("bank_accounts").select(accountColumns).where("iban", "=", value("iban")),
);
export const accountsOfOwner = bankQuery<{ owner: string }>()("bank_accounts", Account, ({ db, value }) =>
  db.selectFrom("bank_accounts").select(accountColumns).where("owner", "=", value("owner")).orderBy("position"),
);
// All of an entry's accounts at once and in one order, so that no two entries wait for each other; the bank's own, which
// others wait for as well, last.
export const lockedAccounts = bankQuery<{ ids: string }>()("bank_accounts", Account, ({ db, value, dialect }) =>
  db
    .selectFrom("bank_accounts")
    .select(accountColumns)
    .where("id", "in", dialect.members(value("ids")))
    .orderBy(sql`${sql.ref("owner")} IS NULL`)
    .orderBy("id")
    .modifyEnd(dialect.lockRows),
);
export const insertAccount = bankQuery<{
  id: string;
  owner: string | null;
  name: string;
  iban: string | null;
  currency: string;
  minimum: number | null;
  position: number;
}>()("bank_accounts", z.unknown(), ({ db, value }) =>
  db.insertInto("bank_accounts").values({
    id: value("id"),
    owner: value("owner"),
    name: value("name"),
    iban: value("iban"),
    currency: value("currency"),
    minimum: value("minimum"),
    position: value("position"),
  }),
);
export const addToAccount = bankQuery<{ id: string; amount: number }>()("bank_accounts", z.unknown(), ({ db, value }) =>
  db
    .updateTable("bank_accounts")
    .set(({ eb }) => ({ posted: eb("posted", "+", value("amount")) }))
    .where("id", "=", value("id")),
);
export const entryWithKey = bankQuery<{ key: string }>()("bank_entries", Entry, ({ db, value }) =>
  db
    .selectFrom("bank_entries")
    .select(["id", "key", "request", "kind", "at", "result"])
    .where("key", "=", value("key")),
);
export const insertEntry = bankQuery<{
  key: string;
  request: string;
  kind: string;
  at: number;
  date: string;
  voids: number | null;
  result: string;
}>()("bank_entries", z.unknown(), ({ db, value }) =>
  db.insertInto("bank_entries").values({
    key: value("key"),
    request: value("request"),
    kind: value("kind"),
    at: value("at"),
    date: value("date"),
    voids: value("voids"),
    result: value("result"),
  }),
);
export const postingsOfEntry = bankQuery<{ entry: number }>()("bank_postings", Posting, ({ db, value }) =>
  db
    .selectFrom("bank_postings")
    .select(["account", "amount", "counterparty", "description", "category"])
    .where("entry", "=", value("entry")),
);
export const insertPosting = bankQuery<Posting & { key: string; date: string; search: string }>()(
  "bank_postings",
  z.unknown(),
  ({ db, value }) =>
    db.insertInto("bank_postings").values({
      entry: db.selectFrom("bank_entries").select("id").where("key", "=", value("key")),
      account: value("account"),
      amount: value("amount"),
      date: value("date"),
      counterparty: value("counterparty"),
      description: value("description"),
      category: value("category"),
      search: value("search"),
    }),
);
