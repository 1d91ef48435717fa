import { ToolMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidInputError } from "../../core/errors.ts";
import { claudeBench, failureOf, question } from "../../test/support/messages-api/claude-bench.ts";
import { always } from "../../test/support/messages-api/faults.ts";
import { textOf } from "./message-content.ts";
import { askStructured } from "./structured-answer.ts";
import { usageOf } from "./usage.ts";

const { api, claude } = claudeBench();

const Body = z.looseObject({ model: z.string(), max_tokens: z.number(), stream: z.boolean() });
const sent = () => Body.parse(api().requests.at(-1)?.body);

describe("requests", () => {
  test("ask Sonnet for answers and Haiku for quick decisions, with explicit limits", async () => {
    api().script(always({ text: "5 euros" }));
    await claude().invoke(question);
    expect(sent()).toMatchObject({
      model: "claude-sonnet-5-5",
      max_tokens: 16_000,
      stream: true,
      thinking: { type: "adaptive" },
      output_config: { effort: "medium" },
      system: "You are a bank clerk.",
    });
    await claude({ role: "fast" }).invoke(question);
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
    expect(textOf(await claude({ model, thinking, effort }).invoke(question))).toBe("5 euros");
    expect(sent()).not.toHaveProperty("temperature");
  });

  test("carry the key of the moment and never the one before", async () => {
    let key = "old-key";
    const model = claude({ apiKey: () => key });
    api().script(always({ text: "Hi" }));
    expect((await failureOf(model.invoke("Hi"))).code).toBe("model/authentication");
    key = "test-key";
    expect(textOf(await model.invoke("Hi"))).toBe("Hi");
  });

  test("are not sent without a key", async () => {
    const error = await failureOf(claude({ apiKey: () => "" }).invoke("Hi"));
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
    const texts: string[] = [];
    for await (const chunk of await claude({ thinking: "adaptive" }).stream(question)) texts.push(textOf(chunk));
    expect(texts.filter((text) => text !== "").length).toBeGreaterThan(1);
    expect(texts.join("")).toBe("You have 5 euros and 20 cents.");
  });

  test("return thinking blocks and tool results unchanged in the next request", async () => {
    const model = claude().bindTools([
      { name: "balance", description: "Shows a balance", input_schema: { type: "object", properties: {} } },
      { name: "payees", description: "Lists payees", input_schema: { type: "object", properties: {} } },
    ]);
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
    const call = await model.invoke(question);
    expect(call.tool_calls).toMatchObject([
      { name: "balance", args: { account: "giro", limit: 12.5, nested: { deep: ["ä", null] } } },
      { name: "payees", args: {} },
    ]);
    const results = (call.tool_calls ?? []).map(
      ({ id = "" }) => new ToolMessage({ content: "fine", tool_call_id: id }),
    );
    const answer = await model.invoke([...question, call, ...results]);
    expect(textOf(answer)).toBe("5 euros, and Ada.");
  });

  test("of a fixed shape come without a forced tool choice, on every current model", async () => {
    const schema = z.object({ intent: z.enum(["balance", "transfer"]), cents: z.number().int().min(1).max(100) });
    for (const model of ["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"]) {
      api().script([{ thinking: "hm", text: '{"intent":"transfer","cents":50}' }]);
      const { value, usage } = await askStructured(claude({ model }), { input: question, schema });
      expect(value).toEqual({ intent: "transfer", cents: 50 });
      expect(usage.outputTokens).toBeGreaterThan(0);
      expect(sent()).not.toHaveProperty("tool_choice");
    }
  });

  test("of the wrong shape are an error that does not repeat them", async () => {
    const schema = z.object({ cents: z.number().max(100) });
    api().script([{ text: '{"cents": 4711}' }, { text: "cents 4711" }]);
    for (const fault of ["cents (too_big)", "answer (invalid_type)"]) {
      const error = await failureOf(askStructured(claude(), { input: question, schema }));
      expect(error.code).toBe("model/answer-invalid");
      expect(error.message).toContain(fault);
      expect(error.message).not.toContain("4711");
    }
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
    expect(usageOf(await claude().invoke(question))).toEqual({
      inputTokens: 1000,
      outputTokens: 200,
      cacheReadTokens: 5000,
      cacheWriteTokens: 400,
      // 1000 x $2 + 200 x $10 + 5000 x $0.20 + 300 x $2.50 + 100 x $4, per million
      costMicroUsd: 6150,
    });
  });
});
