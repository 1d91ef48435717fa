import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { moneyText } from "../amount.ts";
import { customerOf, requireAccount } from "../customer.ts";
import type { Bank, TransactionPage } from "../port.ts";

const Day = z.iso.date();

/** Bookings with filters; sums are over all matches, also those beyond the limit. */
export function listTransactions(bank: Bank): Tool {
  return defineTool({
    name: "list_transactions",
    description:
      "Lists bookings on the person's own accounts, newest first, and adds up what came in and went out over all that match. Use it for questions about spending and income too.",
    input: z.strictObject({
      account: z.string().min(1).max(80).exactOptional().describe("Name of one account. Left out: all."),
      from: Day.exactOptional().describe("First day, YYYY-MM-DD."),
      to: Day.exactOptional().describe("Last day, YYYY-MM-DD."),
      text: z.string().min(1).max(80).exactOptional().describe("Part of the counterparty or description."),
      category: z
        .string()
        .regex(/^[a-z-]{1,40}$/)
        .exactOptional()
        .describe("Such as groceries, rent, salary, restaurants, transport, transfer."),
      limit: z.int().min(1).max(100).exactOptional().describe("How many to list; 10 when left out."),
    }),
    risk: "low",
    confirmation: "never",
    scopes: ["private"],
    depends: "user",
    execute: async ({ account, limit = 10, ...filter }, context) => {
      const customer = await customerOf(bank, context);
      const accountId =
        account === undefined ? undefined : requireAccount(await bank.accounts(customer.id), account).id;
      const page = await bank.transactions(customer.id, { ...present({ ...filter, accountId }), limit });
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

function present(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
