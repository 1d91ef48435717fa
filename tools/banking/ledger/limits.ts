/** How much may leave a customer's accounts: sums over the last 24 hours, so that splitting does not help. */
import { type Expression, sql } from "kysely";
import { z } from "zod";
import type { Work } from "../../../core/store/sql/database.ts";
import { first, run } from "../../../core/store/sql/work.ts";
import { bankQuery } from "./tables.ts";

const DAY_MS = 24 * 60 * 60_000;

/** In minor units of the account's currency. */
export interface TransferLimits {
  readonly perTransferMinor: number;
  /** To others, within any 24 hours. Transfers between one's own accounts do not count. */
  readonly perDayMinor: number;
  /** To one payee that was not saved for 24 hours yet, within any 24 hours. */
  readonly newPayeePerDayMinor: number;
}

type Outgoing = {
  readonly entry: number;
  readonly owner: string;
  readonly iban: string;
  readonly currency: string;
  readonly amount: number;
  readonly at: number;
};

const sumsOfDay = bankQuery<{ owner: string; currency: string; since: number; iban: string }>()(
  "bank_outgoing",
  z.object({ all: z.int(), toPayee: z.int() }),
  ({ db, value }) => {
    const sumOf = (amount: Expression<unknown>) => sql<number>`CAST(coalesce(sum(${amount}), 0) AS BIGINT)`;
    const amount = sql.ref("amount");
    const toPayee = sql`CASE WHEN ${sql.ref("iban")} = ${value("iban")} THEN ${amount} ELSE 0 END`;
    return db
      .selectFrom("bank_outgoing")
      .select([sumOf(amount).as("all"), sumOf(toPayee).as("toPayee")])
      .where("owner", "=", value("owner"))
      .where("currency", "=", value("currency"))
      .where("at", ">", value("since"));
  },
);
const insertOutgoing = bankQuery<Outgoing>()("bank_outgoing", z.unknown(), ({ db, value }) =>
  db.insertInto("bank_outgoing").values({
    entry: value("entry"),
    owner: value("owner"),
    iban: value("iban"),
    currency: value("currency"),
    amount: value("amount"),
    at: value("at"),
  }),
);

/** Keeps an outgoing transfer that limits are counted from. A reversed transfer keeps counting. */
export const recordOutgoing = (outgoing: Outgoing): Work<void> => run(insertOutgoing, outgoing);

/** What left a customer's accounts in the last 24 hours, and what of it went to this payee. */
export function* sentWithinDay(
  { owner, currency, iban }: Pick<Outgoing, "owner" | "currency" | "iban">,
  now: number,
): Work<{ readonly all: number; readonly toPayee: number }> {
  const sums = yield* first(sumsOfDay, { owner, currency, iban, since: now - DAY_MS });
  return sums ?? { all: 0, toPayee: 0 };
}
