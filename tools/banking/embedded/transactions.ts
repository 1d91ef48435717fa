import type { Database } from "better-sqlite3";
import { z } from "zod";
import { rowReader } from "../../../core/store/sqlite/rows.ts";
import type { TransactionFilter, TransactionPage } from "../port.ts";
import { nameTokens } from "../provenance.ts";

const readRow = rowReader(
  "postings",
  z.object({
    date: z.string(),
    account: z.string(),
    amount: z.int(),
    currency: z.string(),
    counterparty: z.string(),
    description: z.string(),
    category: z.string(),
  }),
);
const readSums = rowReader(
  "postings",
  z.object({ currency: z.string(), count: z.int(), inMinor: z.int(), outMinor: z.int() }),
);

/** Reads a customer's bookings. Opening balances are no transactions. */
export function createTransactionReader(
  database: Database,
): (customer: string, filter: TransactionFilter) => TransactionPage {
  const matching = `
    FROM postings JOIN accounts ON accounts.id = postings.account
    WHERE accounts.owner = @customer AND postings.category <> 'opening'
      AND (@accountId IS NULL OR accounts.id = @accountId)
      AND (@from IS NULL OR postings.date >= @from) AND (@to IS NULL OR postings.date <= @to)
      AND (@minMinor IS NULL OR abs(postings.amount) >= @minMinor)
      AND (@maxMinor IS NULL OR abs(postings.amount) <= @maxMinor)
      AND (@category IS NULL OR postings.category = @category)
      AND (@text IS NULL OR instr(' ' || postings.search, @text) > 0)`;
  const page = database.prepare(`
    SELECT postings.date, accounts.name AS account, amount, currency, counterparty, description, category ${matching}
    ORDER BY postings.date DESC, postings.entry DESC LIMIT @limit`);
  const sums = database.prepare(`
    SELECT currency, count(*) AS count, sum(max(amount, 0)) AS inMinor, sum(max(-amount, 0)) AS outMinor ${matching}
    GROUP BY currency ORDER BY currency`);

  return (customer, filter) => {
    const {
      accountId = null,
      from = null,
      to = null,
      category = null,
      minMinor = null,
      maxMinor = null,
      limit,
    } = filter;
    const text = filter.text === undefined ? null : searched(nameTokens(filter.text).join(" "));
    const query = { customer, accountId, from, to, category, text, minMinor, maxMinor };
    const totals = sums.all(query).map(readSums);
    return {
      transactions: page.all({ ...query, limit }).map((row) => {
        const { amount, currency, ...rest } = readRow(row);
        return { ...rest, amount: { minor: amount, currency } };
      }),
      count: totals.reduce((total, { count }) => total + count, 0),
      sums: totals.map(({ currency, inMinor, outMinor }) => ({ currency, inMinor, outMinor })),
    };
  };
}

/** Within words from four letters on ("miete" in "kaltmiete"); what is shorter begins a word, or it would be anywhere. */
function searched(text: string): string {
  return text.length < 4 ? ` ${text}` : text;
}
