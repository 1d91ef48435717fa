/** Which bookings are meant, as a model writes it, and the same in words. */
import { z } from "zod";
import type { ToolContext } from "../../core/tool.ts";
import { AMOUNT_PATTERN } from "./amount.ts";

const Day = z.iso.date();
const Amount = z.string().regex(AMOUNT_PATTERN, "digits with a point, such as 40 or 1250.50");

/** Which bookings are meant, as the model writes it. */
export const transactionFilter = {
  account: z.string().min(1).max(80).exactOptional().describe("Name of one account. Left out: all."),
  from: Day.exactOptional().describe("First day, YYYY-MM-DD."),
  to: Day.exactOptional().describe("Last day, YYYY-MM-DD."),
  text: z
    .string()
    .min(1)
    .max(80)
    .exactOptional()
    .describe("Part of the counterparty or description: the payee or merchant that the person names."),
  category: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .exactOptional()
    .describe("Such as groceries, rent, salary, restaurants, transport, transfer."),
  min: Amount.exactOptional().describe("Smallest amount of a booking, such as 100."),
  max: Amount.exactOptional().describe("Largest amount of a booking, such as 99.99."),
};
const Filter = z.strictObject(transactionFilter);
export type WrittenFilter = z.infer<typeof Filter>;

/** For whom, how many, and where their days begin. */
export interface Asking {
  readonly context: ToolContext;
  readonly timeZone: string;
  readonly limit: number;
}

/** What was looked for, in words: every answer says over what it counted. */
export function filterWords({ account, from, to, text, category, min, max }: WrittenFilter): string {
  const period =
    from === to ? from && `on ${from}` : [from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(" ");
  const parts = [
    text && `with “${text}”`,
    category && `in ${category}`,
    account && `on ${account}`,
    period,
    min && `of at least ${min}`,
    max && `of at most ${max}`,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}
