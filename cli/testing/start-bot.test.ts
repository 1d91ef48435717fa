/** Bots of a configuration in a test: the same in each run, with people, groups and a clock that the test moves. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { web } from "../../adapters/web/index.ts";
import { crew } from "../../agents/index.ts";
import { scriptedModel } from "../../agents/testing/index.ts";
import type { CrewFactory } from "../../core/bot.ts";
import { type ConfigInput, env } from "../../core/config/index.ts";
import { testClock } from "../../core/testing/index.ts";
import { deskCrew } from "../../examples/library/crew.ts";
import { lending } from "../../examples/library/lending.ts";
import { startBot, type StartBotOptions } from "./index.ts";

const library = (): ConfigInput => ({
  bots: { library: { name: "Library", accounts: [web()], crew: deskCrew(), tools: [lending()] } },
});

async function started(config: string | ConfigInput = library(), options: StartBotOptions = {}) {
  const bot = await startBot(config, options);
  onTestFinished(async () => await bot.close());
  return bot;
}

it("does the same in each run, to the last id and time", async () => {
  const run = async () => {
    const model = scriptedModel([
      { calls: [{ tool: "find_books", input: { word: "sea" } }], usage: { input: 100, output: 5 } },
      { text: ["We have ", "The Sea Around Us."] },
      { calls: [{ tool: "reserve_book", input: { title: "The Waves" } }] },
    ]);
    const bot = await started(library(), { crew: crew({ model }) });
    const anna = bot.person("anna");
    const turns = [await anna.say("find sea"), await anna.say("reserve The Waves"), await anna.press("confirm")];
    model.done();
    // How long it took is told by the machine's own clock.
    return JSON.stringify({ turns, asked: model.requests }, (key, value: unknown) =>
      key === "milliseconds" ? 0 : value,
    );
  };
  const first = await run();
  expect(await run()).toBe(first);
  expect(first).toContain("2026-01-05T09:00:10.000Z");
});

it("has people who know nothing of each other, and groups that they share", async () => {
  const bot = await started();
  await bot.person("anna").say("reserve The Waves");
  await expect(bot.person("bo").press("confirm")).rejects.toThrow(
    "There is no button “confirm” to press. The newest answer has none.",
  );
  const [anna, bo] = ["anna", "bo"].map((name) => bot.person(name, { group: "readers" }));
  const told = await Promise.all([anna?.say("find sea"), bo?.say("find sea")]);
  expect(new Set(told.map((turn) => turn?.trace?.conversation)).size).toBe(1);
  expect(told.map((turn) => turn?.calls.length)).toEqual([1, 1]);
});

it("lets no time pass but what the test lets pass", async () => {
  const clock = testClock("2026-11-21T10:00:00+01:00");
  const bot = await started(library(), { clock });
  const anna = bot.person("anna");
  const { trace } = await anna.say("reserve The Waves");
  expect(trace?.startedAt).toBe("2026-11-21T09:00:10.000Z");
  clock.now += 24 * 3_600_000;
  const late = await anna.press("confirm");
  expect(late.executed).toEqual([]);
  expect(late.text).toMatch(/expired/u);
});

it("starts a bot of a configuration's file, and says what it lacks", async () => {
  const file = join(import.meta.dirname, "../../examples/library/bots.config.ts");
  const bot = await started(file);
  expect((await bot.person().say("/books")).text).toContain("The Sea Around Us");
  await expect(startBot(file, { bot: "shop" })).rejects.toThrow(
    'no bot "shop" in the configuration. There is: library',
  );
  await expect(startBot("nowhere.config.ts")).rejects.toThrow("there is no");
});

it("takes the variables that the configuration names", async () => {
  const place = (): ConfigInput => ({
    ...library(),
    store: { kind: "postgres", url: env("PARLEY_TEST_NO_KEY") },
  });
  await expect(startBot(place())).rejects.toThrow("PARLEY_TEST_NO_KEY");
  const bot = await started(place(), { environment: { PARLEY_TEST_NO_KEY: "postgres://nowhere.example/parley" } });
  expect((await bot.person().say("hello")).text).not.toBe("");
});

it("leaves nothing behind, also where it cannot start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-start-bot-"));
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  const bot = await startBot(library());
  expect(readdirSync(folder)).toHaveLength(1);
  await bot.close();
  const broken = { name: "broken", summary: {}, open: async () => await Promise.reject(new Error("no shelf")) };
  await expect(startBot(library(), { crew: broken })).rejects.toThrow("no shelf");
  expect(readdirSync(folder)).toEqual([]);
});

it("counts what the summary of a long conversation uses", async () => {
  const usage = { role: "summary", inputTokens: 70, outputTokens: 9, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const answering: CrewFactory = {
    name: "answering",
    summary: {},
    open: async () => ({
      run: async () => ({ reply: { text: "yes", confidence: 1, model: "m" }, remember: [], cacheable: false }),
      summarize: async (_older, turn) => {
        turn.usage({ ...usage, model: "m", costMicroDollars: 80 });
        return "They said yes.";
      },
      close: async () => undefined,
    }),
  };
  const bot = await started(library(), { crew: answering });
  const anna = bot.person("anna");
  const usages = [];
  for (let said = 0; said < 30; said += 1) usages.push(...(await anna.say(`and ${said}?`)).usages);
  expect(usages.length).toBeGreaterThan(0);
  expect(usages[0]).toMatchObject({ role: "summary", inputTokens: 70, costMicroDollars: 80 });
});
