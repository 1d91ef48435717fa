import { parseAmount } from "./amount.ts";
import { customerOf, requireAccount } from "./customer.ts";
import { assertFilterSaid } from "./filter-said.ts";
import type { Bank, TransactionPage } from "./port.ts";
import type { Asking, WrittenFilter } from "./written-filter.ts";

/**
 * The requester's bookings that match, newest first. Throws `bank/not-linked` and `bank/unknown-account`, and
 * `bank/filter-not-said` where the filter leaves out or changes what the person asked for.
 */
export async function findTransactions(bank: Bank, filter: WrittenFilter, asking: Asking): Promise<TransactionPage> {
  const { context, limit } = asking;
  const customer = await customerOf(bank, context);
  const accounts = await bank.accounts(customer.id);
  const { account, min, max, ...rest } = filter;
  const accountId = account === undefined ? undefined : requireAccount(accounts, account).id;
  assertFilterSaid(filter, asking, await bank.payees(customer.id));
  const currency = accounts[0]?.currency ?? "EUR";
  const minMinor = min === undefined ? undefined : minorOf(min, currency);
  const maxMinor = max === undefined ? undefined : minorOf(max, currency);
  return await bank.transactions(customer.id, { ...rest, accountId, minMinor, maxMinor, limit });
}

function minorOf(amount: string, currency: string): number {
  return /^0(?:\.0{1,2})?$/.test(amount) ? 0 : parseAmount(amount, currency).minor;
}
