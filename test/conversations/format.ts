/** The format of the conversations and utterances in this folder; README.md says what each part means. */
import { z } from "zod";

export const KINDS = [
  "order",
  "quantity",
  "several",
  "condition",
  "correction",
  "ellipsis",
  "topic-change",
  "refusal",
  "question-about-order",
  "quoted",
  "balance",
  "bookings",
  "date",
  "document",
  "recommendation",
  "product",
  "memory",
  "identity",
  "hand-over",
  "complaint",
  "emergency",
  "distress",
  "small-talk",
  "out-of-scope",
  "other-language",
  "hostile",
  "group",
] as const;

const Amount = z.string().regex(/^\d+\.\d{2}$/u, "an amount is written 12.50");
const Day = z.iso.date();
const Action = z.union([
  z.strictObject({ amount: Amount, to: z.string(), from: z.string().optional() }),
  z.strictObject({ action: z.literal("add-payee"), name: z.string(), iban: z.string().optional() }),
  z.strictObject({ action: z.string() }),
]);

const Bookings = z.strictObject({
  from: Day.optional(),
  to: Day.optional(),
  payee: z.string().optional(),
  category: z.string().optional(),
  direction: z.enum(["in", "out"]).optional(),
  over: Amount.optional(),
  answer: z.enum(["list", "total", "count", "largest", "average"]),
});

const Checks = z.strictObject({
  proposes: z.array(Action).optional(),
  waiting: z.int().nonnegative().optional(),
  executes: z.array(Action).optional(),
  asks: z.enum(["amount", "receiver", "account", "currency", "period", "which", "confirmation", "anything"]).optional(),
  mentions: z.array(z.union([z.string(), z.array(z.string()).min(1)])).optional(),
  omits: z.array(z.string()).optional(),
  balance: z.array(z.string()).optional(),
  bookings: Bookings.optional(),
  cites: z.array(z.string()).min(1).optional(),
  recommends: z.union([z.literal(false), z.strictObject({ category: z.string().optional() })]).optional(),
  explains: z.array(z.string()).min(1).optional(),
  remembers: z.string().optional(),
  forgets: z.string().optional(),
  handedOver: z.boolean().optional(),
  complaint: z.boolean().optional(),
  unlinked: z.boolean().optional(),
  says: z
    .enum(["greets", "thanks", "helps", "does-not-know", "cannot", "reminds", "cancelled", "needs-link", "comforts"])
    .optional(),
  language: z.enum(["en", "de"]).optional(),
});
const Expect = Checks.extend({ either: z.array(Checks).min(2).optional() });

const Turn = z
  .strictObject({
    say: z.string().min(1).optional(),
    forward: z.string().optional(),
    file: z.string().optional(),
    press: z.enum(["confirm", "cancel"]).optional(),
    of: z.int().positive().optional(),
    expect: Expect,
  })
  .refine(({ say, press, forward, file }) => [say, press, forward, file].some((part) => part !== undefined), {
    error: "a turn says, presses, forwards or sends something",
  });

export const Conversation = z.strictObject({
  id: z.string(),
  language: z.enum(["en", "de", "mixed"]),
  kind: z.enum(KINDS),
  voice: z.string(),
  linked: z.string().optional(),
  chat: z.literal("group").optional(),
  turns: z.array(Turn).min(1),
});
export type Conversation = z.infer<typeof Conversation>;

export const ROUTES = [
  "balance",
  "bookings",
  "transfer",
  "add-payee",
  "list-payees",
  "export-bookings",
  "recommend",
  "product",
  "document",
  "greeting",
  "thanks",
  "help",
  "remember",
  "forget",
  "unlink",
  "learning-consent",
  "hand-over",
  "complaint",
  "emergency",
  "small-talk",
  "out-of-scope",
] as const;

export const Utterance = z.strictObject({
  id: z.string(),
  language: z.enum(["en", "de"]),
  text: z.string().min(1),
  route: z.enum(ROUTES),
  /** Routes that are right as well. */
  alsoOk: z.array(z.enum(ROUTES)).default([]),
  voice: z.string(),
});
export type Utterance = z.infer<typeof Utterance>;
