import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { moneyText } from "../amount.ts";
import type { Bank, TransactionPage } from "../port.ts";
import { findTransactions, transactionFilter } from "../transaction-filter.ts";

/** Bookings with filters; sums are over all matches, also those beyond the limit. */
export function listTransactions(bank: Bank): Tool {
  return defineTool({
    name: "list_transactions",
    description:
      "Lists bookings on the person's own accounts, newest first, and adds up what came in and went out over all that match. Use it for questions about spending and income too.",
    input: z.strictObject({
      ...transactionFilter,
      limit: z.int().min(1).max(100).exactOptional().describe("How many to list; 10 when left out."),
    }),
    risk: "low",
    confirmation: "never",
    scopes: ["private"],
    depends: "user",
    execute: async ({ limit = 10, ...filter }, context) => {
      const page = await findTransactions(bank, filter, { context, limit });
      return { value: valueOf(page, context) };
    },
  });
}

function valueOf({ transactions, count, sums }: TransactionPage, { locale }: ToolContext) {
  const totals = sums.map(({ currency, inMinor, outMinor }) => ({
    currency,
    in: { minor: inMinor, currency },
    out: { minor: outMinor, currency },
    text: `in ${moneyText(inMinor, currency, locale)}, out ${moneyText(outMinor, currency, locale)}`,
  }));
  const sum = totals.map(({ text }) => text).join("; ");
  return {
    transactions: transactions.map((one) => ({
      ...one,
      text: moneyText(one.amount.minor, one.amount.currency, locale),
    })),
    count,
    totals,
    message: count === 0 ? "There are no such bookings." : `${count} bookings: ${sum}.`,
  };
}
