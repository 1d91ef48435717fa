import assert from "node:assert/strict";
import fc from "fast-check";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteDatabase } from "../../../core/store/sqlite/sqlite-database.ts";
import { openPostgresDatabase } from "../../../core/store/postgres/postgres-database.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import { openDatabase } from "../../../core/store/sqlite/database.ts";
import { temporaryFolder } from "../../../test/support/bank-chat.ts";
import { usePostgres } from "../../../test/support/use-postgres.ts";
import type { SeedContent } from "../embedded/content.ts";
import { openEmbeddedBank } from "../embedded/embedded-bank.ts";
import type { Bank, TransferOrder } from "../port.ts";

const HOUR = 60 * 60_000;
const limits = { perTransferMinor: 60_000, perDayMinor: 100_000, newPayeePerDayMinor: 70_000 };
const IBANS = {
  ada: "DE67999800105286782500",
  adaSavings: "DE57999800105141961001",
  ben: "DE21999800103561422600",
  outside: "DE89370400440532013000",
} as const;
const content: SeedContent = {
  customers: [
    {
      id: "ada",
      name: "Ada",
      segment: "any",
      linkCode: "ADAA-2222",
      accounts: [
        { id: "ada-main", iban: IBANS.ada, name: "Main", currency: "EUR", openingMinor: 150_000 },
        { id: "ada-savings", iban: IBANS.adaSavings, name: "Savings", currency: "EUR", openingMinor: 0 },
      ],
      payees: [{ name: "Ben", iban: IBANS.ben }],
    },
    {
      id: "ben",
      name: "Ben",
      segment: "any",
      linkCode: "BENN-2222",
      accounts: [{ id: "ben-main", iban: IBANS.ben, name: "Main", currency: "EUR", openingMinor: 50_000 }],
      payees: [],
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

let files = 0;
const openBank = async (database: Database, clock: () => number): Promise<Bank> =>
  await openEmbeddedBank({ database, content: async () => content, clock, limitsOf: () => limits });

/** What the ledger must be like, as simply as it can be said. */
interface Model {
  now: number;
  readonly balances: Record<string, number>;
  readonly outgoing: { readonly owner: string; readonly iban: string; readonly amount: number; readonly at: number }[];
  readonly done: Map<string, { readonly request: string; readonly order: TransferOrder; voided: boolean }>;
}
interface Real {
  readonly bank: Bank;
  readonly setTime: (now: number) => void;
}

const ownerOf: Readonly<Record<string, string>> = { "ada-main": "ada", "ada-savings": "ada", "ben-main": "ben" };
const accountByIban: Readonly<Record<string, string>> = {
  [IBANS.ada]: "ada-main",
  [IBANS.adaSavings]: "ada-savings",
  [IBANS.ben]: "ben-main",
};

function refusalIn(model: Model, order: TransferOrder): string | undefined {
  const to = accountByIban[order.toIban] ?? "";
  const { minor } = order.amount;
  if (ownerOf[order.fromAccountId] !== order.customer) return "bank/not-yours";
  if (to === order.fromAccountId) return "bank/same-account";
  if (ownerOf[to] !== order.customer) {
    const lastDay = model.outgoing.filter(({ owner, at }) => owner === order.customer && at > model.now - 24 * HOUR);
    const sum = (all: readonly { readonly amount: number }[]): number =>
      all.reduce((total, { amount }) => total + amount, 0);
    if (minor > limits.perTransferMinor) return "bank/transfer-limit";
    if (sum(lastDay) + minor > limits.perDayMinor) return "bank/daily-limit";
    const isSaved = order.customer === "ada" && order.toIban === IBANS.ben;
    const toThis = lastDay.filter(({ iban }) => iban === order.toIban);
    if (!isSaved && sum(toThis) + minor > limits.newPayeePerDayMinor) return "bank/new-payee-limit";
  }
  return (model.balances[order.fromAccountId] ?? 0) < minor ? "bank/insufficient-funds" : undefined;
}

function apply(model: Model, order: TransferOrder, sign: 1 | -1): void {
  const to = accountByIban[order.toIban] ?? "outside";
  const amount = order.amount.minor * sign;
  model.balances[order.fromAccountId] = (model.balances[order.fromAccountId] ?? 0) - amount;
  model.balances[to] = (model.balances[to] ?? 0) + amount;
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unexpected";
  }
}

async function compare(model: Model, { bank }: Real): Promise<void> {
  assert.deepEqual(
    (await bank.check()).map(({ status }) => status),
    ["ok"],
  );
  for (const owner of ["ada", "ben"]) {
    for (const { id, availableMinor } of await bank.accounts(owner)) {
      assert.equal(availableMinor, model.balances[id]);
      assert.ok(availableMinor >= 0);
    }
  }
}

type Command = fc.AsyncCommand<Model, Real>;

function transfer(key: string, what: TransferOrder): Command {
  const request = JSON.stringify(what);
  return {
    check: () => true,
    run: async (model, real) => {
      const before = model.done.get(key);
      const conflict = before !== undefined && before.request !== request ? "bank/idempotency-conflict" : undefined;
      const expected = before === undefined ? refusalIn(model, what) : conflict;
      assert.equal(await codeOf(real.bank.transfer(what, { key, request })), expected);
      if (before === undefined && expected === undefined) {
        apply(model, what, 1);
        model.done.set(key, { request, order: what, voided: false });
        const { customer: owner, toIban: iban, amount } = what;
        const isOwn = ownerOf[accountByIban[iban] ?? ""] === owner;
        if (!isOwn) model.outgoing.push({ owner, iban, amount: amount.minor, at: model.now });
      }
      await compare(model, real);
    },
    toString: () => `transfer(${key}, ${request})`,
  };
}

function reversal(key: string): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      const done = model.done.get(key);
      const failed = await codeOf(real.bank.voidTransfer(done?.order.customer ?? "ada", key));
      assert.ok(failed === undefined || failed === "bank/insufficient-funds");
      if (failed === undefined && done !== undefined && !done.voided) {
        apply(model, done.order, -1);
        done.voided = true;
      }
      await compare(model, real);
    },
    toString: () => `void(${key})`,
  };
}

function wait(hours: number): Command {
  return {
    check: () => true,
    run: async (model, { setTime }) => {
      model.now += hours * HOUR;
      setTime(model.now);
    },
    toString: () => `wait(${hours} h)`,
  };
}

const order: fc.Arbitrary<TransferOrder> = fc.record({
  customer: fc.constantFrom("ada", "ben"),
  fromAccountId: fc.constantFrom("ada-main", "ada-savings", "ben-main"),
  toIban: fc.constantFrom(...Object.values(IBANS)),
  toName: fc.constant("somebody"),
  amount: fc.record({ minor: fc.integer({ min: 1, max: 80_000 }), currency: fc.constant("EUR") }),
  reference: fc.constantFrom("", "rent"),
});
const key = fc.constantFrom("k1", "k2", "k3", "k4", "k5", "k6");

describe.each([
  {
    name: "SQLite",
    place: async () => `${folder.path}/bank-${(files += 1)}.db`,
    open: (path: string) => openSqliteDatabase(path),
    change: async (path: string, sql: string) => {
      const database = openDatabase(path);
      try {
        database.exec(sql);
      } finally {
        database.close();
      }
    },
    numRuns: 40,
  },
  {
    name: "PostgreSQL",
    place: async () => await server().createDatabase(),
    open: (url: string) => openPostgresDatabase({ url }),
    change: async (url: string, sql: string) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    },
    numRuns: 15,
  },
])("the ledger in $name", ({ place, open, change, numRuns }) => {
  it("equals its model after any commands: sums, minimum, limits over 24 hours, idempotency, reversal", async () => {
    const commands = fc.commands(
      [
        fc.tuple(key, order).map(([one, what]) => transfer(one, what)),
        key.map((one) => reversal(one)),
        fc.integer({ min: 1, max: 30 }).map((hours) => wait(hours)),
      ],
      { maxCommands: 40 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        let now = 100 * 24 * HOUR;
        const bank = await openBank(open(await place()), () => now);
        const setTime = (next: number): void => void (now = next);
        const balances = { "ada-main": 150_000, "ada-savings": 0, "ben-main": 50_000, outside: 0 };
        await fc.asyncModelRun(
          () => ({ model: { now, balances: { ...balances }, outgoing: [], done: new Map() }, real: { bank, setTime } }),
          list,
        );
        expect(await bank.check()).toMatchObject([{ status: "ok" }]);
        await bank.close();
      }),
      { numRuns },
    );
  });

  it("keeps entries and postings from being edited, and notices what was changed around it", async () => {
    const where = await place();
    const bank = await openBank(open(where), () => 0);
    await expect(change(where, "UPDATE bank_postings SET amount = 1")).rejects.toThrow("never changed");
    await expect(change(where, "DELETE FROM bank_postings")).rejects.toThrow("never deleted");
    await expect(change(where, "UPDATE bank_entries SET at = 1")).rejects.toThrow("never changed");
    await expect(change(where, "DELETE FROM bank_entries")).rejects.toThrow("never deleted");
    await expect(change(where, "UPDATE bank_accounts SET posted = -1 WHERE id = 'ada-main'")).rejects.toThrow(
      /check/iu,
    );
    await change(where, "UPDATE bank_accounts SET posted = posted + 1 WHERE id = 'ada-main'");
    expect(await bank.check()).toMatchObject([{ status: "error" }]);
    await bank.close();
  });
});
