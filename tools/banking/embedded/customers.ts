/** Customers, and the chat persons linked to them. */
import { z } from "zod";
import type { Work } from "../../../core/store/sql/database.ts";
import { change, first, run } from "../../../core/store/sql/work.ts";
import { sha256 } from "../../canonical-json.ts";
import { bankQuery } from "../ledger/tables.ts";
import type { Bank } from "../port.ts";

const Customer = z.object({
  id: z.string(),
  name: z.string(),
  segment: z.string(),
  riskProfile: z.int().optional(),
  birthYear: z.int().optional(),
});
type Customer = z.infer<typeof Customer>;

const columns = ["id", "name", "segment", "riskProfile", "birthYear"] as const;
/** Asks for an id alone: a process that shows nobody's money opens the bank too. */
export const anyCustomer = bankQuery()("bank_customers", Customer.pick({ id: true }), ({ db }) =>
  db.selectFrom("bank_customers").select("id").limit(1),
);
export const customerWithId = bankQuery<{ id: string }>()("bank_customers", Customer, ({ db, value }) =>
  db.selectFrom("bank_customers").select(columns).where("id", "=", value("id")),
);
export const customerOfPerson = bankQuery<{ person: string }>()("bank_customers", Customer, ({ db, value }) =>
  db
    .selectFrom("bank_customers")
    .innerJoin("bank_links", "bank_links.customer", "bank_customers.id")
    .select(columns)
    .where("person", "=", value("person")),
);
const customerWithCode = bankQuery<{ codeHash: string }>()(
  "bank_customers",
  Customer.extend({ usedBy: z.string().optional() }),
  ({ db, value }) =>
    db
      .selectFrom("bank_customers")
      .select([...columns, "usedBy"])
      .where("codeHash", "=", value("codeHash")),
);
const insertCustomer = bankQuery<{
  id: string;
  name: string;
  segment: string;
  riskProfile: number | null;
  birthYear: number | null;
  codeHash: string;
}>()("bank_customers", z.unknown(), ({ db, value }) =>
  db.insertInto("bank_customers").values({
    id: value("id"),
    name: value("name"),
    segment: value("segment"),
    riskProfile: value("riskProfile"),
    birthYear: value("birthYear"),
    codeHash: value("codeHash"),
  }),
);
const insertLink = bankQuery<{ person: string; customer: string; linkedAt: number }>()(
  "bank_links",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("bank_links")
      .values({ person: value("person"), customer: value("customer"), linkedAt: value("linkedAt") }),
);
const deleteLink = bankQuery<{ person: string }>()("bank_links", z.unknown(), ({ db, value }) =>
  db.deleteFrom("bank_links").where("person", "=", value("person")),
);
const useCode = bankQuery<{ person: string; customer: string }>()("bank_customers", z.unknown(), ({ db, value }) =>
  db
    .updateTable("bank_customers")
    .set({ usedBy: value("person") })
    .where("id", "=", value("customer")),
);
const freeCodes = bankQuery<{ person: string }>()("bank_customers", z.unknown(), ({ db, value }) =>
  db.updateTable("bank_customers").set({ usedBy: null }).where("usedBy", "=", value("person")),
);

export function* addCustomer(customer: Customer & { readonly linkCode: string }): Work<void> {
  const { id, name, segment, riskProfile = null, birthYear = null, linkCode } = customer;
  yield* run(insertCustomer, { id, name, segment, riskProfile, birthYear, codeHash: codeHash(linkCode) });
}

/** What `linkPerson` reads: the person's link, and who used the code. */
export const linkLocks = (person: string, code: string): readonly string[] => [
  personLock(person),
  `bank:code:${codeHash(code)}`,
];

/** What `unlinkPerson` reads. */
export const personLock = (person: string): string => `bank:person:${person}`;

/** `now` in ms; `reusableCodes`: a code works for everybody who knows it. */
export function* linkPerson(
  { person, code }: { readonly person: string; readonly code: string },
  { now, reusableCodes }: { readonly now: number; readonly reusableCodes: boolean },
): Work<Awaited<ReturnType<Bank["link"]>>> {
  // Looked up by its hash: how long that takes says nothing about how much of a code was right.
  const customer = yield* first(customerWithCode, { codeHash: codeHash(code) });
  if (customer === undefined) return "unknown";
  const current = yield* first(customerOfPerson, { person });
  if (current !== undefined) return current.id === customer.id ? "already" : "other";
  const { id, usedBy = person } = customer;
  if (!reusableCodes && usedBy !== person) return "used";
  yield* run(insertLink, { person, customer: id, linkedAt: now });
  yield* run(useCode, { person, customer: id });
  return "linked";
}

/** Whether the person was linked. */
export function* unlinkPerson(person: string): Work<boolean> {
  yield* run(freeCodes, { person });
  return (yield* change(deleteLink, { person })) > 0;
}

function codeHash(code: string): string {
  return sha256(`link-code:${code.trim().toUpperCase()}`);
}
