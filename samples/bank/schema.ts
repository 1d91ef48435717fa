import { z } from "zod";

/** The account number without spaces: letters and digits, check digits right (ISO 13616, mod 97 = 1). */
export const Iban = z
  .string()
  .regex(/^(?:DE\d{20}|(?!DE)[A-Z]{2}\d{2}[A-Z0-9]{11,30})$/, { abort: true })
  .refine(hasValidCheckDigits, { error: "IBAN check digits are wrong" });
export type Iban = z.infer<typeof Iban>;

/** The kinds of customer that products are made for and that recommendations compare. */
export const Segment = z.enum(["student", "family", "professional", "retired", "business"]);
export type Segment = z.infer<typeof Segment>;

/** Summary risk indicator: 1 is the lowest class, 7 the highest. */
export const RiskClass = z.int().min(1).max(7);
export type RiskClass = z.infer<typeof RiskClass>;

const CalendarDay = z.iso.date();
const MinorUnits = z.int();
const Slug = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
const CustomerId = z.string().regex(/^C\d{4}$/);
const AccountId = z.string().regex(/^C\d{4}-[A-Z]+$/);

/** One entry of the bank's catalogue (`products.json`). Rates are fractions a year: 0.021 is 2.1%. */
export const Product = z
  .strictObject({
    id: Slug,
    name: z.string().min(3),
    category: z.enum(["account", "card", "savings", "deposit", "loan", "mortgage", "fund", "pension", "insurance"]),
    riskLevel: RiskClass,
    riskLabel: z.enum(["low", "medium", "high"]),
    /** What a holder may expect a year, or null where the product earns nothing. */
    expectedReturn: z.number().gt(-1).lt(1).nullable(),
    currency: z.literal("EUR"),
    description: z.string().min(20),
    url: z.url({ protocol: /^https$/ }),
    features: z.array(z.string().min(3)).min(2),
    /** Smallest purchase, payment or loan in cents, or null where there is none. */
    minimumAmountMinor: MinorUnits.positive().nullable(),
    eligibility: z.strictObject({
      minAge: z.int().min(0).max(120).exactOptional(),
      maxAge: z.int().min(0).max(120).exactOptional(),
      /** Only these segments may have it; without it, all may. */
      segments: z.array(Segment).min(1).exactOptional(),
    }),
  })
  .refine((product) => product.riskLabel === riskLabelOf(product.riskLevel), {
    error: "riskLabel does not fit riskLevel (1–2 low, 3–4 medium, 5–7 high)",
    path: ["riskLabel"],
  });
export type Product = z.infer<typeof Product>;

/** An account of a sample customer as it stands before the first transaction. */
export const CustomerAccount = z.strictObject({
  id: AccountId,
  iban: Iban,
  name: z.enum(["Everyday", "Savings", "Business"]),
  currency: z.literal("EUR"),
  openingMinor: MinorUnits.min(0),
});
export type CustomerAccount = z.infer<typeof CustomerAccount>;

/** Somebody the customer has saved for payments; a payee may be another sample customer. */
export const Payee = z.strictObject({
  id: z.string().regex(/^P\d{4}-\d{2}$/),
  name: z.string().min(2),
  iban: Iban,
});
export type Payee = z.infer<typeof Payee>;

/** A fictional customer (`customers.json`); `linkCode` is what is typed into a chat after "link". */
export const Customer = z.strictObject({
  id: CustomerId,
  name: z.string().min(3),
  segment: Segment,
  riskProfile: RiskClass,
  birthYear: z.int().min(1900).max(2026),
  /** Four letters of the name and four signs, without 0, 1, I, L and O, which are easily confused. */
  linkCode: z.string().regex(/^[A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/),
  accounts: z.array(CustomerAccount).min(1),
  payees: z.array(Payee),
});
export type Customer = z.infer<typeof Customer>;

/** The purpose of a booking, as the app sorts spending. */
export const TransactionCategory = z.enum([
  "salary",
  "income",
  "pension",
  "benefits",
  "rent",
  "groceries",
  "restaurants",
  "transport",
  "utilities",
  "insurance",
  "subscriptions",
  "shopping",
  "health",
  "travel",
  "leisure",
  "education",
  "childcare",
  "supplies",
  "tax",
  "cash",
  "fees",
  "interest",
  "refund",
  "transfer",
  "savings",
]);
export type TransactionCategory = z.infer<typeof TransactionCategory>;

/** One booking on one account (`transactions.json`); negative amounts leave the account. */
export const SampleTransaction = z.strictObject({
  date: CalendarDay,
  accountId: AccountId,
  amountMinor: MinorUnits.refine((amount) => amount !== 0, { error: "a booking moves money" }),
  counterparty: z.string().min(2),
  description: z.string().min(2),
  category: TransactionCategory,
});
export type SampleTransaction = z.infer<typeof SampleTransaction>;

/** Age group of a pseudonymous user, in whole years. */
export const AgeGroup = z.enum(["18-24", "25-34", "35-49", "50-64", "65+"]);
export type AgeGroup = z.infer<typeof AgeGroup>;

/** A pseudonymous person whose interactions train the recommender. */
export const SampleUser = z.strictObject({
  userId: z.string().regex(/^u-\d{3}$/),
  segment: Segment,
  ageGroup: AgeGroup,
});
export type SampleUser = z.infer<typeof SampleUser>;

/** What one user did with one product; `accepted` and `dismissed` answer a recommendation. */
export const SampleInteraction = z.strictObject({
  userId: SampleUser.shape.userId,
  productId: Slug,
  type: z.enum(["view", "comparison", "search", "accepted", "dismissed"]),
  timestamp: z.iso.datetime(),
});
export type SampleInteraction = z.infer<typeof SampleInteraction>;

/** The whole of `interactions.json`. */
export const SampleInteractions = z.strictObject({
  users: z.array(SampleUser),
  interactions: z.array(SampleInteraction),
});
export type SampleInteractions = z.infer<typeof SampleInteractions>;

const DocumentName = z.string().regex(/^[a-z0-9-]+\.(?:md|pdf)$/);

/** A question for retrieval tests (`questions.json`). The documents cannot answer those with null. */
export const SampleQuestion = z.union([
  z.strictObject({
    id: z.string().regex(/^q\d{3}$/),
    question: z.string().min(8),
    expectedDocument: DocumentName,
    /** Further documents that hold the same answer; citing one of them is right too. */
    alsoAnsweredBy: z.array(DocumentName).min(1).exactOptional(),
    /** Stands literally in each of the documents named above. */
    mustContain: z.string().min(2),
  }),
  z.strictObject({
    id: z.string().regex(/^q\d{3}$/),
    question: z.string().min(8),
    expectedDocument: z.null(),
  }),
]);
export type SampleQuestion = z.infer<typeof SampleQuestion>;

/** The label that stands for a risk class in texts for customers. */
export function riskLabelOf(riskLevel: RiskClass): "low" | "medium" | "high" {
  if (riskLevel <= 2) return "low";
  return riskLevel <= 4 ? "medium" : "high";
}

function hasValidCheckDigits(iban: string): boolean {
  const rearranged = iban.slice(4) + iban.slice(0, 4);
  const digits = rearranged.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}
