/** One agent and a crew on the same conversations, with scripted models whose tokens are known. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { web } from "../../adapters/web/index.ts";
import { crew } from "../../agents/index.ts";
import { scriptedModel, type ScriptStep } from "../../agents/testing/index.ts";
import { type LoadedConfig, validateConfig } from "../../core/config/index.ts";
import { lending } from "../../examples/library/lending.ts";
import { atEqualTokens, chanceOf, needsOf } from "./compare.ts";
import { readConversations } from "./conversation-file.ts";
import { evaluate, type EvaluationOptions } from "./evaluate.ts";

const conversations = [
  { id: "greets", turns: [{ say: "hello", expect: { mentions: ["welcome"] } }] },
  {
    id: "reserves",
    turns: [
      { say: "reserve The Waves", expect: { proposes: [{ tool: "reserve_book" }] } },
      { press: "confirm", expect: { executes: [{ tool: "reserve_book" }] } },
    ],
  },
];

async function evaluated(roles: "crew" | "single", steps: readonly ScriptStep[], options: EvaluationOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "parley-compare-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "library.jsonl"), conversations.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const model = scriptedModel(steps);
  const prices = { scripted: { input: 1, output: 10 } };
  const bots = {
    library: { name: "Library", accounts: [web()], crew: crew({ model, roles, prices }), tools: [lending()] },
  };
  const config = validateConfig({ bots }, "bots.config.ts", { environment: {}, readFile: () => "" });
  const loaded: LoadedConfig = { config, file: "bots.config.ts", directory: folder };
  return await evaluate(loaded, readConversations(folder, "en"), options);
}

const reserve = { calls: [{ tool: "reserve_book", input: { title: "The Waves" } }] };
const crewSteps: readonly ScriptStep[] = [
  { text: "ENOUGH", usage: { input: 700, output: 10 } },
  { text: "You are welcome.", usage: { input: 480, output: 10 } },
  { ...reserve, usage: { input: 2_000, output: 40, cacheRead: 1_500 } },
];
const singleSteps: readonly ScriptStep[] = [
  { text: "Welcome!", usage: { input: 590, output: 10 } },
  { text: "Which one?", usage: { input: 640, output: 10 } },
];

it("tells for each conversation whether it passed, its tokens, cost and time", async () => {
  const { played } = await evaluated("crew", crewSteps);
  expect(played.map(needsOf)).toMatchObject([
    { id: "greets", passed: 1, tokens: 1_200, costMicroDollars: 1_380 },
    { id: "reserves", passed: 1, tokens: 2_040, costMicroDollars: 2_400 },
  ]);
  expect(played.map(needsOf).every(({ milliseconds }) => milliseconds > 0)).toBe(true);
});

it("compares one agent with a crew at equal tokens", async () => {
  const both = [await evaluated("single", singleSteps), await evaluated("crew", crewSteps)];
  expect(both.map(({ summary }) => summary.passed)).toEqual([1, 2]);
  expect(atEqualTokens(both)).toEqual([
    { tokens: 600, passed: [1, 0] },
    { tokens: 650, passed: [1, 0] },
    { tokens: 1_200, passed: [1, 1] },
    { tokens: 2_100, passed: [1, 2] },
  ]);
});

it("ends a conversation that has used up its tokens: it has not passed", async () => {
  const { failures, summary, played } = await evaluated("crew", crewSteps, { tokens: 1_500 });
  expect(failures).toEqual(["reserves, turn 1: has used 2040 tokens of 1500"]);
  expect(summary).toMatchObject({ passed: 1, total: 2 });
  expect(played[1]?.runs[0]?.turns).toHaveLength(1);
});

it("says how probable a difference is where there is none", () => {
  expect(chanceOf(0, 0)).toBe(1);
  expect(chanceOf(3, 0)).toBe(0.25);
  expect(chanceOf(1, 9)).toBeCloseTo(0.0215, 4);
});
