/** The payees that customers saved. */
import { z } from "zod";
import type { Work } from "../../../core/store/sql/database.ts";
import { all, run } from "../../../core/store/sql/work.ts";
import { BankRefusal } from "../errors.ts";
import { sameRequest } from "../ledger/ledger.ts";
import { bankQuery } from "../ledger/tables.ts";
import type { Idempotency, Payee } from "../port.ts";
import { nameTokens } from "../provenance.ts";

/** As the bank's help pages say. */
const MAX_PAYEES = 200;

const SavedPayee = z.object({
  name: z.string(),
  iban: z.string(),
  addedAt: z.int(),
  key: z.string(),
  request: z.string(),
});
type SavedPayee = z.infer<typeof SavedPayee>;

export const payeesOf = bankQuery<{ customer: string }>()("bank_payees", SavedPayee, ({ db, value }) =>
  db
    .selectFrom("bank_payees")
    .select(["name", "iban", "addedAt", "key", "request"])
    .where("customer", "=", value("customer"))
    .orderBy("addedAt")
    .orderBy("name"),
);
export const deletePayee = bankQuery<{ customer: string; key: string }>()("bank_payees", z.unknown(), ({ db, value }) =>
  db.deleteFrom("bank_payees").where("customer", "=", value("customer")).where("key", "=", value("key")),
);
const insertPayee = bankQuery<SavedPayee & { customer: string }>()("bank_payees", z.unknown(), ({ db, value }) =>
  db.insertInto("bank_payees").values({
    customer: value("customer"),
    iban: value("iban"),
    name: value("name"),
    key: value("key"),
    request: value("request"),
    addedAt: value("addedAt"),
  }),
);

/** Throws when the payee cannot be saved. */
export function* assertNewPayee(customer: string, payee: Payee): Work<void> {
  assertNew(payee, yield* all(payeesOf, { customer }));
}

/** Saves a payee, or gives what was saved under this key. */
export function* savePayee(customer: string, payee: Payee & Idempotency, now: number): Work<Payee> {
  const { name, iban, key, request } = payee;
  const saved = yield* all(payeesOf, { customer });
  const existing = saved.find((one) => one.key === key);
  if (existing !== undefined) {
    const same = sameRequest(existing, request);
    return { name: same.name, iban: same.iban };
  }
  assertNew(payee, saved);
  yield* run(insertPayee, { customer, iban, name, key, request, addedAt: now });
  return { name, iban };
}

function assertNew(payee: Payee, saved: readonly SavedPayee[]): void {
  const name = nameTokens(payee.name).join(" ");
  const same = saved.find((one) => one.iban === payee.iban || nameTokens(one.name).join(" ") === name);
  if (same !== undefined) {
    throw new BankRefusal("bank/payee-exists", `A payee with that name or IBAN is saved already, as ${same.name}.`, {
      values: { name: same.name },
    });
  }
  if (saved.length >= MAX_PAYEES) {
    throw new BankRefusal("bank/too-many-payees", `${MAX_PAYEES} payees are saved, which is the most there can be.`, {
      values: { count: String(MAX_PAYEES) },
    });
  }
}
