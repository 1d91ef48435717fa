/** The rows of payments for later, and the queries over them. */
import { sql } from "kysely";
import { z } from "zod";
import type { QueryParts } from "../../../core/store/sql/queries.ts";
import { type BankTables, bankQuery } from "../ledger/tables.ts";
import type { PaymentOrder } from "../port.ts";
import { RHYTHMS } from "../rhythm.ts";

const Run = z.object({
  date: z.string(),
  outcome: z.enum(["paid", "refused"]),
  reason: z.string().optional(),
});
/** What became of one date of an order. */
export type Run = z.infer<typeof Run>;

const Row = z.object({
  id: z.int(),
  customer: z.string(),
  account: z.string(),
  accountName: z.string(),
  currency: z.string(),
  iban: z.string(),
  name: z.string(),
  amount: z.int(),
  reference: z.string(),
  rhythm: z.enum(RHYTHMS),
  firstDate: z.string(),
  nextDate: z.string().optional(),
  lastDate: z.string().optional(),
  state: z.enum(["active", "paused", "cancelled", "ended"]),
  failures: z.int(),
  runDate: z.string().optional(),
  outcome: z.enum(["paid", "refused"]).optional(),
  reason: z.string().optional(),
});
export type OrderRow = z.infer<typeof Row>;

const columns = ["customer", "amount", "reference", "rhythm", "firstDate", "nextDate", "lastDate"] as const;
const withRuns = ({ db }: Pick<QueryParts<BankTables, unknown>, "db">) =>
  db
    .selectFrom("bank_orders")
    .innerJoin("bank_accounts", "bank_accounts.id", "bank_orders.account")
    .leftJoin("bank_order_runs", (join) =>
      join.onRef("bank_order_runs.orderId", "=", "bank_orders.id").on("bank_order_runs.date", "=", (eb) =>
        eb
          .selectFrom("bank_order_runs as newest")
          .select(sql<string>`max(${sql.ref("newest.date")})`.as("date"))
          .whereRef("newest.orderId", "=", "bank_orders.id"),
      ),
    )
    .select([
      "bank_orders.id",
      "bank_orders.account",
      "bank_accounts.name as accountName",
      "bank_accounts.currency",
      "bank_orders.iban",
      "bank_orders.name",
      "bank_orders.state",
      "bank_orders.failures",
      "bank_order_runs.date as runDate",
      "bank_order_runs.outcome",
      "bank_order_runs.reason",
      ...columns,
    ]);

export const ordersOfCustomer = bankQuery<{ customer: string }>()("bank_orders", Row, ({ db, value }) =>
  withRuns({ db }).where("customer", "=", value("customer")).orderBy("bank_orders.id"),
);
export const orderWithId = bankQuery<{ id: number }>()("bank_orders", Row, ({ db, value }) =>
  withRuns({ db }).where("bank_orders.id", "=", value("id")),
);
export const newestOrder = bankQuery<{ customer: string }>()("bank_orders", Row, ({ db, value }) =>
  withRuns({ db }).where("customer", "=", value("customer")).orderBy("bank_orders.id", "desc").limit(1),
);
export const dueOrders = bankQuery<{ date: string }>()(
  "bank_orders",
  z.object({ id: z.int(), customer: z.string() }),
  ({ db, value }) =>
    db
      .selectFrom("bank_orders")
      .select(["id", "customer"])
      .where("state", "=", "active")
      .where("nextDate", "<=", value("date"))
      .orderBy("nextDate")
      .orderBy("id"),
);
export const runOf = bankQuery<{ order: number; date: string }>()("bank_order_runs", Run, ({ db, value }) =>
  db
    .selectFrom("bank_order_runs")
    .select(["date", "outcome", "reason"])
    .where("orderId", "=", value("order"))
    .where("date", "=", value("date")),
);
export const recordRun = bankQuery<{
  order: number;
  date: string;
  outcome: string;
  reason: string | null;
  transfer: string | null;
  at: number;
}>()("bank_order_runs", z.unknown(), ({ db, value }) =>
  db
    .insertInto("bank_order_runs")
    .values({
      orderId: value("order"),
      date: value("date"),
      outcome: value("outcome"),
      reason: value("reason"),
      transfer: value("transfer"),
      at: value("at"),
    })
    .onConflict((conflict) =>
      conflict.columns(["orderId", "date"]).doUpdateSet((eb) => ({
        outcome: eb.ref("excluded.outcome"),
        reason: eb.ref("excluded.reason"),
        transfer: eb.ref("excluded.transfer"),
        at: eb.ref("excluded.at"),
      })),
    ),
);
type Terms = {
  readonly iban: string;
  readonly name: string;
  readonly amount: number;
  readonly reference: string;
  readonly rhythm: string;
  readonly firstDate: string;
  readonly nextDate: string | null;
  readonly state: string;
};
export const insertOrder = bankQuery<
  Omit<Terms, "state"> & { customer: string; account: string; lastDate: string | null; createdAt: number }
>()("bank_orders", z.unknown(), ({ db, value }) =>
  db.insertInto("bank_orders").values({
    customer: value("customer"),
    account: value("account"),
    iban: value("iban"),
    name: value("name"),
    amount: value("amount"),
    reference: value("reference"),
    rhythm: value("rhythm"),
    firstDate: value("firstDate"),
    nextDate: value("nextDate"),
    lastDate: value("lastDate"),
    state: "active",
    createdAt: value("createdAt"),
  }),
);
export const updateOrder = bankQuery<Terms & { id: number; failures: number }>()(
  "bank_orders",
  z.unknown(),
  ({ db, value }) =>
    db
      .updateTable("bank_orders")
      .set({
        iban: value("iban"),
        name: value("name"),
        amount: value("amount"),
        reference: value("reference"),
        rhythm: value("rhythm"),
        firstDate: value("firstDate"),
        nextDate: value("nextDate"),
        state: value("state"),
        failures: value("failures"),
      })
      .where("id", "=", value("id")),
);

/** An order as the port has it. */
export function orderOf(row: OrderRow): PaymentOrder {
  const { id, customer, account, accountName, currency, iban, name, amount, runDate, outcome, reason } = row;
  const { reference, rhythm, firstDate, nextDate, lastDate, state } = row;
  return {
    id: `S${id}`,
    customer,
    fromAccountId: account,
    account: accountName,
    toIban: iban,
    toName: name,
    amount: { minor: amount, currency },
    reference,
    rhythm,
    firstDate,
    nextDate,
    lastDate,
    state,
    lastRun: runDate === undefined || outcome === undefined ? undefined : { date: runDate, outcome, reason },
  };
}
