import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool } from "../../../core/tool.ts";
import { decimalText } from "../../../core/money.ts";
import { BankRefusal } from "../errors.ts";
import { sayFile } from "../answers/file.ts";
import type { ToolLanguage } from "../language.ts";
import type { Bank, TransactionPage } from "../port.ts";
import { findTransactions } from "../transaction-filter.ts";
import { filterSlots, transactionFilter } from "../written-filter.ts";
import { READING } from "./of-customers.ts";

const MOST_ROWS = 10_000;

/** Bookings as a CSV file (RFC 4180, UTF-8) that spreadsheets open. */
export function exportTransactions(bank: Bank, timeZone: string, language: ToolLanguage): Tool {
  return defineTool({
    ...READING,
    name: "export_transactions",
    description:
      "Gives bookings on the person's own accounts as a CSV file. Use it when the person asks for a file, an export or a download of transactions.",
    input: z.strictObject(transactionFilter),
    slots: filterSlots,
    language,
    execute: async (written, context) => {
      const { filter, ...page } = await findTransactions(bank, written, { context, timeZone, limit: MOST_ROWS });
      if (page.count === 0) return { value: { rows: 0, filter } };
      if (context.keepFile === undefined) {
        throw new BankRefusal("bank/no-files", "Files cannot be shown here. Ask for the list of transactions instead.");
      }
      const name = `transactions-${new Date(context.environment.clock()).toISOString().slice(0, 10)}.csv`;
      const file = await context.keepFile(Buffer.from(csvOf(page)), { name, mediaType: "text/csv" });
      return { value: { rows: page.transactions.length, filter, name }, files: [file] };
    },
    say: sayFile,
  });
}

function csvOf({ transactions }: TransactionPage): string {
  const header = ["Date", "Account", "Counterparty", "Description", "Category", "Amount", "Currency"];
  const rows = transactions.map(({ date, account, counterparty, description, category, amount }) => [
    date,
    ...[account, counterparty, description, category].map(textCell),
    decimalText(amount),
    amount.currency,
  ]);
  return [header, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** Quoted; a text that a spreadsheet would run as a formula is marked as text. */
function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
