import { type Expression, sql } from "kysely";
import { z } from "zod";
import type { Work } from "../../../core/store/sql/database.ts";
import type { QueryParts } from "../../../core/store/sql/queries.ts";
import { all } from "../../../core/store/sql/work.ts";
import { type BankTables, bankQuery } from "../ledger/tables.ts";
import type { TransactionFilter, TransactionPage } from "../port.ts";
import { nameTokens } from "../provenance.ts";

const Row = z.object({
  date: z.string(),
  account: z.string(),
  amount: z.int(),
  currency: z.string(),
  counterparty: z.string(),
  description: z.string(),
  category: z.string(),
});
const Sums = z.object({
  currency: z.string(),
  inMinor: z.int(),
  inCount: z.int(),
  outMinor: z.int(),
  outCount: z.int(),
});

/** NULL leaves the condition out. */
type Wanted = {
  readonly customer: string;
  readonly accountId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly minMinor: number | null;
  readonly maxMinor: number | null;
  readonly category: string | null;
  readonly text: string | null;
  readonly counterparty: string | null;
  readonly direction: string | null;
};

/** Opening balances are no transactions. */
function matching({ db, value, dialect }: QueryParts<BankTables, Wanted>) {
  const text = (name: keyof Wanted) => sql<string>`CAST(${value(name)} AS TEXT)`;
  const minor = (name: keyof Wanted) => sql<number>`CAST(${value(name)} AS BIGINT)`;
  const where = (given: Expression<unknown>, condition: Expression<unknown>) =>
    sql<boolean>`(${given} IS NULL OR ${condition})`;
  const amount = sql`abs(${sql.ref("amount")})`;
  const search = sql<string>`' ' || ${sql.ref("search")}`;
  return db
    .selectFrom("bank_postings")
    .innerJoin("bank_accounts", "bank_accounts.id", "bank_postings.account")
    .where("owner", "=", value("customer"))
    .where("category", "<>", "opening")
    .where(where(text("accountId"), sql`${sql.ref("account")} = ${text("accountId")}`))
    .where(where(text("from"), sql`${sql.ref("date")} >= ${text("from")}`))
    .where(where(text("to"), sql`${sql.ref("date")} <= ${text("to")}`))
    .where(where(minor("minMinor"), sql`${amount} >= ${minor("minMinor")}`))
    .where(where(minor("maxMinor"), sql`${amount} <= ${minor("maxMinor")}`))
    .where(where(text("counterparty"), sql`${sql.ref("counterparty")} = ${text("counterparty")}`))
    .where(where(text("direction"), sql`(${sql.ref("amount")} > 0) = (${text("direction")} = 'in')`))
    .where(where(text("category"), sql`${sql.ref("category")} = ${text("category")}`))
    .where(where(text("text"), sql`${dialect.position(search, text("text"))} > 0`));
}

const rows = (parts: QueryParts<BankTables, Wanted & { limit: number }>) =>
  matching(parts)
    .select(["date", "bank_accounts.name as account", "amount", "currency", "counterparty", "description", "category"])
    .limit(parts.value("limit"));
const findNewest = bankQuery<Wanted & { limit: number }>()("bank_postings", Row, (parts) =>
  rows(parts).orderBy("date", "desc").orderBy("entry", "desc"),
);
const findLargest = bankQuery<Wanted & { limit: number }>()("bank_postings", Row, (parts) =>
  rows(parts)
    .orderBy(sql`abs(${sql.ref("amount")})`, "desc")
    .orderBy("date", "desc")
    .orderBy("entry", "desc"),
);
const Name = z.object({ counterparty: z.string() });
const findCounterparties = bankQuery<{ customer: string }>()("bank_postings", Name, ({ db, value }) =>
  db
    .selectFrom("bank_postings")
    .innerJoin("bank_accounts", "bank_accounts.id", "bank_postings.account")
    .where("owner", "=", value("customer"))
    .where("category", "<>", "opening")
    .select("counterparty")
    .distinct()
    .orderBy("counterparty"),
);
const sumAll = bankQuery<Wanted>()("bank_postings", Sums, (parts) => {
  const sumOf = (amount: Expression<number>) =>
    sql<number>`CAST(sum(${parts.dialect.greatest(amount, sql<number>`0`)}) AS BIGINT)`;
  const amount = sql.ref<number>("amount");
  const countOf = (is: Expression<unknown>) => sql<number>`CAST(sum(CASE WHEN ${is} THEN 1 ELSE 0 END) AS BIGINT)`;
  return matching(parts)
    .select([
      "currency",
      sumOf(amount).as("inMinor"),
      countOf(sql`${amount} > 0`).as("inCount"),
      sumOf(sql<number>`-${amount}`).as("outMinor"),
      countOf(sql`${amount} < 0`).as("outCount"),
    ])
    .groupBy("currency")
    .orderBy("currency");
});

/** Whom a customer paid or was paid by, in the order of the alphabet. */
export function* readCounterparties(customer: string): Work<readonly string[]> {
  return (yield* all(findCounterparties, { customer })).map(({ counterparty }) => counterparty);
}

/** A customer's bookings that match, and sums over all of them. */
export function* readTransactions(customer: string, filter: TransactionFilter): Work<TransactionPage> {
  const { accountId = null, from = null, to = null, category = null, minMinor = null, maxMinor = null, limit } = filter;
  const { counterparty = null, direction = null, order } = filter;
  const text = filter.text === undefined ? null : searched(nameTokens(filter.text).join(" "));
  const wanted = { customer, accountId, from, to, category, text, minMinor, maxMinor, counterparty, direction };
  const sums = yield* all(sumAll, wanted);
  const first = yield* all(order === "largest" ? findLargest : findNewest, { ...wanted, limit });
  return {
    transactions: first.map(({ amount, currency, ...rest }) => ({ ...rest, amount: { minor: amount, currency } })),
    count: sums.reduce((total, { inCount, outCount }) => total + inCount + outCount, 0),
    sums,
  };
}

/** Within words from four letters on ("miete" in "kaltmiete"); what is shorter begins a word, or it would be anywhere. */
function searched(text: string): string {
  return text.length < 4 ? ` ${text}` : text;
}
