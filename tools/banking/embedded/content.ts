/** What the embedded bank is filled with at its first start. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ParleyError, toError } from "../../../core/errors.ts";
import { isValidIban } from "../../../core/language/index.ts";

const Iban = z.string().refine(isValidIban, { error: "IBAN length or check digits are wrong" });

const SeedAccount = z.object({
  id: z.string().min(1),
  iban: Iban,
  name: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  openingMinor: z.int().min(0),
});

/** `customers.json`: customers with accounts, saved payees, and the code they type to link a chat. */
export const SeedCustomer = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  segment: z.string().min(1),
  /** The highest risk class, 1 to 7, that suits the customer. */
  riskProfile: z.int().min(1).max(7).optional(),
  birthYear: z.int().min(1900).max(2100).optional(),
  linkCode: z.string().min(8),
  accounts: z.array(SeedAccount).min(1),
  payees: z.array(z.object({ name: z.string().min(1), iban: Iban })),
});
export type SeedCustomer = z.infer<typeof SeedCustomer>;

/** `transactions.json`: bookings on these accounts, oldest first. */
const SeedTransaction = z.object({
  date: z.iso.date(),
  accountId: z.string(),
  amountMinor: z.int(),
  counterparty: z.string(),
  description: z.string(),
  category: z.string(),
});

/** Everything the bank starts with. */
export interface SeedContent {
  readonly customers: readonly SeedCustomer[];
  readonly transactions: readonly z.infer<typeof SeedTransaction>[];
}

/** Reads both files of a folder. Throws `bank/content` with file, place and fix. */
export async function readContent(folder: string): Promise<SeedContent> {
  const [customers, transactions] = await Promise.all([
    readJson(join(folder, "customers.json"), z.array(SeedCustomer).min(1)),
    readJson(join(folder, "transactions.json"), z.array(SeedTransaction)),
  ]);
  return { customers, transactions };
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  const fault = (what: string, cause: unknown): ParleyError =>
    new ParleyError(
      "bank/content",
      `${path}: ${what}. Correct the file, or point the bank's "content" at another folder.`,
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (thrown) {
    throw fault(toError(thrown).message, thrown);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw fault(z.prettifyError(parsed.error), parsed.error);
}
