import type { CustomerAccount, TransactionCategory } from "../schema.ts";
import type { HabitCategory } from "./merchants.ts";

type AccountName = CustomerAccount["name"];

/** A payment with a date: salary, rent, a contract. Cents; negative leaves the account. */
export interface FixedPayment {
  readonly account: AccountName;
  /** Day of the month; weekends move it to the next working day. */
  readonly day: number | "last working day";
  /** 1 is January. Without it: each month. */
  readonly months?: readonly number[];
  readonly low: number;
  readonly high: number;
  readonly counterparty: string;
  readonly description: string;
  readonly category: TransactionCategory;
}

/** Spending by card whose days and amounts vary. */
export interface Habit {
  readonly account: AccountName;
  readonly category: HabitCategory;
  readonly perWeek: number;
  /** Without it: each month. */
  readonly months?: readonly number[];
}

/** How one sample customer lives, as far as a bank can see it. */
export interface Household {
  readonly customerId: string;
  readonly fixed: readonly FixedPayment[];
  readonly habits: readonly Habit[];
  /** Standing order from Everyday to Savings, in cents. */
  readonly monthlySaving: { readonly day: number; readonly amount: number };
  /** What the Everyday account keeps when the month ends, in cents; the rest is saved. */
  readonly keepAtMonthEnd: number;
}

/** Money that one sample customer sends to another; booked on both accounts. */
export interface TransferBetweenCustomers {
  readonly from: string;
  readonly to: string;
  readonly day: number;
  readonly months: readonly number[];
  readonly low: number;
  readonly high: number;
  readonly description: string;
}

type Details = Partial<Pick<FixedPayment, "account" | "months" | "high">>;

/** A fixed payment on the Everyday account; `text` is "counterparty | description". */
export function payment(
  day: FixedPayment["day"],
  [cents, category, text]: readonly [number, TransactionCategory, string],
  details: Details = {},
): FixedPayment {
  const [counterparty = text, description = text] = text.split(" | ");
  return { account: "Everyday", day, low: cents, high: cents, counterparty, description, category, ...details };
}

/** Habits of the Everyday account, as times a week by category. */
export function everydayHabits(perWeek: Readonly<Partial<Record<HabitCategory, number>>>): readonly Habit[] {
  const categories: readonly HabitCategory[] = [
    "groceries",
    "restaurants",
    "transport",
    "shopping",
    "health",
    "leisure",
    "education",
    "cash",
  ];
  return categories.flatMap((category) => {
    const times = perWeek[category];
    return times === undefined ? [] : [{ account: "Everyday", category, perWeek: times }];
  });
}
