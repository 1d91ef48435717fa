import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPostgresDatabase } from "../../../core/store/postgres/postgres-database.ts";
import { openSqliteDatabase } from "../../../core/store/sqlite/sqlite-database.ts";
import { NOON, temporaryFolder } from "../../../test/support/bank-chat.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import type { Bank, TransferOrder } from "../port.ts";
import { readContent, type SeedContent } from "./content.ts";
import { openEmbeddedBank } from "./embedded-bank.ts";

const IBANS = {
  ada: "DE67999800105286782500",
  adaSavings: "DE57999800105141961001",
  ben: "DE21999800103561422600",
  outside: "DE89370400440532013000",
} as const;
const account = (id: string, iban: string, openingMinor: number) => ({
  id,
  iban,
  name: id.endsWith("savings") ? "Savings" : "Main",
  currency: "EUR",
  openingMinor,
});
const content: SeedContent = {
  customers: [
    {
      id: "ada",
      name: "Ada",
      segment: "any",
      linkCode: "ADAA-2222",
      accounts: [account("ada-main", IBANS.ada, 1_000), account("ada-savings", IBANS.adaSavings, 0)],
      payees: [{ name: "Ben", iban: IBANS.ben }],
    },
    {
      id: "ben",
      name: "Ben",
      segment: "any",
      linkCode: "BENN-2222",
      accounts: [account("ben-main", IBANS.ben, 1_000)],
      payees: [{ name: "Ada", iban: IBANS.ada }],
    },
  ],
  transactions: [],
};

let folder: ReturnType<typeof temporaryFolder>;
const server = usePostgres();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const order = (more: Partial<TransferOrder> = {}): TransferOrder => ({
  customer: "ada",
  fromAccountId: "ada-main",
  toIban: IBANS.ben,
  toName: "Ben",
  amount: { minor: 100, currency: "EUR" },
  reference: "",
  ...more,
});

/** `done`, or the code of what it threw. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
  }
}

async function outcomesOf(count: number, work: (index: number) => Promise<unknown>): Promise<readonly string[]> {
  return await Promise.all(Array.from({ length: count }, async (_, index) => await outcomeOf(work(index))));
}

const timesIn = (outcomes: readonly string[]): Readonly<Record<string, number>> => {
  const times: Record<string, number> = {};
  for (const outcome of outcomes) times[outcome] = (times[outcome] ?? 0) + 1;
  return times;
};

describe.each([
  {
    name: "SQLite",
    place: async () => `${folder.path}/bank.db`,
    open: (path: string) => openSqliteDatabase(path),
  },
  {
    name: "PostgreSQL",
    place: async () => await server().createDatabase(),
    open: (url: string) => openPostgresDatabase({ url }),
  },
])("two processes with one bank in $name", ({ place, open }) => {
  let banks: readonly [Bank, Bank];
  let now = NOON;
  const bankAt = (index: number): Bank => (index % 2 === 0 ? banks[0] : banks[1]);
  const balance = async (customer: string): Promise<readonly number[]> =>
    (await banks[0].accounts(customer)).map(({ availableMinor }) => availableMinor);

  const openBank = async (where: string, limit = 1_000_000): Promise<Bank> =>
    await openEmbeddedBank({
      database: open(where),
      content: async () => content,
      clock: () => now,
      limitsOf: () => ({ perTransferMinor: limit, perDayMinor: limit, newPayeePerDayMinor: limit }),
    });
  const openBanks = async (limit?: number): Promise<void> => {
    const where = await place();
    banks = await Promise.all([openBank(where, limit), openBank(where, limit)]);
  };
  beforeEach(() => {
    now = NOON;
  });
  afterEach(async () => {
    const [books] = await banks[0].check();
    assert.equal(books?.status, "ok");
    for (const bank of banks) await bank.close();
  });

  it.each([
    ["to another customer", IBANS.ben],
    ["to another bank", IBANS.outside],
    ["between own accounts", IBANS.adaSavings],
  ])("book exactly 10 of 50 transfers at once from an account with money for 10: %s", async (_name, toIban) => {
    await openBanks();
    const outcomes = await outcomesOf(
      50,
      async (index) => await bankAt(index).transfer(order({ toIban }), { key: `key-${index}`, request: "r" }),
    );
    expect(timesIn(outcomes)).toEqual({ done: 10, "bank/insufficient-funds": 40 });
    expect((await balance("ada"))[0]).toBe(0);
  });

  it("let at most the limit of a day out of two accounts at once", async () => {
    await openBanks(300);
    await banks[0].transfer(order({ toIban: IBANS.adaSavings, amount: { minor: 500, currency: "EUR" } }), {
      key: "fill",
      request: "r",
    });
    const outcomes = await outcomesOf(
      20,
      async (index) =>
        await bankAt(index).transfer(order({ fromAccountId: index % 3 === 0 ? "ada-main" : "ada-savings" }), {
          key: `key-${index}`,
          request: "r",
        }),
    );
    expect(timesIn(outcomes)).toEqual({ done: 3, "bank/daily-limit": 17 });
  });

  it("carry out transfers in both directions at once without waiting for each other", async () => {
    await openBanks();
    const back = order({ customer: "ben", fromAccountId: "ben-main", toIban: IBANS.ada, toName: "Ada" });
    const outcomes = await outcomesOf(
      40,
      async (index) =>
        await bankAt(index).transfer(
          index % 4 < 2
            ? order({ amount: { minor: 10, currency: "EUR" } })
            : { ...back, amount: { minor: 7, currency: "EUR" } },
          {
            key: `key-${index}`,
            request: "r",
          },
        ),
    );
    expect(timesIn(outcomes)).toEqual({ done: 40 });
    expect([(await balance("ada"))[0], (await balance("ben"))[0]]).toEqual([940, 1_060]);
  });

  it("book once what is sent often under one key, and give every sender the same receipt", async () => {
    await openBanks();
    const receipts = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, index) => await bankAt(index).transfer(order(), { key: "one", request: "r" }),
      ),
    );
    expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(1);
    expect(receipts[0]).toMatchObject({
      id: expect.stringMatching(/^T\d+$/u),
      from: { account: "Main", beforeMinor: 1_000, afterMinor: 900 },
    });
    expect(await banks[1].receipt({ key: "one", request: "r" })).toEqual(receipts[0]);
    expect(await balance("ada")).toEqual([900, 0]);
  });

  it("carry out one of two customers' requests under one key, and refuse the other", async () => {
    await openBanks();
    const back = order({ customer: "ben", fromAccountId: "ben-main", toIban: IBANS.ada, toName: "Ada" });
    const outcomes = await outcomesOf(
      10,
      async (index) =>
        await bankAt(index).transfer(index % 2 === 0 ? order() : back, { key: "one", request: `of ${index % 2}` }),
    );
    expect(timesIn(outcomes)).toEqual({ done: 5, "bank/idempotency-conflict": 5 });
    expect(await outcomeOf(banks[0].receipt({ key: "one", request: "another" }))).toBe("bank/idempotency-conflict");
  });

  it("reverse a transfer once, however often and however they are asked", async () => {
    await openBanks();
    await banks[0].transfer(order(), { key: "one", request: "r" });
    expect(timesIn(await outcomesOf(10, async (index) => await bankAt(index).voidTransfer("ada", "one")))).toEqual({
      done: 10,
    });
    expect(await outcomeOf(banks[1].voidTransfer("ben", "one"))).toBe("bank/not-yours");
    expect([...(await balance("ada")), ...(await balance("ben"))]).toEqual([1_000, 0, 1_000]);
  });

  it("save a payee once, and link one person by a code that works once", async () => {
    await openBanks();
    const saved = await outcomesOf(
      8,
      async (index) =>
        await bankAt(index).addPayee("ada", { name: "Zoë", iban: IBANS.outside }, { key: `k${index}`, request: "r" }),
    );
    expect(timesIn(saved)).toEqual({ done: 1, "bank/payee-exists": 7 });
    const linked = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => await bankAt(index).link(`person-${index}`, "adaa-2222")),
    );
    expect(timesIn(linked)).toEqual({ linked: 1, used: 7 });
    const winner = `person-${linked.indexOf("linked")}`;
    expect(await banks[0].customerOf(winner)).toMatchObject({ id: "ada" });
    expect(await banks[0].link(winner, "BENN-2222")).toBe("other");
    expect(await banks[1].unlink(winner)).toBe(true);
    expect(await banks[0].unlink(winner)).toBe(false);
    expect(await banks[0].link("another", "ADAA-2222")).toBe("linked");
  });

  it("are filled once with the sample, and find bookings by every filter", async () => {
    const where = await place();
    const sample = await readContent(fileURLToPath(new URL("../../../samples/bank/", import.meta.url)));
    const openSample = async (): Promise<Bank> =>
      await openEmbeddedBank({
        database: open(where),
        content: async () => sample,
        clock: () => now,
        limitsOf: () => ({ perTransferMinor: 1, perDayMinor: 1, newPayeePerDayMinor: 1 }),
      });
    banks = await Promise.all([openSample(), openSample()]);
    const customer = sample.customers[0]?.id ?? "";
    const [everyday] = await banks[0].accounts(customer);
    const all = await banks[0].transactions(customer, { limit: 5 });
    const own = new Set(sample.customers[0]?.accounts.map(({ id }) => id));
    expect(all.count).toBe(sample.transactions.filter(({ accountId }) => own.has(accountId)).length);
    expect(all.transactions.map(({ date }) => date)).toEqual(
      all.transactions
        .map(({ date }) => date)
        .toSorted()
        .toReversed(),
    );
    const found = await banks[1].transactions(customer, {
      accountId: everyday?.id,
      from: "2026-01-01",
      to: "2026-06-30",
      text: "LICHTSPIEL",
      minMinor: 100,
      maxMinor: 10_000,
      limit: 100,
    });
    expect(found.count).toBeGreaterThan(0);
    expect(found.count).toBe(found.transactions.length);
    expect(found.sums).toEqual([
      {
        currency: "EUR",
        inMinor: 0,
        inCount: 0,
        outCount: found.count,
        outMinor: -found.transactions.reduce((sum, { amount }) => sum + amount.minor, 0),
      },
    ]);
    expect(await banks[1].transactions(customer, { category: "none", limit: 5 })).toEqual({
      transactions: [],
      count: 0,
      sums: [],
    });
  });
});

it("waits on PostgreSQL for whoever books on the same account, and refuses what is not there any more", async () => {
  const url = await server().createDatabase();
  const bank = await openEmbeddedBank({
    database: openPostgresDatabase({ url }),
    content: async () => content,
    clock: () => NOON,
    limitsOf: () => ({ perTransferMinor: 1_000, perDayMinor: 1_000, newPayeePerDayMinor: 1_000 }),
  });
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query("BEGIN");
  await other.query("UPDATE bank_accounts SET posted = posted - 950 WHERE id = 'ada-main'");
  const outcome = outcomeOf(bank.transfer(order(), { key: "one", request: "r" }));
  const isWaiting = async (): Promise<boolean> =>
    (await other.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount !== 0;
  while (!(await isWaiting())) await sleep(5);
  await other.query("COMMIT");
  expect(await outcome).toBe("bank/insufficient-funds");
  await other.query("UPDATE bank_accounts SET posted = posted + 950 WHERE id = 'ada-main'");
  await other.end();
  expect(await bank.transfer(order(), { key: "one", request: "r" })).toMatchObject({ from: { afterMinor: 900 } });
  expect(await bank.check()).toMatchObject([{ status: "ok" }]);
  await bank.close();
});
