/** The bank's rows that the audit proves: who is paid, what was booked, and what counts against the limits. */
import { z } from "zod";
import type { Evidence, EvidenceBook, StoredEvidence } from "../../../core/evidence.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import type { Tool } from "../../../core/tool.ts";
import type { Bank } from "../port.ts";
import { bankModule, bankQuery } from "./tables.ts";

const PAGE = 500;
const none = z.string().nullable().prefault(null);
const number = z.int().nullable().prefault(null);

const AccountRow = z.object({
  id: z.string(),
  owner: none,
  name: z.string(),
  iban: none,
  currency: z.string(),
  minimum: number,
});
const EntryRow = z.object({
  id: z.int(),
  key: z.string(),
  request: z.string(),
  kind: z.string(),
  at: z.int(),
  date: z.string(),
  voids: number,
  result: z.string(),
});
const PostingRow = z.object({
  entry: z.int(),
  account: z.string(),
  /** None where its entry is gone. */
  key: z.string().optional(),
  amount: z.int(),
  date: z.string(),
  counterparty: z.string(),
  description: z.string(),
  category: z.string(),
  search: z.string(),
});
const OutgoingRow = z.object({
  entry: z.int(),
  key: z.string().optional(),
  owner: z.string(),
  iban: z.string(),
  currency: z.string(),
  amount: z.int(),
  at: z.int(),
});
const PayeeRow = z.object({
  customer: z.string(),
  iban: z.string(),
  name: z.string(),
  key: z.string(),
  request: z.string(),
  addedAt: z.int(),
});

const entryColumns = ["id", "key", "request", "kind", "at", "date", "voids", "result"] as const;
const postingColumns = [
  "entry",
  "account",
  "bank_entries.key",
  "amount",
  "bank_postings.date",
  "counterparty",
  "description",
  "category",
  "search",
] as const;
const outgoingColumns = [
  "entry",
  "bank_entries.key",
  "owner",
  "iban",
  "currency",
  "amount",
  "bank_outgoing.at",
] as const;
const payeeColumns = ["customer", "iban", "name", "key", "request", "addedAt"] as const;

const accounts = bankQuery()("bank_accounts", AccountRow, ({ db }) =>
  db.selectFrom("bank_accounts").select(["id", "owner", "name", "iban", "currency", "minimum"]).orderBy("id"),
);
const entriesAfter = bankQuery<{ after: number }>()("bank_entries", EntryRow, ({ db, value }) =>
  db.selectFrom("bank_entries").select(entryColumns).where("id", ">", value("after")).orderBy("id").limit(PAGE),
);
const postingsWithin = bankQuery<{ after: number; last: number }>()("bank_postings", PostingRow, ({ db, value }) =>
  db
    .selectFrom("bank_postings")
    .leftJoin("bank_entries", "bank_entries.id", "entry")
    .select(postingColumns)
    .where("entry", ">", value("after"))
    .where("entry", "<=", value("last"))
    .orderBy("entry")
    .orderBy("account"),
);
const outgoingWithin = bankQuery<{ after: number; last: number }>()("bank_outgoing", OutgoingRow, ({ db, value }) =>
  db
    .selectFrom("bank_outgoing")
    .leftJoin("bank_entries", "bank_entries.id", "entry")
    .select(outgoingColumns)
    .where("entry", ">", value("after"))
    .where("entry", "<=", value("last"))
    .orderBy("entry"),
);
const payees = bankQuery()("bank_payees", PayeeRow, ({ db }) =>
  db.selectFrom("bank_payees").select(payeeColumns).orderBy("customer").orderBy("iban"),
);
const entryOf = bankQuery<{ key: string }>()("bank_entries", EntryRow, ({ db, value }) =>
  db.selectFrom("bank_entries").select(entryColumns).where("key", "=", value("key")),
);
const payeeOf = bankQuery<{ key: string }>()("bank_payees", PayeeRow, ({ db, value }) =>
  db.selectFrom("bank_payees").select(payeeColumns).where("key", "=", value("key")),
);

/** What was written under a key. */
export async function evidenceOf(database: Database, key: string): Promise<readonly Evidence[]> {
  const [entry] = await database.all(entryOf, { key });
  const saved = (await database.all(payeeOf, { key })).map(payeeEvidence);
  if (entry === undefined) return saved;
  const within = { after: entry.id - 1, last: entry.id };
  const postings = (await database.all(postingsWithin, within)).map(postingEvidence);
  const outgoing = (await database.all(outgoingWithin, within)).map(outgoingEvidence);
  return [entryEvidence(entry), ...postings, ...outgoing, ...saved];
}

/** The bank's tables for the audit to compare; closes the database. */
export function bankBook(database: Database): EvidenceBook {
  return {
    place: database.place,
    tables: ["bank_accounts", "bank_entries", "bank_postings", "bank_outgoing", "bank_payees"],
    rows: async function* () {
      // A command may look before the bank was ever opened.
      await database.migrate(bankModule);
      for (const { id, ...fields } of await database.all(accounts, {})) yield { table: "bank_accounts", id, fields };
      yield* bookings(database);
      for (const row of await database.all(payees, {})) yield payeeEvidence(row);
    },
    close: database.close,
  };
}

/** Page by page, and in the end what belongs to no entry any more. */
async function* bookings(database: Database): AsyncGenerator<StoredEvidence> {
  for (let after = -1; ;) {
    const page = await database.all(entriesAfter, { after });
    const last = page.at(-1)?.id ?? Number.MAX_SAFE_INTEGER;
    for (const row of page) yield entryEvidence(row);
    for (const row of await database.all(postingsWithin, { after, last })) yield postingEvidence(row);
    for (const row of await database.all(outgoingWithin, { after, last })) yield outgoingEvidence(row);
    if (page.length === 0) return;
    after = last;
  }
}

/** What falls due on its date is paid under the key of its order. */
const writtenBy = (key: string | undefined): Pick<StoredEvidence, "key" | "isOwn"> =>
  key === undefined ? {} : { key, ...(key.startsWith("order:") && { isOwn: true }) };
const entryEvidence = ({ id, ...fields }: z.output<typeof EntryRow>): StoredEvidence => {
  return { table: "bank_entries", id: String(id), ...writtenBy(fields.key), fields };
};
const postingEvidence = ({ entry, account, key, ...fields }: z.output<typeof PostingRow>): StoredEvidence => {
  return { table: "bank_postings", id: `${entry}/${account}`, ...writtenBy(key), fields };
};
const outgoingEvidence = ({ entry, key, ...fields }: z.output<typeof OutgoingRow>): StoredEvidence => {
  return { table: "bank_outgoing", id: String(entry), ...writtenBy(key), fields };
};
const payeeEvidence = ({ customer, iban, ...fields }: z.output<typeof PayeeRow>): StoredEvidence => {
  return { table: "bank_payees", id: `${customer}/${iban}`, key: fields.key, fields };
};

/** The same tool; its results carry the rows that it wrote. */
export function evidenced(tool: Tool, bank: Pick<Bank, "evidence">): Tool {
  if (tool.confirmation === "never") return tool;
  return {
    ...tool,
    execute: async (input, context) => {
      const result = await tool.execute(input, context);
      const evidence = (await bank.evidence?.(context.idempotencyKey)) ?? [];
      return evidence.length === 0 ? result : { ...result, evidence: [...(result.evidence ?? []), ...evidence] };
    },
  };
}
