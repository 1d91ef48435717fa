import { AIMessage, HumanMessage } from "@langchain/core/messages";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { costInMicroDollars } from "./pricing.ts";
import { usageOf } from "./usage.ts";

const none = { input: 0, output: 0, cacheRead: 0, cacheWriteFiveMinutes: 0, cacheWriteOneHour: 0 };

test("a million tokens cost what the price list says", () => {
  const million = 1_000_000;
  expect(costInMicroDollars("claude-sonnet-5-5", { ...none, input: million })).toBe(2 * million);
  expect(costInMicroDollars("claude-sonnet-5-5", { ...none, output: million })).toBe(10 * million);
  expect(costInMicroDollars("claude-opus-5-5", { ...none, cacheRead: million })).toBe(400_000);
  expect(costInMicroDollars("claude-fable-5-1", { ...none, cacheWriteOneHour: million })).toBe(20 * million);
});

test("Haiku 5.5 costs five times as much once the prompt passes 100,000 tokens, cached parts included", () => {
  expect(costInMicroDollars("claude-haiku-5-5", { ...none, input: 100_000 })).toBe(10_000);
  expect(costInMicroDollars("claude-haiku-5-5", { ...none, input: 90_000, cacheRead: 10_001 })).toBe(45_501);
});

test("dated snapshots cost what their model costs, and unknown models have no price", () => {
  expect(costInMicroDollars("claude-haiku-4-5-20251001", { ...none, input: 1000 })).toBe(1000);
  expect(costInMicroDollars("claude-sonnet-5-9", { ...none, input: 1000 })).toBeUndefined();
  expect(costInMicroDollars("", none)).toBeUndefined();
});

test("costs are whole micro-dollars that never fall when tokens are added", () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  const tokens = fc.record({
    input: count,
    output: count,
    cacheRead: count,
    cacheWriteFiveMinutes: count,
    cacheWriteOneHour: count,
  });
  const model = fc.constantFrom("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5");
  fc.assert(
    fc.property(model, tokens, count, (name, counts, more) => {
      const cost = costInMicroDollars(name, counts) ?? -1;
      expect(Number.isSafeInteger(cost)).toBe(true);
      expect(costInMicroDollars(name, { ...counts, input: counts.input + more })).toBeGreaterThanOrEqual(cost);
    }),
  );
});

test("a message without usage is estimated by its characters, and those of what was asked", () => {
  const asked = [new HumanMessage("x".repeat(400)), new AIMessage("y".repeat(40))];
  const calls = [{ name: "get_forecast", args: { city: "Kiel" }, id: "1" }];
  const used = usageOf(new AIMessage({ content: "z".repeat(80), tool_calls: calls }), asked, {
    model: "claude-haiku-5-5",
    priceOf: costInMicroDollars,
  });
  expect(used).toMatchObject({ inputTokens: 110, outputTokens: expect.toSatisfy((count: number) => count > 20) });
  expect(used.costMicroUsd).toBeGreaterThan(0);
});
