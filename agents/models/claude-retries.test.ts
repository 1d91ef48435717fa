import { inspect } from "node:util";
import { HumanMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { answerTo, claudeBench, failureOf } from "../../test/support/messages-api/claude-bench.ts";
import {
  always,
  billingError,
  connectionDropped,
  failsMidStream,
  overloaded,
  rateLimited,
  serverError,
  spendLimitReached,
  times,
  type Step,
} from "../../test/support/messages-api/faults.ts";
import { systemTiming } from "./timing.ts";

const { api, claude, pauses } = claudeBench();
const hi = [new HumanMessage("Hi")];

describe("retries", () => {
  test("survive two overloads with growing pauses", async () => {
    api().script([...times(2, overloaded), { text: "5 euros" }]);
    expect(await answerTo(claude())).toBe("5 euros");
    expect(pauses()).toEqual([500, 1000]);
  });

  test("end after three attempts", async () => {
    const failures: unknown[] = [];
    api().script(always(overloaded));
    const model = claude({ onAttemptFailed: ({ attempt, nextInMs }) => failures.push([attempt, nextInMs]) });
    const error = await failureOf(answerTo(model));
    expect(error).toMatchObject({ name: "ModelOverloadedError", code: "model/overloaded", retryable: true });
    expect(error.message).toMatch(/request req_/);
    expect(api().requests).toHaveLength(3);
    expect(failures).toEqual([
      [1, 500],
      [2, 1000],
      [3, undefined],
    ]);
  });

  test("wait as long as the provider asks, but not longer than ten seconds in all", async () => {
    api().script([rateLimited(4), rateLimited(5), { text: "5 euros" }]);
    expect(await answerTo(claude())).toBe("5 euros");
    expect(pauses()).toEqual([4000, 5000]);
    api().script(always(rateLimited(11)));
    const error = await failureOf(answerTo(claude()));
    expect(error).toMatchObject({ name: "ModelRateLimitedError", retryAfterMs: 11_000, retryable: true });
    expect(api().requests).toHaveLength(4);
  });

  test("repeat failures inside the service, dropped connections, and streams that died before their first word", async () => {
    api().script([serverError, connectionDropped, failsMidStream({ text: "never" }, 0), { text: "5 euros" }]);
    expect(await answerTo(claude({ retry: { attempts: 4 } }))).toBe("5 euros");
    expect(pauses()).toHaveLength(3);
  });

  const hopeless: readonly (readonly [string, Step, string])[] = [
    ["a spend limit", spendLimitReached, "model/spend-limit"],
    ["missing credit", billingError, "model/spend-limit"],
    ["a refusal", { text: "I", stopReason: "refusal", refusalCategory: "cyber" }, "model/refused"],
    ["an answer that was all thinking", { thinking: "I", stopReason: "max_tokens" }, "model/answer-incomplete"],
  ];
  test.each(hopeless)("do not repeat %s", async (_name, step, code) => {
    api().script([step, { text: "5 euros" }]);
    expect(await failureOf(answerTo(claude()))).toMatchObject({ code, retryable: false });
    expect(api().requests).toHaveLength(1);
    expect(pauses()).toEqual([]);
  });

  test("end at once when the caller gives up during a pause", async () => {
    const caller = new AbortController();
    api().script(always(overloaded));
    const model = claude({ timing: systemTiming, retry: { pauseMs: 9000 }, onAttemptFailed: () => caller.abort() });
    await expect(answerTo(model, { signal: caller.signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(api().requests).toHaveLength(1);
  });
});

describe("refused requests", () => {
  test("name what is wrong: the key, the model, the request, its length", async () => {
    api().script(always({ text: "Hi" }));
    const wrongKey = await failureOf(answerTo(claude({ apiKey: () => "sk-ant-secret" }), { messages: hi }));
    expect(wrongKey).toMatchObject({ name: "ModelAuthenticationError", retryable: false });
    expect(await failureOf(answerTo(claude({ model: "claude-9" }), { messages: hi }))).toMatchObject({
      name: "ModelRequestError",
    });
    const tool = { name: "a b", description: "x", input_schema: { type: "object" as const } };
    const badTool = await failureOf(answerTo(claude(), { messages: hi, tools: [tool] }));
    expect(badTool).toMatchObject({ name: "ModelRequestError" });
    expect(badTool.message).toContain("tools.0.custom.name");
    const long = await failureOf(answerTo(claude(), { messages: [new HumanMessage("word ".repeat(1_000_000))] }));
    expect(long).toMatchObject({ name: "ModelContextExceededError", code: "model/context-exceeded" });
    expect(pauses()).toEqual([]);
  });

  test("never show the key, not even in their causes", async () => {
    const key = "sk-ant-secret-4711";
    const error = await failureOf(answerTo(claude({ apiKey: () => key }), { messages: hi }));
    const model = claude({ apiKey: () => key });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("4711");
    expect(inspect(model, { depth: 20, showHidden: true })).not.toContain("4711");
    expect(JSON.stringify(model)).not.toContain("4711");
  });

  test("an unreachable provider is unavailable, and says so", async () => {
    await api().close();
    const error = await failureOf(answerTo(claude(), { messages: hi }));
    expect(error).toMatchObject({ name: "ModelUnavailableError", retryable: true });
    expect(error.message).toContain("ECONNREFUSED");
  });
});
