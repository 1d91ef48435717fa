import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Customer, Product, SampleInteractions, SampleTransaction } from "./schema.ts";
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
    const earning = ["savings", "deposit", "pension"];
    const costing = ["account", "card", "loan", "mortgage", "insurance"];
    for (const { id, category, expectedReturn } of products) {
      if (earning.includes(category)) expect(expectedReturn, id).toBeGreaterThan(0);
      if (costing.includes(category)) expect(expectedReturn, id).toBeNull();
    }
  });

  it("cover all seven risk classes and every segment", () => {
    expect(new Set(products.map((product) => product.riskLevel))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    for (const { segment } of customers) {
      const own = products.filter((product) => product.eligibility.segments?.includes(segment));
      expect(own.length, segment).toBeGreaterThanOrEqual(5);
    }
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
    for (const payee of customers.flatMap((customer) => customer.payees)) {
      const owner = customers.find((customer) => customer.accounts.some((account) => account.iban === payee.iban));
      expect(owner?.name, payee.id).toBe(payee.iban.slice(4, 12) === BANK_CODE ? payee.name : undefined);
    }
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
    for (const customer of customers) {
      const own = transactions.filter((transaction) => transaction.accountId.startsWith(customer.id));
      expect(own.length, customer.id).toBeGreaterThanOrEqual(250);
      expect(own.length, customer.id).toBeLessThanOrEqual(500);
    }
  });

  it("never take an account below zero and leave a sensible balance", () => {
    for (const account of accounts) {
      let balance = account.openingMinor;
      for (const { accountId, amountMinor } of transactions) {
        if (accountId !== account.id) continue;
        balance += amountMinor;
        expect(balance, account.id).toBeGreaterThanOrEqual(0);
      }
      expect(balance, account.id).toBeGreaterThan(50_000);
      expect(balance, account.id).toBeLessThan(4_000_000);
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
    for (const refund of refunds) {
      const purchase = transactions.find(
        ({ accountId, counterparty, date, amountMinor }) =>
          accountId === refund.accountId &&
          counterparty === refund.counterparty &&
          refund.description.endsWith(date) &&
          -amountMinor >= refund.amountMinor,
      );
      expect(purchase, `${refund.date} ${refund.counterparty}`).toBeDefined();
    }
  });

  it("are what the generator writes", () => {
    expect(bookYear(customers)).toEqual(transactions);
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
    for (const { userId, productId } of answers.filter((one) => one.type === "accepted")) {
      const user = users.find((candidate) => candidate.userId === userId);
      const product = products.find((candidate) => candidate.id === productId);
      const segments = product?.eligibility.segments;
      expect(segments === undefined || segments.some((segment) => segment === user?.segment), productId).toBe(true);
    }
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
