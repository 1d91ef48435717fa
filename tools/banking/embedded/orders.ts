/** Payments for later: what is ordered, and what is changed of it. `due-orders.ts` pays them. */
import { z } from "zod";
import { Money } from "../../../core/money.ts";
import type { Work } from "../../../core/store/sql/database.ts";
import { all, first, run } from "../../../core/store/sql/work.ts";
import { BankRefusal } from "../errors.ts";
import type { Idempotency, NewPaymentOrder, OrderChanges, PaymentOrder, TransferOrder } from "../port.ts";
import { dayAfter, dayBefore, RHYTHMS, today } from "../rhythm.ts";
import { doneUnder, once } from "./changes.ts";
import {
  insertOrder,
  newestOrder,
  orderOf,
  type OrderRow,
  ordersOfCustomer,
  orderWithId,
  updateOrder,
} from "./order-queries.ts";

/** As the bank's help pages say nothing else: more are a mistake or an attack. */
const MAX_ORDERS = 100;
/** What ended, and is still told of. */
const TOLD_DAYS = 31;

const Stored = z.object({
  id: z.string(),
  customer: z.string(),
  fromAccountId: z.string(),
  account: z.string(),
  toIban: z.string(),
  toName: z.string(),
  amount: Money,
  reference: z.string(),
  rhythm: z.enum(RHYTHMS),
  firstDate: z.string(),
  nextDate: z.string().optional(),
  lastDate: z.string().optional(),
  state: z.enum(["active", "paused", "cancelled", "ended"]),
  lastRun: z
    .object({ date: z.string(), outcome: z.enum(["paid", "refused"]), reason: z.string().optional() })
    .optional(),
}) satisfies z.ZodType<PaymentOrder>;

export interface OrderRules {
  readonly clock: () => number;
  readonly timeZone: string;
  /** Whether such a transfer may be made at all, with the money there. */
  readonly checkLater: (order: TransferOrder) => Work<void>;
}

/** Makes the functions of orders; what writes runs under the locks of the customer and of the key. */
export function createOrders({ clock, timeZone, checkLater }: OrderRules) {
  const now = (): string => today(clock(), timeZone);

  function* check(order: NewPaymentOrder): Work<void> {
    yield* checkLater(order);
    if (order.firstDate < now()) throw dayIsOver(order.firstDate);
    const running = (yield* all(ordersOfCustomer, { customer: order.customer })).filter(isRunning);
    if (running.length >= MAX_ORDERS) {
      throw new BankRefusal(
        "bank/too-many-orders",
        `${MAX_ORDERS} payments are ordered, which is the most there can be.`,
        {
          values: { count: String(MAX_ORDERS) },
        },
      );
    }
  }

  function* create(order: NewPaymentOrder, idempotency: Idempotency): Work<PaymentOrder> {
    const { customer } = order;
    return yield* once({ ...idempotency, customer, now: clock(), result: Stored }, function* () {
      yield* check(order);
      yield* run(insertOrder, {
        customer,
        account: order.fromAccountId,
        iban: order.toIban,
        name: order.toName,
        amount: order.amount.minor,
        reference: order.reference,
        rhythm: order.rhythm,
        firstDate: order.firstDate,
        nextDate: order.firstDate,
        lastDate: order.lastDate ?? null,
        createdAt: clock(),
      });
      return orderOf(found(yield* first(newestOrder, { customer })));
    });
  }

  function* change(customer: string, id: string, changes: OrderChanges, idempotency: Idempotency): Work<PaymentOrder> {
    return yield* once({ ...idempotency, customer, now: clock(), result: Stored }, function* () {
      const key = keyOf(id);
      const order = found(yield* first(orderWithId, { id: key }), customer);
      if (!isRunning(order)) throw new BankRefusal("bank/order-over", "That order was cancelled or has ended already.");
      const changed = changedBy(order, changes, now());
      if (changed.state !== "cancelled") yield* checkLater(orderOf(changed));
      yield* run(updateOrder, { ...changed, nextDate: changed.nextDate ?? null, failures: 0 });
      return orderOf(found(yield* first(orderWithId, { id: key })));
    });
  }

  function* list(customer: string): Work<readonly PaymentOrder[]> {
    const since = new Date(Date.parse(now()) - TOLD_DAYS * 24 * 60 * 60_000).toISOString().slice(0, 10);
    const isTold = (row: OrderRow): boolean =>
      isRunning(row) || (row.state === "ended" && row.runDate !== undefined && row.runDate >= since);
    return (yield* all(ordersOfCustomer, { customer })).filter(isTold).map(orderOf);
  }

  const done = (idempotency: Idempotency): Work<PaymentOrder | undefined> => doneUnder(idempotency, Stored);

  return { check, create, change, list, done };
}

const isRunning = ({ state }: OrderRow): boolean => state === "active" || state === "paused";

function changedBy(order: OrderRow, changes: OrderChanges, day: string): OrderRow {
  const { to, amount, reference = order.reference, state = order.state } = changes;
  const days = daysOf(order, changes, day);
  return {
    ...order,
    ...(to && { iban: to.iban, name: to.name }),
    ...(amount && { amount: amount.minor }),
    reference,
    ...days,
    state: days.nextDate === undefined && state !== "cancelled" ? "ended" : state,
  };
}

function daysOf(order: OrderRow, changes: OrderChanges, day: string) {
  const { rhythm = order.rhythm, nextDate: wanted = order.nextDate ?? day } = changes;
  if (changes.nextDate !== undefined && wanted < day) throw dayIsOver(wanted);
  const isMoved = changes.nextDate !== undefined || changes.rhythm !== undefined;
  const isResumed = order.state === "paused" && changes.state === "active";
  if (!isMoved && !isResumed) return { rhythm, firstDate: order.firstDate, nextDate: order.nextDate };
  const firstDate = isMoved ? wanted : order.firstDate;
  // What passed while an order was paused is not paid afterwards.
  return { rhythm, firstDate, nextDate: withinEnd(dayAfter(dayBefore(day), firstDate, rhythm), order) };
}

function withinEnd(day: string | undefined, { lastDate = "9999" }: OrderRow): string | undefined {
  return day !== undefined && day <= lastDate ? day : undefined;
}

function found(row: OrderRow | undefined, customer = row?.customer): OrderRow {
  if (row !== undefined && row.customer === customer) return row;
  throw new BankRefusal("bank/unknown-order", "There is no such standing order or scheduled payment.");
}

function keyOf(id: string): number {
  const [, digits] = /^S([1-9]\d{0,14})$/u.exec(id) ?? [];
  return digits === undefined ? 0 : Number(digits);
}

const dayIsOver = (day: string): BankRefusal =>
  new BankRefusal("bank/day-is-over", `${day} is over already. From which day is it to be paid?`, { values: { day } });
