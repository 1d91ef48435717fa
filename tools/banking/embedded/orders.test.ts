import assert from "node:assert/strict";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPostgresDatabase } from "../../../core/store/postgres/postgres-database.ts";
import { openSqliteDatabase } from "../../../core/store/sqlite/sqlite-database.ts";
import { NOON, temporaryFolder } from "../../../test/support/bank-chat.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import type { Bank, NewPaymentOrder, PaymentOrders } from "../port.ts";
import type { SeedContent } from "./content.ts";
import { openEmbeddedBank } from "./embedded-bank.ts";

const ADA = "DE67999800105286782500";
const BEN = "DE21999800103561422600";
const content: SeedContent = {
  customers: [
    { name: "Ada", id: "ada", iban: ADA, linkCode: "ADAA-2222" },
    { name: "Ben", id: "ben", iban: BEN, linkCode: "BENN-2222" },
  ].map(({ iban, ...customer }) => ({
    ...customer,
    segment: "any",
    accounts: [{ id: `${customer.id}-main`, iban, name: "Main", currency: "EUR", openingMinor: 1_000 }],
    payees: [{ name: customer.id === "ada" ? "Ben" : "Ada", iban: customer.id === "ada" ? BEN : ADA }],
  })),
  transactions: [],
};
const rent = (more: Partial<NewPaymentOrder> = {}): NewPaymentOrder => ({
  customer: "ada",
  fromAccountId: "ada-main",
  toIban: BEN,
  toName: "Ben",
  amount: { minor: 300, currency: "EUR" },
  reference: "Rent",
  rhythm: "monthly",
  firstDate: "2026-12-01",
  ...more,
});
const at = (time: string): number => Date.parse(`${time}Z`);
const DAY_MS = 24 * 60 * 60_000;

let folder: ReturnType<typeof temporaryFolder>;
const server = usePostgres();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe.each([
  {
    name: "SQLite",
    place: async () => `${folder.path}/${crypto.randomUUID()}.db`,
    open: (path: string) => openSqliteDatabase(path),
  },
  {
    name: "PostgreSQL",
    place: async () => await server().createDatabase(),
    open: (url: string) => openPostgresDatabase({ url }),
  },
])("orders for later of two processes in $name", ({ place, open }) => {
  let banks: readonly [Bank, Bank];
  let now = NOON;
  let keys = 0;
  const openBanks = async (perDayMinor = 1_000_000): Promise<void> => {
    const where = await place();
    const openBank = async (): Promise<Bank> =>
      await openEmbeddedBank({
        database: open(where),
        content: async () => content,
        clock: () => now,
        limitsOf: () => ({ perTransferMinor: perDayMinor, perDayMinor, newPayeePerDayMinor: perDayMinor }),
      });
    banks = await Promise.all([openBank(), openBank()]);
  };
  const ordersOf = (bank: Bank): Required<PaymentOrders> => {
    const { orders } = bank;
    assert.ok(orders?.payDue);
    return { ...orders, payDue: orders.payDue };
  };
  const newKey = () => ({ key: `key-${(keys += 1)}`, request: "r" });
  const create = async (more: Partial<NewPaymentOrder> = {}) => await ordersOf(banks[0]).create(rent(more), newKey());
  const change = async (id: string, changes: Parameters<PaymentOrders["change"]>[2]) =>
    await ordersOf(banks[1]).change("ada", id, changes, newKey());
  const balance = async (customer = "ada"): Promise<number | undefined> =>
    (await banks[0].accounts(customer))[0]?.availableMinor;
  const listed = async () => await ordersOf(banks[1]).list("ada");
  /** Both processes do it at once, and one of them twice. */
  const payAt = async (time: string): Promise<void> => {
    now = at(time);
    await Promise.all([banks[0], banks[1], banks[0]].map(async (bank) => await ordersOf(bank).payDue()));
  };
  const close = async (): Promise<void> => {
    const [books] = await banks[0].check();
    assert.equal(books?.status, "ok");
    for (const bank of banks) await bank.close();
  };
  beforeEach(async () => {
    now = NOON;
    await openBanks();
  });
  afterEach(close);

  it("pay a standing order once on each of its days, and never before", async () => {
    expect(await create()).toMatchObject({ id: "S1", account: "Main", nextDate: "2026-12-01", state: "active" });
    await payAt("2026-11-30T23:59:59");
    expect(await balance()).toBe(1_000);
    for (const time of ["2026-12-01T00:00:00", "2026-12-01T12:00:00", "2026-12-31T23:00:00"]) await payAt(time);
    expect([await balance(), await balance("ben")]).toEqual([700, 1_300]);
    expect(await listed()).toMatchObject([
      { id: "S1", nextDate: "2027-01-01", lastRun: { date: "2026-12-01", outcome: "paid" } },
    ]);
    expect((await banks[0].transactions("ada", { limit: 5 })).transactions).toMatchObject([
      { amount: { minor: -300 }, counterparty: "Ben", description: "Rent" },
    ]);
  });

  it("pay what fell into a standstill afterwards, each date once", async () => {
    await create({ amount: { minor: 10, currency: "EUR" }, rhythm: "weekly", lastDate: "2027-01-01" });
    await payAt("2027-03-01T08:00:00");
    await payAt("2027-03-01T09:00:00");
    expect(await balance()).toBe(950);
    expect(await listed()).toMatchObject([]);
  });

  it("pay a scheduled payment once, and tell of it for a while", async () => {
    await create({ rhythm: "once" });
    await payAt("2026-12-01T08:00:00");
    expect(await balance()).toBe(700);
    expect(await listed()).toMatchObject([{ state: "ended", lastRun: { outcome: "paid" } }]);
    await payAt("2027-02-01T08:00:00");
    expect([await balance(), await listed()]).toEqual([700, []]);
  });

  it("try again in the evening what could not be paid, then go on, and pause after three dates", async () => {
    const poor = { rhythm: "weekly", amount: { minor: 1_001, currency: "EUR" } } as const;
    await create(poor);
    const refused = { outcome: "refused", reason: "bank/insufficient-funds" };
    await payAt("2026-12-01T08:00:00");
    expect(await listed()).toMatchObject([{ nextDate: "2026-12-01", lastRun: { date: "2026-12-01", ...refused } }]);
    await payAt("2026-12-01T18:00:00");
    expect(await listed()).toMatchObject([{ nextDate: "2026-12-08", lastRun: { date: "2026-12-01", ...refused } }]);
    await banks[0].transfer(
      { ...rent(), customer: "ben", fromAccountId: "ben-main", toIban: ADA, toName: "Ada" },
      newKey(),
    );
    await payAt("2026-12-08T08:00:00");
    expect(await balance()).toBe(299);
    for (const day of ["15", "22"]) await payAt(`2026-12-${day}T20:00:00`);
    expect(await listed()).toMatchObject([{ state: "active" }]);
    await payAt("2026-12-29T20:00:00");
    expect(await listed()).toMatchObject([{ state: "paused", lastRun: { date: "2026-12-29", ...refused } }]);
  });

  it("skip what falls into a pause, and end for good when they are cancelled", async () => {
    const { id } = await create();
    await change(id, { state: "paused" });
    await payAt("2026-12-01T20:00:00");
    now = at("2027-02-10T08:00:00");
    expect(await change(id, { state: "active" })).toMatchObject({ state: "active", nextDate: "2027-03-01" });
    await payAt("2027-03-01T08:00:00");
    expect(await balance()).toBe(700);
    expect(await change(id, { state: "cancelled" })).toMatchObject({ state: "cancelled" });
    await payAt("2027-04-01T08:00:00");
    expect([await balance(), await listed()]).toEqual([700, []]);
    await expect(change(id, { state: "active" })).rejects.toMatchObject({ code: "bank/order-over" });
  });

  it("are changed in what is paid, to whom, and when", async () => {
    const { id } = await create();
    const to = { name: "Own", iban: "DE89370400440532013000" };
    const amount = { minor: 120, currency: "EUR" };
    expect(await change(id, { amount, to, nextDate: "2026-12-31", rhythm: "quarterly" })).toMatchObject({
      toIban: to.iban,
      amount,
      nextDate: "2026-12-31",
    });
    await payAt("2026-12-31T08:00:00");
    expect([await balance(), await balance("ben")]).toEqual([880, 1_000]);
    expect(await listed()).toMatchObject([{ nextDate: "2027-03-31" }]);
  });

  it("do the same once under one key, and refuse other things under it", async () => {
    const key = newKey();
    const made = await Promise.all([...banks, ...banks].map(async (bank) => await ordersOf(bank).create(rent(), key)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    await expect(ordersOf(banks[0]).create(rent(), { ...key, request: "other" })).rejects.toMatchObject({
      code: "bank/idempotency-conflict",
    });
    const raised = newKey();
    const to600 = { amount: { minor: 600, currency: "EUR" } };
    await ordersOf(banks[0]).change("ada", "S1", to600, raised);
    await change("S1", { amount: { minor: 700, currency: "EUR" } });
    await ordersOf(banks[1]).change("ada", "S1", to600, raised);
    expect(await listed()).toMatchObject([{ amount: { minor: 700 } }]);
  });

  it("belong to their customer, and are refused where no transfer like them could be", async () => {
    const { id } = await create();
    const stolen = ordersOf(banks[0]).change("ben", id, { state: "cancelled" }, newKey());
    await expect(stolen).rejects.toMatchObject({ code: "bank/unknown-order" });
    await expect(change("S1; DROP", {})).rejects.toMatchObject({ code: "bank/unknown-order" });
    const codes = [
      [{ fromAccountId: "ben-main" }, "bank/not-yours"],
      [{ toIban: ADA }, "bank/same-account"],
      [{ amount: { minor: 0, currency: "EUR" } }, "bank/amount"],
      [{ amount: { minor: 5, currency: "USD" } }, "bank/currency"],
      [{ amount: { minor: 1_000_001, currency: "EUR" } }, "bank/transfer-limit"],
      [{ firstDate: "2026-11-20" }, "bank/day-is-over"],
    ] as const;
    for (const [more, code] of codes) await expect(create(more)).rejects.toMatchObject({ code });
    await expect(change(id, { amount: { minor: 1_000_001, currency: "EUR" } })).rejects.toMatchObject({
      code: "bank/transfer-limit",
    });
  });

  it("keep the books whatever is ordered, changed and paid in whatever order", async () => {
    const amount = fc.integer({ min: 1, max: 400 }).map((minor) => ({ minor, currency: "EUR" }));
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("create" as const),
        amount,
        rhythm: fc.constantFrom("once" as const, "weekly" as const, "monthly" as const),
        inDays: fc.nat(10),
      }),
      fc.record({
        kind: fc.constant("change" as const),
        order: fc.integer({ min: 1, max: 4 }),
        state: fc.constantFrom("active" as const, "paused" as const, "cancelled" as const),
        amount,
      }),
      fc.record({ kind: fc.constant("pay" as const), afterDays: fc.nat(12), hour: fc.integer({ min: 0, max: 23 }) }),
    );
    await close();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        now = NOON;
        await openBanks();
        const dayIn = (days: number): string => new Date(now + days * DAY_MS).toISOString().slice(0, 10);
        for (const one of steps) {
          if (one.kind === "create") {
            await create({ amount: one.amount, rhythm: one.rhythm, firstDate: dayIn(one.inDays) });
          } else if (one.kind === "change") {
            await change(`S${one.order}`, { state: one.state, amount: one.amount }).catch(() => undefined);
          } else {
            await payAt(`${dayIn(one.afterDays)}T${String(one.hour).padStart(2, "0")}:00:00`);
          }
        }
        const ada = await balance();
        expect(ada).toBeGreaterThanOrEqual(0);
        expect((ada ?? 0) + ((await balance("ben")) ?? 0)).toBe(2_000);
        expect((await banks[0].check())[0]).toMatchObject({ status: "ok" });
        for (const bank of banks) await bank.close();
      }),
      { numRuns: 15 },
    );
    await openBanks();
  });
});
