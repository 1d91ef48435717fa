/** Which bookings are meant, as it is written in a tool's input. */
import { z } from "zod";
import { Money } from "../../core/money.ts";
import type { SlotDefinition } from "../../core/teaching.ts";
import type { ToolContext } from "../../core/tool.ts";

const Day = z.iso.date();

/** Days from `from` to `to`, both included. */
export const Period = z.strictObject({
  from: Day.exactOptional().describe("First day, YYYY-MM-DD. Left out: from the beginning."),
  to: Day.exactOptional().describe("Last day, YYYY-MM-DD."),
});

/** A range of sums, both ends included. */
const Sums = z.strictObject({ least: Money.exactOptional(), most: Money.exactOptional() });

/** Which bookings are meant. */
export const transactionFilter = {
  account: z.string().min(1).max(80).exactOptional().describe("Name of one account. Left out: all."),
  period: Period.exactOptional(),
  direction: z
    .enum(["in_and_out", "received", "paid"])
    .exactOptional()
    .describe("Only what was received, or only what was paid. Left out: both."),
  counterparty: z
    .string()
    .min(1)
    .max(80)
    .exactOptional()
    .describe("The payee or merchant that the person names, or another word of the booking."),
  category: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .exactOptional()
    .describe("Such as groceries, rent, salary, restaurants, transport, transfer."),
  sums: Sums.exactOptional().describe("How much a booking is, in minor units: 10000 is 100.00."),
};
const Filter = z.strictObject(transactionFilter);
export type WrittenFilter = z.infer<typeof Filter>;

/** What fills it from words. */
export const filterSlots = {
  account: { entity: "account" },
  period: { entity: "period", direction: "past" },
  direction: { entity: "choice", ranked: true, opposites: ["received", "paid"] },
  counterparty: { entity: "counterparty", open: true, proper: true, replaces: ["category"] },
  category: { entity: "category", replaces: ["counterparty"] },
  sums: { entity: "sums" },
} as const satisfies Readonly<Record<keyof WrittenFilter, SlotDefinition>>;

/** For whom, how many, and where their days begin. */
export interface Asking {
  readonly context: ToolContext;
  readonly timeZone: string;
  readonly limit: number;
  readonly order?: "newest" | "largest";
}
