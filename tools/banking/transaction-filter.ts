import { customerOf, requireAccount } from "./customer.ts";
import { assertFilterSaid } from "./filter-said.ts";
import type { Bank, TransactionPage } from "./port.ts";
import { nameTokens } from "./provenance.ts";
import type { Asking, WrittenFilter } from "./written-filter.ts";

/** The bookings that match, and the filter that they were looked for with. */
export interface FoundTransactions extends TransactionPage {
  readonly filter: WrittenFilter;
}

const sideOf = { received: "in", paid: "out", in_and_out: undefined } as const;

/**
 * The requester's bookings that match. Where nothing went the way that was asked for, those of the other way are given
 * (`filter` without a direction): "did they pay me" is answered by what is there.
 *
 * Throws `bank/not-linked` and `bank/unknown-account`, and `bank/filter-not-said` where the filter leaves out or changes
 * what the person asked for.
 */
export async function findTransactions(bank: Bank, filter: WrittenFilter, asking: Asking): Promise<FoundTransactions> {
  const { context, limit, order } = asking;
  const customer = await customerOf(bank, context);
  const accounts = await bank.accounts(customer.id);
  const { account, period, category, direction, counterparty } = filter;
  const accountId = account === undefined ? undefined : requireAccount(accounts, account).id;
  assertFilterSaid(filter, asking, await bank.payees(customer.id));
  const wanted = {
    ...(counterparty !== undefined && (await nameIn(bank, customer.id, counterparty))),
    ...period,
    category,
    accountId,
    ...boundsOf(filter),
    limit,
    order,
  };
  const side = direction === undefined ? undefined : sideOf[direction];
  const found = await bank.transactions(customer.id, { ...wanted, direction: side });
  const isNarrow = counterparty !== undefined || category !== undefined;
  if (found.count > 0 || side === undefined || !isNarrow) return { ...found, filter };
  const { direction: _none, ...rest } = filter;
  const other = await bank.transactions(customer.id, wanted);
  return other.count === 0 ? { ...found, filter } : { ...other, filter: rest };
}

function boundsOf({ sums }: WrittenFilter) {
  return { minMinor: sums?.least?.minor, maxMinor: sums?.most?.minor };
}

/** A name of the bookings exactly; every other word as a part of one. */
async function nameIn({ counterparties }: Bank, customer: string, said: string) {
  const key = (name: string): string => nameTokens(name).join(" ");
  const known = (await counterparties?.(customer)) ?? [];
  const named = known.find((name) => key(name) === key(said));
  return named === undefined ? { text: said } : { counterparty: named };
}
