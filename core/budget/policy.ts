/** Caps on what a bot spends on language models, as an admin writes them. */
import { z } from "zod";

const Cap = z
  .strictObject({
    tokens: z.number().int().positive().describe("a whole number above 0 such as 50_000").optional(),
    dollars: z.number().positive().max(1_000_000).describe("US dollars above 0 such as 0.5").optional(),
  })
  .refine((cap) => cap.tokens !== undefined || cap.dollars !== undefined, {
    error: "expected tokens, dollars or both, such as { dollars: 0.5 }",
  });
export type Cap = z.infer<typeof Cap>;

/** Each cap is per day, in the bot's time zone. What has none is not capped. */
export const BudgetPolicy = z
  .strictObject({
    /** Of each person, on all accounts that they linked. */
    user: Cap.optional(),
    /** Of each chat, with all of its threads and everybody in it. */
    chat: Cap.optional(),
    /** Of everybody together. */
    bot: Cap.optional(),
    /** The share of a cap from which on the admins are warned, and the person of their own cap. */
    warnAt: z.number().positive().max(1).describe("a share above 0 and at most 1 such as 0.8").default(0.8),
    /** `embedded`: goes on without a model that costs money, where the crew can. `refuse`: says so until midnight. */
    whenSpent: z.enum(["embedded", "refuse"]).default("embedded"),
  })
  .meta({
    renamed: {
      perUserTokens: "user: { tokens }",
      perUserMicroDollars: "user: { dollars }, in dollars instead of millionths of one",
      perBotMicroDollars: "bot: { dollars }, in dollars instead of millionths of one",
    },
  });
export type BudgetPolicy = z.infer<typeof BudgetPolicy>;
