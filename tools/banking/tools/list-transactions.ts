import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { formatMoney } from "../../../core/delivery/money-text.ts";
import type { Bank, TransactionPage } from "../port.ts";
import { findTransactions } from "../transaction-filter.ts";
import { filterWords, transactionFilter, type WrittenFilter } from "../written-filter.ts";
import { READING } from "./of-customers.ts";

/** Bookings with filters; sums are over all matches, also those beyond the limit. */
export function listTransactions(bank: Bank, timeZone: string): Tool {
  return defineTool({
    ...READING,
    name: "list_transactions",
    description:
      "Lists bookings on the person's own accounts, newest first, and adds up what came in and went out over all that match. Use it for questions about spending and income too.",
    input: z.strictObject({
      ...transactionFilter,
      limit: z.int().min(1).max(100).exactOptional().describe("How many to list; 10 when left out."),
    }),
    execute: async ({ limit = 10, ...filter }, context) => {
      const page = await findTransactions(bank, filter, { context, timeZone, limit });
      return { value: valueOf(page, filter, context) };
    },
  });
}

function valueOf({ transactions, count, sums }: TransactionPage, filter: WrittenFilter, { locale }: ToolContext) {
  const looked = filterWords(filter);
  const over = looked === "" ? "" : ` (${looked})`;
  const totals = sums.map(({ currency, inMinor, outMinor }) => {
    const [received, spent] = [
      { minor: inMinor, currency },
      { minor: outMinor, currency },
    ] as const;
    const text = `in ${formatMoney(received, locale)}, out ${formatMoney(spent, locale)}`;
    return { currency, in: received, out: spent, text };
  });
  const sum = totals.map(({ text }) => text).join("; ");
  return {
    transactions: transactions.map((one) => ({ ...one, text: formatMoney(one.amount, locale) })),
    count,
    totals,
    message: count === 0 ? noneOf(filter, over) : `${count} bookings${over}: ${sum}.`,
  };
}

/** A name that is in no booking says nothing about what was paid for it under another name. */
function noneOf({ text }: WrittenFilter, over: string): string {
  if (text === undefined) return `There are no such bookings${over}.`;
  return `No booking has “${text}” in its name or purpose${over}. It may be booked under another name: a merchant, a payee, or a category such as groceries, transport or utilities.`;
}
