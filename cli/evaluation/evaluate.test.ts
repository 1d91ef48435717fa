/** Conversations with a small bot of its own crew: what is judged, and what is said of what does not hold. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { web } from "../../adapters/web/index.ts";
import type { CrewFactory, ToolPackFactory } from "../../core/bot.ts";
import { type LoadedConfig, validateConfig } from "../../core/config/index.ts";
import { defineTool } from "../../core/define-tool.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import { chosen } from "./chosen.ts";
import { readConversations } from "./conversation-file.ts";
import { evaluate, type Evaluation } from "./evaluate.ts";

/** Orders cake after a confirmation, remembers a name, and asks for what it does not understand. */
const waiter: CrewFactory = {
  name: "waiter",
  summary: {},
  open: async () => ({
    run: async ({ text }, { tools, trace, usage }) => {
      const said = {
        remember: [],
        cacheable: false,
        reply: { text: "What would you like?", confidence: 1, model: "none" },
      };
      usage({
        model: "rules",
        role: "waiter",
        inputTokens: 10,
        outputTokens: 2,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        costMicroDollars: 5,
      });
      const [, kind] = /^(\w+) cake$/u.exec(text) ?? [];
      if (kind !== undefined) {
        const outcome = await tools.call("order_cake", { kind }, "order");
        if (outcome.status === "proposed") return { ...said, reply: proposalReply(outcome.proposal) };
        return { ...said, reply: { ...said.reply, text: "message" in outcome ? outcome.message : "Done." } };
      }
      const [, name] = /^I am (\w+)$/u.exec(text) ?? [];
      if (name !== undefined) {
        const reply = { ...said.reply, text: `Hello, ${name}. Price: 3 €.` };
        return { ...said, reply, remember: [{ key: "name", value: name }] };
      }
      trace({ kind: "agent", name: "waiter", outcome: "done", act: "asks", missing: "kind" });
      return said;
    },
    close: async () => {},
  }),
};

const kitchen: ToolPackFactory = {
  name: "kitchen",
  summary: {},
  open: async () => ({
    tools: [
      defineTool({
        name: "order_cake",
        description: "Orders a cake.",
        input: z.strictObject({ kind: z.enum(["plum", "lemon"]) }),
        risk: "medium",
        confirmation: "always",
        scopes: ["public"],
        depends: "user",
        propose: async ({ kind }) => ({ summary: `One ${kind} cake` }),
        execute: async ({ kind }) => ({ value: { message: `${kind} cake is coming` } }),
      }),
    ],
    close: async () => {},
  }),
};

function cafe(): LoadedConfig {
  const bots = { cafe: { name: "Café", accounts: [web()], crew: waiter, tools: [kitchen] } };
  const config = validateConfig({ bots }, "bots.config.ts", { environment: {}, readFile: () => "" });
  return { config, file: "bots.config.ts", directory: tmpdir() };
}

function folderWith(...lines: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), "parley-conversations-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "deep", "cafe.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join("\n"));
  return folder;
}

const playedWith = async (...lines: readonly object[]): Promise<Evaluation> =>
  await evaluate(cafe(), readConversations(folderWith(...lines), "en"), {
    startsAt: Date.parse("2026-11-21T09:00:00Z"),
  });
describe("a conversation", () => {
  it("passes where the bot does what is expected", async () => {
    const evaluation = await playedWith({
      id: "plum",
      before: ["I am Ada"],
      turns: [
        { say: "anything", expect: { asks: "kind", tools: [], memory: { holds: ["ada"], unchanged: true } } },
        { say: "plum cake", expect: { proposes: [{ tool: "order_cake", input: { kind: "PLUM" } }], waiting: 1 } },
        { press: "Confirm", expect: { executes: [{ tool: "order_cake" }], waiting: 0, mentions: [["lemon", "plum"]] } },
        { say: "cherry cake", expect: { refused: "tool/invalid-input", tools: [], silent: false } },
        { say: "I am Bo", expect: { memory: { holds: ["bo"], lacks: ["ada"] }, mentions: ["3 €"], omits: ["4 €"] } },
      ],
    });
    expect(evaluation.failures).toEqual([]);
  });

  it("begins with nothing of the others, at the time that was given", async () => {
    const evaluation = await playedWith(
      { id: "first", turns: [{ say: "I am Ada" }, { say: "plum cake" }] },
      { id: "second", turns: [{ say: "x", expect: { memory: { lacks: ["ada"] }, waiting: 0 } }] },
    );
    expect(evaluation.failures).toEqual([]);
  });

  it("says of each turn what does not hold, and goes on", async () => {
    const evaluation = await playedWith({
      id: "wrong",
      turns: [
        { say: "plum cake", expect: { proposes: [], waiting: 2, says: "greets" } },
        { say: "something", expect: { asks: "size", mentions: ["soup"], either: [{ waiting: 3 }, { waiting: 4 }] } },
        { press: "Order again" },
      ],
    });
    expect(evaluation.failures).toEqual([
      'wrong, turn 1: proposes “order_cake({"kind":"plum"})”, expected nothing',
      "wrong, turn 1: 1 wait, expected 2",
      "wrong, turn 1: is no answer that greets, but nothing",
      "wrong, turn 2: does not ask for size, but “kind”",
      "wrong, turn 2: does not mention “soup”",
      "wrong, turn 2: none of 2 readings: 1 wait, expected 3; or 1 wait, expected 4",
      "wrong, turn 3: testing/no-button: There is no button “Order again” to press. The newest answer has none.",
    ]);
    expect(evaluation.summary).toMatchObject({ total: 1, passed: 0, always: 0 });
  });
});

describe("an evaluation", () => {
  it("adds up by kind and language, with tokens and cost, over all repeats", async () => {
    const scripts = readConversations(
      folderWith(
        { id: "a", kind: "order", language: "en", turns: [{ say: "plum cake", expect: { waiting: 1 } }] },
        { id: "b", kind: "talk", language: "de", turns: [{ say: "na?", expect: { waiting: 1 } }] },
      ),
      "en",
    );
    const { summary } = await evaluate(cafe(), scripts, { repeat: 2 });
    expect(summary).toMatchObject({
      total: 2,
      passed: 1,
      always: 1,
      repeat: 2,
      byKind: { order: { total: 1, always: 1 }, talk: { total: 1, always: 0 } },
      byLanguage: { de: { passed: 0 }, en: { passed: 1 } },
      turns: 4,
      tokens: { input: 40, output: 8 },
      costMicroDollars: 20,
    });
  });

  it("plays what is named, and says which names there are", () => {
    const scripts = readConversations(folderWith({ id: "a", kind: "order", turns: [{ say: "x" }] }), "en");
    expect(chosen(scripts, "order")).toHaveLength(1);
    expect(() => chosen(scripts, "a, soup")).toThrow('the id or kind "soup". Kinds are: order.');
  });
});

describe("a file that cannot be played", () => {
  it.each([
    [
      "what is no part of a turn",
      { id: "a", turns: [{ says: "x" }] },
      /cafe\.jsonl:1: .*"says".*Fix: docs\/evaluation\.md/su,
    ],
    [
      "a check that there is not",
      { id: "a", turns: [{ say: "x", expect: { answers: "y" } }] },
      /cafe\.jsonl:1: .*"answers"/su,
    ],
    [
      "a turn in which nothing happens",
      { id: "a", turns: [{ expect: {} }] },
      /a turn needs one of say, press, forward, file/u,
    ],
  ])("%s: names file, line and fix", (_name, line, message) => {
    expect(() => readConversations(folderWith(line), "en")).toThrow(message);
  });

  it("an id that stands twice, a folder without files, a folder that is not there", () => {
    const turns = [{ say: "x" }];
    expect(() => readConversations(folderWith({ id: "a", turns }, { id: "a", turns }), "en")).toThrow(
      /cafe\.jsonl:3: the id "a" stands in .*cafe\.jsonl:1 as well/u,
    );
    expect(() => readConversations(folderWith(), "en")).toThrow("holds no conversations");
    expect(() => readConversations("/nowhere/at/all", "en")).toThrow("/nowhere/at/all: is not there");
  });
});
