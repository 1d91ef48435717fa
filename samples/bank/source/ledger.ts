import type { CustomerAccount, SampleTransaction } from "../schema.ts";

/** Balances and bookings while a sample year is generated. All amounts are cents. */
export interface Ledger {
  readonly balanceOf: (accountId: string) => number;
  /** Throws when the booking would take the account below zero: sample accounts have no overdraft. */
  readonly post: (booking: SampleTransaction) => void;
  /** Keeps a booking for a later day; `postPlanned` books it. */
  readonly plan: (booking: SampleTransaction) => void;
  readonly postPlanned: (day: string) => void;
  /** Adds one day of interest on today's balance. */
  readonly accrueInterest: (accountId: string, yearlyRate: number) => void;
  /** The interest accrued since the last call, in whole cents. */
  readonly takeInterest: (accountId: string) => number;
  /** How many bookings the account has in a month given as `YYYY-MM`. */
  readonly bookingsInMonth: (accountId: string, month: string) => number;
  readonly bookings: () => readonly SampleTransaction[];
}

/** A ledger that starts with the opening balances of `accounts`. */
export function createLedger(accounts: readonly CustomerAccount[]): Ledger {
  const balances = new Map(accounts.map((account) => [account.id, account.openingMinor]));
  const accrued = new Map<string, number>();
  const booked: SampleTransaction[] = [];
  const planned: SampleTransaction[] = [];

  const balanceOf = (accountId: string): number => {
    const balance = balances.get(accountId);
    if (balance === undefined) throw new Error(`No account ${accountId} in customers.json`);
    return balance;
  };
  const post = (booking: SampleTransaction): void => {
    const balance = balanceOf(booking.accountId) + booking.amountMinor;
    if (balance < 0)
      throw new Error(`${booking.accountId} would be overdrawn on ${booking.date}: change its household`);
    balances.set(booking.accountId, balance);
    const { date, accountId, amountMinor, counterparty, description, category } = booking;
    booked.push({ date, accountId, amountMinor, counterparty, description, category });
  };
  return {
    balanceOf,
    post,
    plan: (booking) => planned.push(booking),
    postPlanned: (day) => {
      for (const booking of planned.filter((candidate) => candidate.date === day)) post(booking);
    },
    accrueInterest: (accountId, yearlyRate) => {
      const today = (balanceOf(accountId) * yearlyRate) / 365;
      accrued.set(accountId, (accrued.get(accountId) ?? 0) + today);
    },
    takeInterest: (accountId) => {
      const interest = Math.round(accrued.get(accountId) ?? 0);
      accrued.set(accountId, 0);
      return interest;
    },
    bookingsInMonth: (accountId, month) =>
      booked.filter((booking) => booking.accountId === accountId && booking.date.startsWith(month)).length,
    bookings: () => booked,
  };
}
