import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqliteDatabase } from "../../../core/store/sqlite/sqlite-database.ts";
import { NOON, temporaryFolder } from "../../../test/support/bank-chat.ts";
import type { Bank, PaymentOrders } from "../port.ts";
import { openEmbeddedBank } from "./embedded-bank.ts";

const ORDERS = 60;
const DATES = 5;
const LATER = Date.parse("2026-12-29T12:00:00Z");
const PROCESS = fileURLToPath(new URL("../../../test/support/pay-due-process.ts", import.meta.url));

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

async function openBank(file: string, now: number): Promise<Bank> {
  const limit = Number.MAX_SAFE_INTEGER;
  return await openEmbeddedBank({
    database: openSqliteDatabase(file),
    content: async () => ({
      customers: [
        {
          id: "ada",
          name: "Ada",
          segment: "any",
          linkCode: "ADAA-2222",
          accounts: [
            { id: "main", iban: "DE67999800105286782500", name: "Main", currency: "EUR", openingMinor: 1_000_000 },
          ],
          payees: [],
        },
      ],
      transactions: [],
    }),
    clock: () => now,
    limitsOf: () => ({ perTransferMinor: limit, perDayMinor: limit, newPayeePerDayMinor: limit }),
  });
}

async function startPayer(file: string): Promise<ChildProcess> {
  const payer = spawn(process.execPath, ["--import", "tsx", PROCESS, file, String(LATER)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  assert.ok(payer.stdout);
  await once(payer.stdout, "data");
  return payer;
}

async function orderWeekly(orders: PaymentOrders): Promise<void> {
  for (let at = 1; at <= ORDERS; at += 1) {
    const order = {
      customer: "ada",
      fromAccountId: "main",
      toIban: "DE89370400440532013000",
      toName: "Ben",
      amount: { minor: at, currency: "EUR" },
      reference: `order ${at}`,
      rhythm: "weekly",
      firstDate: "2026-12-01",
    } as const;
    await orders.create(order, { key: `create-${at}`, request: "r" });
  }
}

it("pays each date once though processes that pay together are killed in the middle", async () => {
  const file = `${folder.path}/bank.db`;
  const bank = await openBank(file, NOON);
  const { orders } = bank;
  assert.ok(orders);
  await orderWeekly(orders);
  const paid = async (): Promise<number> => (await bank.transactions("ada", { limit: 1 })).count;
  const seen: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const payers = await Promise.all([startPayer(file), startPayer(file)]);
    const before = await paid();
    for (const payer of payers) payer.stdin?.write("\n");
    const isFurther = async (): Promise<boolean> => before === ORDERS * DATES || (await paid()) > before;
    while (!(await isFurther())) await sleep(1);
    for (const payer of payers) payer.kill("SIGKILL");
    await Promise.all(payers.map(async (payer) => payer.exitCode ?? (await once(payer, "exit"))));
    seen.push(await paid());
  }
  expect(seen[0]).toBeLessThan(ORDERS * DATES);
  await bank.close();
  const after = await openBank(file, LATER);
  await Promise.all([after.orders?.payDue?.(), after.orders?.payDue?.()]);
  const { count, sums } = await after.transactions("ada", { limit: 1 });
  expect(count).toBe(ORDERS * DATES);
  expect(sums).toMatchObject([{ outMinor: (DATES * ORDERS * (ORDERS + 1)) / 2 }]);
  for (let at = 1; at <= ORDERS; at += 20) {
    const { transactions } = await after.transactions("ada", { minMinor: at, maxMinor: at, limit: 100 });
    expect(transactions).toHaveLength(DATES);
  }
  expect(await after.check()).toMatchObject([{ status: "ok" }]);
  await after.close();
});
