import { z } from "zod";
import type { ToolContext } from "../../core/tool.ts";
import { customerOf, requireAccount } from "./customer.ts";
import type { Bank, TransactionPage } from "./port.ts";

const Day = z.iso.date();

/** Which bookings are meant, as the model writes it. */
export const transactionFilter = {
  account: z.string().min(1).max(80).exactOptional().describe("Name of one account. Left out: all."),
  from: Day.exactOptional().describe("First day, YYYY-MM-DD."),
  to: Day.exactOptional().describe("Last day, YYYY-MM-DD."),
  text: z.string().min(1).max(80).exactOptional().describe("Part of the counterparty or description."),
  category: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .exactOptional()
    .describe("Such as groceries, rent, salary, restaurants, transport, transfer."),
};
const Filter = z.strictObject(transactionFilter);

/** The requester's bookings that match, newest first. Throws `bank/not-linked` and `bank/unknown-account`. */
export async function findTransactions(
  bank: Bank,
  { account, ...filter }: z.infer<typeof Filter>,
  { context, limit }: { readonly context: ToolContext; readonly limit: number },
): Promise<TransactionPage> {
  const customer = await customerOf(bank, context);
  const accountId = account === undefined ? undefined : requireAccount(await bank.accounts(customer.id), account).id;
  return await bank.transactions(customer.id, { ...present({ ...filter, accountId }), limit });
}

function present(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
