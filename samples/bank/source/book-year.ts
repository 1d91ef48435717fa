import type { Customer, CustomerAccount, SampleTransaction } from "../schema.ts";
import {
  addDays,
  daysBetween,
  isLastDayOfQuarter,
  lastWorkingDayOfMonth,
  monthOf,
  weekdayOf,
  workingDayFrom,
} from "./bank-calendar.ts";
import type { FixedPayment, Habit, Household } from "./household.ts";
import { HOUSEHOLDS, OWNER_DRAW, TRANSFERS_BETWEEN_CUSTOMERS } from "./households.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { MERCHANTS } from "./merchants.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";

const SEED = 20_251_121;
const FIRST_DAY = "2025-11-21";
const LAST_DAY = "2026-11-20";
const SAVER_RATE = 0.0125;
const BUSINESS_START = { monthlyMinor: 990, includedBookings: 50, furtherBookingMinor: 15 } as const;

interface Year {
  readonly ledger: Ledger;
  readonly random: SeededRandom;
  readonly customers: readonly Customer[];
}

type Booking = Omit<SampleTransaction, "date" | "accountId">;

function accountOf(customer: Customer, name: CustomerAccount["name"]): string {
  const account = customer.accounts.find((candidate) => candidate.name === name);
  if (account === undefined) throw new Error(`${customer.id} has no ${name} account: see customers.json`);
  return account.id;
}

function isDue(day: string, dueDay: FixedPayment["day"], months?: readonly number[]): boolean {
  if (months !== undefined && !months.includes(monthOf(day))) return false;
  if (dueDay === "last working day") return day === lastWorkingDayOfMonth(day);
  const planned = `${day.slice(0, 8)}${String(dueDay).padStart(2, "0")}`;
  return workingDayFrom(planned) === day;
}

/** Keeps the account above zero, as a careful customer would: the gap is taken from the savings first. */
function spend(year: Year, customer: Customer, on: { day: string; account: CustomerAccount["name"] } & Booking): void {
  const { day, account, ...booking } = on;
  const accountId = accountOf(customer, account);
  const missing = 10_000 - (year.ledger.balanceOf(accountId) + booking.amountMinor);
  if (missing > 0) {
    const rounded = Math.ceil(missing / 10_000) * 10_000;
    moveBetweenOwn(year, customer, {
      day,
      from: "Savings",
      to: account,
      amountMinor: rounded,
      purpose: "Top-up from savings",
    });
  }
  year.ledger.post({ date: day, accountId, ...booking });
}

interface OwnMove {
  readonly day: string;
  readonly from: CustomerAccount["name"];
  readonly to: CustomerAccount["name"];
  readonly amountMinor: number;
  readonly purpose: string;
}

function moveBetweenOwn(year: Year, customer: Customer, move: OwnMove): void {
  const category = move.from === "Savings" || move.to === "Savings" ? "savings" : "transfer";
  const common = { date: move.day, counterparty: customer.name, description: move.purpose, category } as const;
  year.ledger.post({ ...common, accountId: accountOf(customer, move.from), amountMinor: -move.amountMinor });
  year.ledger.post({ ...common, accountId: accountOf(customer, move.to), amountMinor: move.amountMinor });
}

function bookFixedPayments(year: Year, customer: Customer, { day, household }: { day: string; household: Household }) {
  const due = household.fixed.filter((fixed) => isDue(day, fixed.day, fixed.months));
  for (const fixed of due.toSorted((left, right) => right.low - left.low)) {
    const { account, counterparty, description, category } = fixed;
    const [low, high] = [Math.min(fixed.low, fixed.high), Math.max(fixed.low, fixed.high)];
    const amountMinor = year.random.integer(low, high);
    spend(year, customer, { day, account, amountMinor, counterparty, description, category });
  }
  if (isDue(day, household.monthlySaving.day)) {
    const { amount } = household.monthlySaving;
    moveBetweenOwn(year, customer, {
      day,
      from: "Everyday",
      to: "Savings",
      amountMinor: amount,
      purpose: "Standing order to savings",
    });
  }
}

function cardAmount(random: SeededRandom, { low, high }: { low: number; high: number }, category: string): number {
  // A power above 1 makes small purchases common and large ones rare.
  const cents = low + Math.round((high - low) * random.next() ** 1.4);
  if (category === "cash") return Math.max(20, Math.round(cents / 1000) * 10) * 100;
  return random.chance(0.35) ? Math.max(low, Math.floor(cents / 100) * 100 + 99) : cents;
}

function describe(random: SeededRandom, category: string, merchant: string): string {
  if (category === "cash") return "Cash withdrawal";
  if (merchant.endsWith("Online")) return `Order ${random.integer(100_000, 999_999)}`;
  return random.chance(0.6) ? "Contactless payment" : "Card payment";
}

function bookHabit(year: Year, customer: Customer, { day, habit }: { day: string; habit: Habit }): void {
  const { random } = year;
  if (habit.months !== undefined && !habit.months.includes(monthOf(day))) return;
  const shopsAreClosed =
    weekdayOf(day) === 0 && ["groceries", "shopping", "health", "supplies"].includes(habit.category);
  if (shopsAreClosed || !random.chance(habit.perWeek / (weekdayOf(day) === 6 ? 6 : 7.5))) return;
  const merchant = random.pick(MERCHANTS[habit.category], (candidate) => candidate.weight);
  const amount = cardAmount(random, merchant, habit.category);
  const description = describe(random, habit.category, merchant.name);
  const { account, category } = habit;
  spend(year, customer, { day, account, amountMinor: -amount, counterparty: merchant.name, description, category });
  if (category === "shopping" && random.chance(0.12)) {
    year.ledger.plan({
      date: workingDayFrom(addDays(day, random.integer(4, 11))),
      accountId: accountOf(customer, account),
      amountMinor: random.chance(0.6) ? amount : Math.ceil(amount / 2),
      counterparty: merchant.name,
      description: `Refund of ${day}`,
      category: "refund",
    });
  }
}

function bookTransfersBetweenCustomers(year: Year, day: string): void {
  for (const transfer of TRANSFERS_BETWEEN_CUSTOMERS.filter((plan) => isDue(day, plan.day, plan.months))) {
    const from = year.customers.find((customer) => customer.id === transfer.from);
    const to = year.customers.find((customer) => customer.id === transfer.to);
    if (from === undefined || to === undefined) throw new Error("households.ts names a customer who does not exist");
    const amountMinor = year.random.integer(transfer.low, transfer.high);
    const common = { description: transfer.description, category: "transfer" } as const;
    spend(year, from, { day, account: "Everyday", amountMinor: -amountMinor, counterparty: to.name, ...common });
    const accountId = accountOf(to, "Everyday");
    year.ledger.post({ date: day, accountId, amountMinor, counterparty: from.name, ...common });
  }
}

function payFees(year: Year, customer: Customer, day: string): void {
  if (customer.segment !== "business" || day !== lastWorkingDayOfMonth(day)) return;
  const accountId = accountOf(customer, "Business");
  const { monthlyMinor, includedBookings, furtherBookingMinor } = BUSINESS_START;
  const further = Math.max(0, year.ledger.bookingsInMonth(accountId, day.slice(0, 7)) - includedBookings);
  year.ledger.post({
    date: day,
    accountId,
    amountMinor: -(monthlyMinor + further * furtherBookingMinor),
    counterparty: "Harbour Bank",
    description: "Business Start, monthly fee",
    category: "fees",
  });
}

function closeDay(year: Year, customer: Customer, { day, household }: { day: string; household: Household }): void {
  const everyday = year.ledger.balanceOf(accountOf(customer, "Everyday"));
  const rest = Math.floor((everyday - household.keepAtMonthEnd) / 5000) * 5000;
  const monthEnds = addDays(day, 1).endsWith("-01");
  if (monthEnds && rest > 0) {
    moveBetweenOwn(year, customer, {
      day,
      from: "Everyday",
      to: "Savings",
      amountMinor: rest,
      purpose: "Rest of the month to savings",
    });
  }
  const savings = accountOf(customer, "Savings");
  year.ledger.accrueInterest(savings, SAVER_RATE);
  const interest = isLastDayOfQuarter(day) ? year.ledger.takeInterest(savings) : 0;
  if (interest > 0) {
    year.ledger.post({
      date: day,
      accountId: savings,
      amountMinor: interest,
      counterparty: "Harbour Bank",
      description: "Interest 1.25%",
      category: "interest",
    });
  }
}

function liveOneDay(year: Year, day: string): void {
  year.ledger.postPlanned(day);
  bookTransfersBetweenCustomers(year, day);
  for (const household of HOUSEHOLDS) {
    const customer = year.customers.find((candidate) => candidate.id === household.customerId);
    if (customer === undefined) throw new Error("households.ts names a customer who does not exist");
    if (customer.id === OWNER_DRAW.customerId && isDue(day, OWNER_DRAW.day)) {
      const amountMinor = OWNER_DRAW.amount;
      moveBetweenOwn(year, customer, { day, from: "Business", to: "Everyday", amountMinor, purpose: "Owner's draw" });
    }
    bookFixedPayments(year, customer, { day, household });
    for (const habit of household.habits) bookHabit(year, customer, { day, habit });
    payFees(year, customer, day);
    closeDay(year, customer, { day, household });
  }
}

/** All bookings of the sample year for these customers, in order of time; always the same. */
export function bookYear(customers: readonly Customer[]): readonly SampleTransaction[] {
  const ledger = createLedger(customers.flatMap((customer) => customer.accounts));
  const year: Year = { ledger, random: createSeededRandom(SEED), customers };
  for (const day of daysBetween(FIRST_DAY, LAST_DAY)) liveOneDay(year, day);
  return ledger.bookings();
}
