/** How the bank reaches its customers. */
import { z } from "zod";
import type { Work } from "../../../core/store/sql/database.ts";
import { first, run } from "../../../core/store/sql/work.ts";
import { bankQuery } from "../ledger/tables.ts";
import type { Contact, Idempotency } from "../port.ts";
import { once } from "./changes.ts";

const Stored = z.object({ address: z.string().optional(), email: z.string().optional(), phone: z.string().optional() });

export const contactOf = bankQuery<{ customer: string }>()("bank_contacts", Stored, ({ db, value }) =>
  db.selectFrom("bank_contacts").select(["address", "email", "phone"]).where("customer", "=", value("customer")),
);
const saveContact = bankQuery<{
  customer: string;
  address: string | null;
  email: string | null;
  phone: string | null;
}>()("bank_contacts", z.unknown(), ({ db, value }) =>
  db
    .insertInto("bank_contacts")
    .values({
      customer: value("customer"),
      address: value("address"),
      email: value("email"),
      phone: value("phone"),
    })
    .onConflict((conflict) =>
      conflict.column("customer").doUpdateSet((eb) => ({
        address: eb.ref("excluded.address"),
        email: eb.ref("excluded.email"),
        phone: eb.ref("excluded.phone"),
      })),
    ),
);

/** Changes what is given, or gives what was changed to under this key. */
export function* changeContact(
  customer: string,
  contact: Contact,
  { now, ...idempotency }: Idempotency & { readonly now: number },
): Work<Contact> {
  return yield* once({ ...idempotency, customer, now, result: Stored }, function* () {
    const { address, email, phone } = { ...(yield* first(contactOf, { customer })), ...contact };
    yield* run(saveContact, { customer, address: address ?? null, email: email ?? null, phone: phone ?? null });
    return { address, email, phone };
  });
}
