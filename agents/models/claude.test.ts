import { ToolMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidInputError } from "../../core/errors.ts";
import { answerTo, ask, claudeBench, failureOf, question } from "../../test/support/messages-api/claude-bench.ts";
import { always } from "../../test/support/messages-api/faults.ts";

const { api, claude } = claudeBench();

const Body = z.looseObject({ model: z.string(), max_tokens: z.number(), stream: z.boolean() });
const sent = () => Body.parse(api().requests.at(-1)?.body);

describe("requests", () => {
  test("ask Sonnet for answers and Haiku for quick decisions, with explicit limits", async () => {
    api().script(always({ text: "5 euros" }));
    await answerTo(claude());
    expect(sent()).toMatchObject({
      model: "claude-sonnet-5-5",
      max_tokens: 16_000,
      stream: true,
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "medium" },
      system: "You are a bank clerk.",
    });
    await answerTo(claude({ role: "fast" }));
    expect(sent()).toMatchObject({
      model: "claude-haiku-5-5",
      max_tokens: 4096,
      thinking: { type: "disabled" },
      output_config: { effort: "low" },
    });
  });

  test.each([
    ["claude-haiku-5-5", "least", "low"],
    ["claude-haiku-5-5", "least", "max"],
    ["claude-sonnet-5-5", "least", "high"],
    ["claude-sonnet-5-5", "least", "xhigh"],
    ["claude-opus-5-5", "least", "low"],
    ["claude-fable-5-1", "adaptive", "max"],
    ["claude-haiku-4-5", "adaptive", "high"],
  ] as const)("are accepted by %s with thinking %s and effort %s", async (model, thinking, effort) => {
    api().script([{ text: "5 euros" }]);
    expect(await answerTo(claude({ model, thinking, effort }))).toBe("5 euros");
    expect(sent()).not.toHaveProperty("temperature");
  });

  test("carry the key of the moment and never the one before", async () => {
    let key = "old-key";
    const model = claude({ apiKey: () => key });
    api().script(always({ text: "Hi" }));
    expect((await failureOf(answerTo(model))).code).toBe("model/authentication");
    key = "test-key";
    expect(await answerTo(model)).toBe("Hi");
  });

  test("are not sent without a key", async () => {
    const error = await failureOf(answerTo(claude({ apiKey: () => "" })));
    expect(error.code).toBe("model/authentication");
    expect(api().requests).toHaveLength(0);
  });

  test("are not built from wrong settings", () => {
    expect(() => claude({ maxTokens: 0 })).toThrow(InvalidInputError);
    expect(() => claude({ baseUrl: "ftp://x", maxTokens: 0 })).toThrow(/baseUrl.*maxTokens/);
  });
});

describe("answers", () => {
  test("stream piece by piece and read without thinking", async () => {
    api().script([{ thinking: "I add it up.", text: "You have 5 euros and 20 cents." }]);
    const { shown: texts } = await ask(claude({ thinking: "adaptive" }));
    expect(texts.filter((text) => text !== "").length).toBeGreaterThan(1);
    expect(texts.join("")).toBe("You have 5 euros and 20 cents.");
  });

  test("return thinking blocks and tool results unchanged in the next request", async () => {
    const model = claude();
    const tools = [
      { name: "balance", description: "Shows a balance", input_schema: { type: "object", properties: {} } },
      { name: "payees", description: "Lists payees", input_schema: { type: "object", properties: {} } },
    ];
    api().script([
      {
        thinking: "I need two things.",
        text: "One moment.",
        toolUse: [
          { name: "balance", input: { account: "giro", limit: 12.5, nested: { deep: ["ä", null] } } },
          { name: "payees", input: {} },
        ],
      },
      { text: "5 euros, and Ada." },
    ]);
    const { answer: asked } = await ask(model, { tools });
    expect(asked?.calls).toMatchObject([
      { name: "balance", args: { account: "giro", limit: 12.5, nested: { deep: ["ä", null] } } },
      { name: "payees", args: {} },
    ]);
    const results = (asked?.calls ?? []).map(({ id = "" }) => new ToolMessage({ content: "fine", tool_call_id: id }));
    const messages = [...question, ...(asked?.transcript ?? []), ...results];
    expect(await answerTo(model, { messages, tools })).toBe("5 euros, and Ada.");
  });

  test("tell their usage and cost, streamed or whole", async () => {
    const usage = {
      inputTokens: 1000,
      outputTokens: 200,
      cacheReadTokens: 5000,
      cacheWriteTokens: 400,
      cacheWriteOneHourTokens: 100,
    };
    api().script([{ thinking: "hm", text: "A fairly long answer, in pieces.", usage }]);
    expect((await ask(claude())).spent).toEqual([
      {
        inputTokens: 1000,
        outputTokens: 200,
        cacheReadTokens: 5000,
        cacheWriteTokens: 400,
        // 1000 x $2 + 200 x $10 + 5000 x $0.20 + 300 x $2.50 + 100 x $4, per million
        costMicroUsd: 6150,
      },
    ]);
  });
});
