/** What is right, computed from the sample's own files: never by the code that is judged. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageDirectory } from "../../core/package-directory.ts";
import type { Conversation } from "./format.ts";

const Customers = z.array(
  z.object({
    linkCode: z.string(),
    accounts: z.array(z.object({ id: z.string(), name: z.string(), openingMinor: z.int() })),
  }),
);
const Bookings = z.array(
  z.object({
    date: z.iso.date(),
    accountId: z.string(),
    amountMinor: z.int(),
    counterparty: z.string(),
    category: z.string(),
  }),
);
const Products = z.array(z.object({ id: z.string(), name: z.string(), category: z.string() }));

export type Booking = z.output<typeof Bookings>[number];
type Filter = NonNullable<Conversation["turns"][number]["expect"]["bookings"]>;

function sample<Schema extends z.ZodType>(schema: Schema, name: string): z.output<Schema> {
  return schema.parse(JSON.parse(readFileSync(join(packageDirectory(), "samples", "bank", name), "utf8")));
}

const customers = sample(Customers, "customers.json");
const bookings = sample(Bookings, "transactions.json");
/** By id. */
export const products = new Map(sample(Products, "products.json").map((product) => [product.id, product]));

const accountsOf = (linkCode: string | undefined) =>
  customers.find((customer) => customer.linkCode === linkCode)?.accounts ?? [];

/** Cents on each account of a customer, as the sample begins. */
export function balancesOf(linkCode: string | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    accountsOf(linkCode).map(({ id, name, openingMinor }) => [
      name,
      bookings
        .filter(({ accountId }) => accountId === id)
        .reduce((sum, { amountMinor }) => sum + amountMinor, openingMinor),
    ]),
  );
}

/** A customer's bookings that a filter means, the newest first. */
export function bookingsOf(linkCode: string | undefined, filter: Filter): readonly Booking[] {
  const own = new Set(accountsOf(linkCode).map(({ id }) => id));
  const { from = "0000", to = "9999", payee, category, direction, over } = filter;
  const overMinor = over === undefined ? -1 : minorOf(over);
  return bookings
    .filter(
      (one) =>
        own.has(one.accountId) &&
        one.date >= from &&
        one.date <= to &&
        (payee === undefined || one.counterparty.toLowerCase() === payee.toLowerCase()) &&
        (category === undefined || one.category === category) &&
        (direction === undefined || one.amountMinor > 0 === (direction === "in")) &&
        Math.abs(one.amountMinor) > overMinor,
    )
    .toSorted((one, other) => other.date.localeCompare(one.date));
}

/** Cents of `12.50`. */
export const minorOf = (amount: string): number => Math.round(Number(amount) * 100);

/** Whether a text tells an amount, in English or German figures. */
export function tellsAmount(text: string, minor: number): boolean {
  const [whole = "0", cents = "00"] = (Math.abs(minor) / 100).toFixed(2).split(".");
  const groups = whole.replaceAll(/\B(?=(?:\d{3})+$)/gu, "[.,' ]?");
  const fraction = cents === "00" ? "(?:[.,]00)?(?![.,]?\\d)" : `[.,]${cents}(?!\\d)`;
  return new RegExp(`(?<![\\d.,])${groups}${fraction}`, "u").test(text);
}
