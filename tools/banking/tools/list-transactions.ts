import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool } from "../../../core/tool.ts";
import { ANSWERS, type FoundBookings, sayBookings } from "../answers/bookings.ts";
import type { ToolLanguage } from "../language.ts";
import type { Bank } from "../port.ts";
import { findTransactions } from "../transaction-filter.ts";
import { filterSlots, transactionFilter } from "../written-filter.ts";
import { READING } from "./of-customers.ts";

const LISTED = 10;

/** Bookings with filters; sums are over all matches, also those beyond the limit. */
export function listTransactions(bank: Bank, timeZone: string, language: ToolLanguage): Tool {
  return defineTool({
    ...READING,
    name: "list_transactions",
    description:
      "Finds bookings on the person's own accounts and adds up what came in and went out over all that match. Use it for questions about spending and income too: how much, how often, the largest, the average, whether something was paid or has arrived.",
    input: z.strictObject({
      ...transactionFilter,
      answer: z
        .enum(ANSWERS)
        .exactOptional()
        .describe("What is asked for; largest gives the largest bookings, all others the newest."),
      limit: z.int().min(1).max(100).exactOptional().describe(`How many to list; ${LISTED} when left out.`),
    }),
    slots: { ...filterSlots, answer: { entity: "choice", ranked: true }, limit: { entity: "number" } },
    language,
    execute: async ({ limit = LISTED, answer: asked = "list", ...filter }, context) => {
      // "Did that go through?" names nothing that could be found: the newest booking says more than a yes.
      const answer = asked === "whether" && Object.keys(filter).length === 0 ? "newest" : asked;
      const order = answer === "largest" ? "largest" : "newest";
      const found = await findTransactions(bank, filter, { context, timeZone, limit, order });
      const isOtherWay = filter.direction !== found.filter.direction;
      const value: FoundBookings = {
        answer,
        filter: found.filter,
        isOtherWay,
        count: found.count,
        sums: [...found.sums],
        transactions: [...found.transactions],
      };
      return { value };
    },
    say: sayBookings,
  });
}
