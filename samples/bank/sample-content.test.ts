import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Customer, Product, SampleInteractions, SampleTransaction, Segment } from "./schema.ts";
import { bookYear } from "./source/book-year.ts";
import { simulateVisits } from "./source/simulate-visits.ts";

const file = (name: string): URL => new URL(name, import.meta.url);
const text = (name: string): Promise<string> => readFile(file(name), "utf8");

const products = z.array(Product).parse(JSON.parse(await text("products.json")));
const customers = z.array(Customer).parse(JSON.parse(await text("customers.json")));
const transactions = z.array(SampleTransaction).parse(JSON.parse(await text("transactions.json")));
const { users, interactions } = SampleInteractions.parse(JSON.parse(await text("interactions.json")));
const accounts = customers.flatMap((customer) => customer.accounts);

const BANK_CODE = "99980010";
const repeated = (values: readonly string[]): readonly string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe("products", () => {
  it("are a catalogue of at least 34 with unique ids and names, in every category", () => {
    expect(products.length).toBeGreaterThanOrEqual(34);
    expect(repeated(products.map((product) => product.id))).toEqual([]);
    expect(repeated(products.map((product) => product.name))).toEqual([]);
    expect(new Set(products.map((product) => product.category))).toEqual(new Set(Product.shape.category.options));
  });

  it("promise no return where customers pay, and name one for each interest-bearing product", () => {
    const earning = new Set(["savings", "deposit", "pension"]);
    const mayEarn = new Set([...earning, "fund"]);
    const withoutReturn = products.filter((product) => product.expectedReturn === null);
    expect(withoutReturn.filter((product) => earning.has(product.category))).toEqual([]);
    const withReturn = products.filter((product) => product.expectedReturn !== null);
    expect(withReturn.filter((product) => !mayEarn.has(product.category))).toEqual([]);
  });

  it("cover all seven risk classes and every segment", () => {
    expect(new Set(products.map((product) => product.riskLevel))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    const countFor = (segment: Segment): number =>
      products.filter((product) => product.eligibility.segments?.includes(segment)).length;
    expect(Segment.options.filter((segment) => countFor(segment) < 5)).toEqual([]);
  });
});

describe("customers", () => {
  it("are eight people of all segments with unique ids, link codes, accounts and payee ids", () => {
    expect(customers).toHaveLength(8);
    expect(new Set(customers.map((customer) => customer.segment)).size).toBe(5);
    expect(repeated(customers.map((customer) => customer.id))).toEqual([]);
    expect(repeated(customers.map((customer) => customer.linkCode))).toEqual([]);
    expect(repeated(accounts.map((account) => account.id))).toEqual([]);
    expect(repeated(accounts.map((account) => account.iban))).toEqual([]);
    expect(repeated(customers.flatMap((customer) => customer.payees.map((payee) => payee.id)))).toEqual([]);
  });

  it("have link codes that begin with their names and account ids that begin with their ids", () => {
    for (const { id, name, linkCode, accounts: own } of customers) {
      expect(linkCode.slice(0, 4)).toBe(name.slice(0, 4).toUpperCase());
      for (const account of own) expect(account.id).toBe(`${id}-${account.name.toUpperCase()}`);
    }
  });

  it("hold accounts of Harbour Bank only, and have no account of another Harbour customer under a wrong name", () => {
    for (const account of accounts) expect(account.iban.slice(4, 12)).toBe(BANK_CODE);
    const ownerOf = (iban: string): string | undefined =>
      customers.find((customer) => customer.accounts.some((account) => account.iban === iban))?.name;
    const misnamed = customers
      .flatMap((customer) => customer.payees)
      .filter(({ iban, name }) => ownerOf(iban) !== (iban.slice(4, 12) === BANK_CODE ? name : undefined));
    expect(misnamed).toEqual([]);
  });

  it("each know another customer and somebody outside, and never themselves", () => {
    for (const { payees, accounts: own } of customers) {
      const inside = payees.filter((payee) => payee.iban.slice(4, 12) === BANK_CODE);
      expect(inside.length).toBeGreaterThan(0);
      expect(inside.length).toBeLessThan(payees.length);
      expect(inside.filter((payee) => own.some((account) => account.iban === payee.iban))).toEqual([]);
    }
  });

  it("refuse an IBAN with two digits swapped, a wrong length or a letter among the digits", () => {
    const [account] = accounts;
    const iban = account?.iban ?? "";
    const wrong = [`${iban.slice(0, 2)}${iban[3]}${iban[2]}${iban.slice(4)}`, `${iban}0`, `${iban.slice(0, -1)}X`];
    for (const value of wrong) expect(Customer.shape.accounts.element.shape.iban.safeParse(value).success).toBe(false);
  });
});

describe("transactions", () => {
  it("cover the year in order, in a file of less than 600 kB with one booking in each line", async () => {
    const dates = transactions.map((transaction) => transaction.date);
    expect(dates).toEqual(dates.toSorted());
    expect(dates.at(0)).toBe("2025-11-21");
    expect(dates.at(-1)).toBe("2026-11-20");
    expect((await stat(file("transactions.json"))).size).toBeLessThan(600_000);
    expect((await text("transactions.json")).trimEnd().split("\n")).toHaveLength(transactions.length + 2);
  });

  it("belong to known accounts, 250 to 500 for each customer", () => {
    const known = new Set(accounts.map((account) => account.id));
    expect(transactions.filter((transaction) => !known.has(transaction.accountId))).toEqual([]);
    for (const { id } of customers) {
      const own = transactions.filter((transaction) => transaction.accountId.startsWith(id));
      expect(own.length).toBeGreaterThanOrEqual(250);
      expect(own.length).toBeLessThanOrEqual(500);
    }
  });

  it("never take an account below zero and leave a sensible balance", () => {
    for (const { id, openingMinor } of accounts) {
      const balances = [openingMinor];
      for (const { accountId, amountMinor } of transactions) {
        if (accountId === id) balances.push((balances.at(-1) ?? 0) + amountMinor);
      }
      expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
      expect(balances.at(-1)).toBeGreaterThan(50_000);
      expect(balances.at(-1)).toBeLessThan(4_000_000);
    }
  });

  it("book money between sample customers and between own accounts on both sides", () => {
    const names = new Set(customers.map((customer) => customer.name));
    const internal = transactions.filter((transaction) => names.has(transaction.counterparty));
    const sums = new Map<string, number>();
    for (const { date, description, amountMinor } of internal) {
      const key = `${date} ${description}`;
      sums.set(key, (sums.get(key) ?? 0) + amountMinor);
    }
    expect(internal.length).toBeGreaterThan(100);
    expect([...sums.values()].filter((sum) => sum !== 0)).toEqual([]);
  });

  it("pair every refund with an earlier purchase at the same merchant", () => {
    const refunds = transactions.filter((transaction) => transaction.category === "refund");
    expect(refunds.length).toBeGreaterThan(5);
    const isPurchaseOf = (purchase: SampleTransaction, refund: SampleTransaction): boolean =>
      purchase.accountId === refund.accountId &&
      purchase.counterparty === refund.counterparty &&
      refund.description.endsWith(purchase.date) &&
      -purchase.amountMinor >= refund.amountMinor;
    expect(refunds.filter((refund) => !transactions.some((one) => isPurchaseOf(one, refund)))).toEqual([]);
  });

  it("are what the generator writes", () => {
    expect(bookYear(customers)).toEqual(transactions);
  });
});

describe("README", () => {
  it("lists each link code with the name and the balances after the last booking", async () => {
    const readme = (await text("README.md")).replaceAll(/ +/g, " ");
    const euros = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });
    for (const { linkCode, name, segment, riskProfile, accounts: own } of customers) {
      const [everyday, savings] = own.map(({ id, openingMinor }) => {
        const booked = transactions.filter((transaction) => transaction.accountId === id);
        return euros.format(booked.reduce((sum, { amountMinor }) => sum + amountMinor, openingMinor) / 100);
      });
      expect(readme).toContain(
        `| \`${linkCode}\` | ${name} | ${segment} | ${riskProfile} | ${everyday} | ${savings} |`,
      );
    }
  });
});

describe("interactions", () => {
  it("are about 2,500 of 120 known users with known products, in order of time, within the year", () => {
    expect(users).toHaveLength(120);
    expect(repeated(users.map((user) => user.userId))).toEqual([]);
    expect(interactions.length).toBeGreaterThan(2000);
    expect(interactions.length).toBeLessThan(3000);
    const productIds = new Set(products.map((product) => product.id));
    const userIds = new Set(users.map((user) => user.userId));
    expect(interactions.filter((one) => !productIds.has(one.productId) || !userIds.has(one.userId))).toEqual([]);
    expect(new Set(interactions.map((one) => one.productId)).size).toBe(products.length);
    const times = interactions.map((one) => one.timestamp);
    expect(times).toEqual(times.toSorted());
    expect(times.every((time) => time >= "2025-11-21" && time < "2026-11-21")).toBe(true);
  });

  it("accept or dismiss a product once at most, and accept only what the segment may have", () => {
    const answers = interactions.filter((one) => one.type === "accepted" || one.type === "dismissed");
    expect(repeated(answers.map((one) => `${one.userId} ${one.productId}`))).toEqual([]);
    const segmentOf = new Map(users.map((user) => [user.userId, user.segment]));
    const segmentsOf = new Map(products.map((product) => [product.id, product.eligibility.segments]));
    const ineligible = answers.filter(({ userId, productId, type }) => {
      const segments = segmentsOf.get(productId);
      return type === "accepted" && segments !== undefined && !segments.some((one) => one === segmentOf.get(userId));
    });
    expect(ineligible).toEqual([]);
  });

  it("differ by segment and follow a power law", () => {
    const segmentOf = new Map(users.map((user) => [user.userId, user.segment]));
    const of = (productId: string) => interactions.filter((one) => one.productId === productId);
    const shareOf = (segment: string, productId: string): number =>
      of(productId).filter((one) => segmentOf.get(one.userId) === segment).length / of(productId).length;
    expect(shareOf("student", "student-account")).toBeGreaterThan(0.7);
    expect(shareOf("business", "business-start")).toBeGreaterThan(0.7);
    expect(shareOf("retired", "fixed-term-12")).toBeGreaterThan(0.4);
    const visits = users.map((user) => interactions.filter((one) => one.userId === user.userId).length);
    const busiest = visits.toSorted((left, right) => right - left).slice(0, users.length / 5);
    expect(busiest.reduce((sum, count) => sum + count, 0) / interactions.length).toBeGreaterThan(0.38);
  });

  it("are what the generator writes", () => {
    expect(simulateVisits(products)).toEqual({ users, interactions });
  });
});
