/**
 * Pays what is due. Payment, its note and the order's next date are one transaction under the customer's lock, and the
 * transfer's key is made of order and date: however many processes do this, and wherever they are killed, each date is
 * paid once.
 */
import type { Database, Work } from "../../../core/store/sql/database.ts";
import { first, run } from "../../../core/store/sql/work.ts";
import { sha256 } from "../../canonical-json.ts";
import { BankRefusal } from "../errors.ts";
import type { Idempotency, TransferOrder, TransferReceipt } from "../port.ts";
import { dayAfter, today } from "../rhythm.ts";
import {
  dueOrders,
  orderOf,
  type OrderRow,
  orderWithId,
  recordRun,
  type Run,
  runOf,
  updateOrder,
} from "./order-queries.ts";

/** As the bank's help page "Standing orders" says: what was refused in the morning is tried again from then on. */
const EVENING_HOUR = 18;
const MOST_FAILURES = 3;

export interface DueRules {
  readonly database: Database;
  readonly clock: () => number;
  readonly timeZone: string;
  readonly lockOf: (customer: string) => string;
  readonly transfer: (order: TransferOrder, idempotency: Idempotency) => Work<TransferReceipt>;
}

interface Moment {
  readonly now: number;
  readonly day: string;
  readonly isEvening: boolean;
}

/** Pays all that is due. Where one order fails, the others are paid before that is thrown. */
export async function payDue(rules: DueRules): Promise<void> {
  const { database, clock, timeZone, lockOf } = rules;
  const now = clock();
  const moment = { now, day: today(now, timeZone), isEvening: hourAt(now, timeZone) >= EVENING_HOUR };
  const failures: unknown[] = [];
  for (const { id, customer } of await database.all(dueOrders, { date: moment.day })) {
    try {
      const isMore = async (): Promise<boolean> =>
        await database.write(() => payOne(id, moment, rules), { lock: lockOf(customer) });
      // After a standstill several dates of one order may be due.
      while (await isMore());
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Whether another date of the order is due behind this one. */
function* payOne(id: number, moment: Moment, { transfer }: DueRules): Work<boolean> {
  const order = yield* first(orderWithId, { id });
  // Another process may have paid it, or its owner paused it, since it was looked for.
  const date = order && dueDate(order, moment);
  if (order === undefined || date === undefined) return false;
  const former = yield* first(runOf, { order: id, date });
  if (former?.outcome === "paid") return yield* advance(order, date, "paid", moment.day);
  const isLast = date < moment.day || moment.isEvening;
  if (former !== undefined && !isLast) return false;
  const made = yield* attempt(order, date, transfer);
  yield* run(recordRun, { order: id, date, ...made, at: moment.now });
  if (made.outcome === "refused" && !isLast) return false;
  return yield* advance(order, date, made.outcome, moment.day);
}

function dueDate({ state, nextDate }: OrderRow, { day }: Moment): string | undefined {
  return state === "active" && nextDate !== undefined && nextDate <= day ? nextDate : undefined;
}

function* attempt(order: OrderRow, date: string, transfer: DueRules["transfer"]) {
  const { customer, fromAccountId, toIban, toName, amount, reference } = orderOf(order);
  const key = `order:${order.id}:${date}`;
  try {
    const ordered = { customer, fromAccountId, toIban, toName, amount, reference };
    const { id } = yield* transfer(ordered, { key, request: sha256(key) });
    return { outcome: "paid", reason: null, transfer: id } as const;
  } catch (thrown) {
    // The bank refuses before it writes anything.
    if (!(thrown instanceof BankRefusal)) throw thrown;
    return { outcome: "refused", reason: thrown.code, transfer: null } as const;
  }
}

function* advance(order: OrderRow, date: string, outcome: Run["outcome"], day: string): Work<boolean> {
  const { firstDate, rhythm, lastDate = "9999" } = order;
  const next = dayAfter(date, firstDate, rhythm);
  const nextDate = next === undefined || next > lastDate ? null : next;
  const failures = outcome === "paid" ? 0 : order.failures + 1;
  const state = nextDate === null ? "ended" : failures >= MOST_FAILURES ? "paused" : "active";
  yield* run(updateOrder, { ...order, nextDate, failures, state });
  return state === "active" && nextDate !== null && nextDate <= day;
}

function hourAt(now: number, timeZone: string): number {
  return Number(new Intl.DateTimeFormat("en", { timeZone, hour: "numeric", hourCycle: "h23" }).format(now));
}
