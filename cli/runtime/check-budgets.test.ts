import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { BotPolicies } from "../../core/bot.ts";
import type { Crew } from "../../core/crew.ts";
import { checkBudgets, checkGoesOn } from "./check-budgets.ts";

const crew: Crew = { run: async () => await Promise.reject(new Error("not asked here")), close: async () => undefined };

function bot(budget: object, timeZone = "UTC") {
  const policies = BotPolicies.parse({ limits: { budget } });
  const factory = { name: "crew", summary: {}, open: async () => crew };
  const nothing = { accounts: [], tools: [], intents: {}, persona: "", locale: "en" };
  return { id: "harbour", name: "Harbour", timeZone, crew: factory, policies, ...nothing };
}

async function look(budget: object, timeZone?: string) {
  const folder = mkdtempSync(join(tmpdir(), "parley-budgets-"));
  const store = await openSqliteStore(folder);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const tokens = { inputTokens: 60, outputTokens: 40, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const spend = async (person: string, chat: string, costMicroDollars: number) => {
    const keys = [`user:harbour:web:main:${person}`, `chat:harbour:web:main:${chat}`, "bot:harbour"];
    const usage = { model: "m", role: "answer", ...tokens, costMicroDollars };
    await store.usage.spend(keys, usage, { id: `${person} ${chat}`, day: "2026-11-21" });
  };
  await spend("ann", "a", 300_000);
  await spend("ann", "b", 300_000);
  await spend("ben", "b", 100_000);
  const environment = { clock: () => Date.parse("2026-11-21T10:00:00Z") };
  return await checkBudgets([bot(budget, timeZone)], { store, environment });
}

describe("doctor on budgets", () => {
  it("says nothing where nothing is capped", async () => {
    expect(await look({})).toEqual([]);
  });

  it("tells how far the bot is, and how many people and chats are at their caps", async () => {
    const budget = { user: { dollars: 0.6 }, chat: { tokens: 200, dollars: 10 }, bot: { dollars: 1 } };
    expect(await look(budget)).toEqual([
      {
        name: "harbour budget",
        status: "ok",
        detail:
          "2026-11-21 in UTC: 70 % of the bot's cap is spent ($0.7000 of $1); people at their cap: 1; chats at their cap: 1",
      },
    ]);
  });

  it("warns of a bot that is nearly spent, with the setting", async () => {
    expect(await look({ bot: { tokens: 300, dollars: 1 } })).toMatchObject([
      { status: "warning", remedy: "Raise bots.harbour.limits.budget.bot.tokens, or wait for midnight in UTC." },
    ]);
  });

  it("counts the day of the bot's time zone", async () => {
    expect(await look({ bot: { tokens: 300 } }, "Pacific/Kiritimati")).toMatchObject([
      { status: "ok", detail: "2026-11-22 in Pacific/Kiritimati: 0 % of the bot's cap is spent (0 of 300 tokens)" },
    ]);
  });

  it("warns where a crew is to go on without a model and cannot", () => {
    const capped = { user: { tokens: 1 } };
    expect(checkGoesOn([{ config: bot(capped), crew }])).toMatchObject([{ status: "warning" }]);
    expect(checkGoesOn([{ config: bot(capped), crew: { ...crew, runWithoutModel: crew.run } }])).toEqual([]);
    expect(checkGoesOn([{ config: bot({ ...capped, whenSpent: "refuse" }), crew }])).toEqual([]);
    expect(checkGoesOn([{ config: bot({}), crew }])).toEqual([]);
  });
});
