import { HumanMessage, SystemMessage, ToolMessage, type AIMessageChunk } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidInputError, ParleyError } from "../../core/errors.ts";
import {
  always,
  billingError,
  connectionDropped,
  cut,
  endsEarly,
  failsMidStream,
  onlyPings,
  overloaded,
  rateLimited,
  serverError,
  slow,
  spendLimitReached,
  stalls,
  times,
  type Step,
} from "../../test/support/messages-api/faults.ts";
import { startMessagesApi, type MessagesApi } from "../../test/support/messages-api/server.ts";
import { createClaude } from "./claude.ts";
import type { ClaudeSettings } from "./claude-settings.ts";
import { textOf } from "./message-content.ts";
import { askStructured } from "./structured-answer.ts";
import { systemTiming } from "./timing.ts";
import { usageOf } from "./usage.ts";

let api: MessagesApi;
let pauses: number[];

beforeEach(async () => {
  api = await startMessagesApi();
  pauses = [];
});
afterEach(() => api.close());

/** A model on the local server whose pauses take no time but are written down. */
function claude(settings: Partial<ClaudeSettings> = {}) {
  let slept = 0;
  return createClaude({
    apiKey: () => "test-key",
    baseUrl: api.url,
    random: () => 0,
    timing: {
      ...systemTiming,
      now: () => slept,
      sleep: async (milliseconds) => {
        pauses.push(milliseconds);
        slept += milliseconds;
      },
    },
    ...settings,
  });
}

const question = [new SystemMessage("You are a bank clerk."), new HumanMessage("How much have I got?")];

async function failureOf(call: Promise<unknown>): Promise<ParleyError> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ParleyError) return thrown;
  throw new Error(`Expected a ParleyError, got ${String(thrown)}`, { cause: thrown });
}

/** Reads a stream to its end or its failure. */
async function read(stream: AsyncIterable<AIMessageChunk>) {
  let text = "";
  try {
    for await (const chunk of stream) text += textOf(chunk);
  } catch (thrown) {
    return { text, thrown };
  }
  return { text, thrown: undefined };
}

const lastBody = z.looseObject({ model: z.string(), max_tokens: z.number(), stream: z.boolean() });
const sent = () => lastBody.parse(api.requests.at(-1)?.body);

describe("requests", () => {
  test("ask Sonnet for answers and Haiku for quick decisions, with explicit limits", async () => {
    api.script(always({ text: "5 euros" }));
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
    api.script([{ text: "5 euros" }]);
    expect(textOf(await claude({ model, thinking, effort }).invoke(question))).toBe("5 euros");
    expect(sent()).not.toHaveProperty("temperature");
  });

  test("carry the key of the moment and never the one before", async () => {
    let key = "old-key";
    const model = claude({ apiKey: () => key });
    api.script(always({ text: "Hi" }));
    expect((await failureOf(model.invoke("Hi"))).code).toBe("model/authentication");
    key = "test-key";
    expect(textOf(await model.invoke("Hi"))).toBe("Hi");
  });

  test("are not sent without a key", async () => {
    const error = await failureOf(claude({ apiKey: () => "" }).invoke("Hi"));
    expect(error.code).toBe("model/authentication");
    expect(api.requests).toHaveLength(0);
  });

  test("are not built from wrong settings", () => {
    const create = () => createClaude({ apiKey: () => "k", baseUrl: "ftp://x", maxTokens: 0 });
    expect(create).toThrow(InvalidInputError);
    expect(create).toThrow(/baseUrl.*maxTokens/);
  });
});

describe("answers", () => {
  test("stream piece by piece and read without thinking", async () => {
    api.script([{ thinking: "I add it up.", text: "You have 5 euros and 20 cents." }]);
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
    api.script([
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
      api.script([{ thinking: "hm", text: '{"intent":"transfer","cents":50}' }]);
      const { value, usage } = await askStructured(claude({ model }), { input: question, schema });
      expect(value).toEqual({ intent: "transfer", cents: 50 });
      expect(usage.outputTokens).toBeGreaterThan(0);
      expect(sent()).not.toHaveProperty("tool_choice");
    }
  });

  test("of the wrong shape are an error that does not repeat them", async () => {
    const schema = z.object({ cents: z.number().max(100) });
    api.script([{ text: '{"cents": 4711}' }, { text: "cents 4711" }]);
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
    api.script([{ thinking: "hm", text: "A fairly long answer, in pieces.", usage }]);
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

describe("retries", () => {
  test("survive two overloads with growing pauses", async () => {
    api.script([...times(2, overloaded), { text: "5 euros" }]);
    expect(textOf(await claude().invoke(question))).toBe("5 euros");
    expect(pauses).toEqual([500, 1000]);
  });

  test("end after three attempts", async () => {
    const failures: unknown[] = [];
    api.script(always(overloaded));
    const model = claude({ onAttemptFailed: ({ attempt, nextInMs }) => failures.push([attempt, nextInMs]) });
    const error = await failureOf(model.invoke(question));
    expect(error).toMatchObject({ name: "ModelOverloadedError", code: "model/overloaded", retryable: true });
    expect(error.message).toMatch(/request req_/);
    expect(api.requests).toHaveLength(3);
    expect(failures).toEqual([
      [1, 500],
      [2, 1000],
      [3, undefined],
    ]);
  });

  test("wait as long as the provider asks, but not longer than ten seconds in all", async () => {
    api.script([rateLimited(4), rateLimited(5), { text: "5 euros" }]);
    expect(textOf(await claude().invoke(question))).toBe("5 euros");
    expect(pauses).toEqual([4000, 5000]);
    api.script(always(rateLimited(11)));
    const error = await failureOf(claude().invoke(question));
    expect(error).toMatchObject({ name: "ModelRateLimitedError", retryAfterMs: 11_000, retryable: true });
    expect(api.requests).toHaveLength(4);
  });

  test("repeat failures inside the service, dropped connections, and streams that died before their first word", async () => {
    api.script([serverError, connectionDropped, failsMidStream({ text: "never" }, 0), { text: "5 euros" }]);
    expect(textOf(await claude({ retry: { attempts: 4 } }).invoke(question))).toBe("5 euros");
    expect(pauses).toHaveLength(3);
  });

  const hopeless: readonly (readonly [string, Step, string])[] = [
    ["a spend limit", spendLimitReached, "model/spend-limit"],
    ["missing credit", billingError, "model/spend-limit"],
    ["a refusal", { text: "I", stopReason: "refusal", refusalCategory: "cyber" }, "model/refused"],
    ["an overflown context", { text: "I", stopReason: "model_context_window_exceeded" }, "model/context-exceeded"],
    ["an answer cut by max_tokens", { text: "I", stopReason: "max_tokens" }, "model/answer-incomplete"],
    ["a paused turn", { text: "I", stopReason: "pause_turn" }, "model/answer-incomplete"],
  ];
  test.each(hopeless)("do not repeat %s", async (_name, step, code) => {
    api.script([step, { text: "5 euros" }]);
    expect(await failureOf(claude().invoke(question))).toMatchObject({ code, retryable: false });
    expect(api.requests).toHaveLength(1);
    expect(pauses).toEqual([]);
  });

  test("end at once when the caller gives up during a pause", async () => {
    const caller = new AbortController();
    api.script(always(overloaded));
    const model = claude({ timing: systemTiming, retry: { pauseMs: 9000 }, onAttemptFailed: () => caller.abort() });
    await expect(model.invoke(question, { signal: caller.signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(api.requests).toHaveLength(1);
  });
});

describe("refused requests", () => {
  test("name what is wrong: the key, the model, the request, its length", async () => {
    api.script(always({ text: "Hi" }));
    const wrongKey = await failureOf(claude({ apiKey: () => "sk-ant-secret" }).invoke("Hi"));
    expect(wrongKey).toMatchObject({ name: "ModelAuthenticationError", retryable: false });
    expect(await failureOf(claude({ model: "claude-9" }).invoke("Hi"))).toMatchObject({ name: "ModelRequestError" });
    const tool = { name: "a b", description: "x", input_schema: { type: "object" as const } };
    const badTool = await failureOf(claude().bindTools([tool]).invoke("Hi"));
    expect(badTool).toMatchObject({ name: "ModelRequestError" });
    expect(badTool.message).toContain("tools.0.custom.name");
    const long = await failureOf(claude().invoke("word ".repeat(1_000_000)));
    expect(long).toMatchObject({ name: "ModelContextExceededError", code: "model/context-exceeded" });
    expect(pauses).toEqual([]);
  });

  test("never show the key, not even in their causes", async () => {
    const key = "sk-ant-secret-4711";
    const error = await failureOf(claude({ apiKey: () => key }).invoke("Hi"));
    const model = claude({ apiKey: () => key });
    const { inspect } = await import("node:util");
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("4711");
    expect(inspect(model, { depth: 20, showHidden: true })).not.toContain("4711");
    expect(JSON.stringify(model)).not.toContain("4711");
  });

  test("an unreachable provider is unavailable, and says so", async () => {
    const { url } = api;
    await api.close();
    const error = await failureOf(claude({ baseUrl: url }).invoke("Hi"));
    expect(error).toMatchObject({ name: "ModelUnavailableError", retryable: true });
    expect(error.message).toContain("ECONNREFUSED");
    api = await startMessagesApi();
  });
});

describe("broken streams", () => {
  const answer = { text: "You have five euros and twenty cents in your account." };

  test.each([
    ["a cut socket", cut(answer, 2), "model/stream-broken"],
    ["an early end", endsEarly(answer, 2), "model/stream-broken"],
    ["an error event", failsMidStream(answer, 2), "model/overloaded"],
  ])("after part of the text, %s is an error and no second attempt", async (_name, step, code) => {
    api.script([step, answer]);
    const { text, thrown } = await read(await claude().stream(question));
    expect(text).toBe("You have five euros and ".slice(0, text.length));
    expect(text).not.toBe("");
    expect(thrown).toMatchObject({ code, retryable: true });
    expect(api.requests).toHaveLength(1);
  });

  test("never give a tool call, whether the socket or the token limit cut it", async () => {
    const toolUse = [{ name: "transfer", input: {}, rawInput: '{"cents": 1000' }];
    const model = claude().bindTools([{ name: "transfer", description: "x", input_schema: { type: "object" } }]);
    api.script([cut({ toolUse }, 3), { toolUse, stopReason: "max_tokens" }, { toolUse, stopReason: "tool_use" }]);
    const codes = ["model/stream-broken", "model/answer-incomplete", "model/stream-broken"];
    for (const code of codes) expect((await failureOf(model.invoke(question))).code).toBe(code);
  });

  test("a silent stream is ended after the idle time, and its socket closed", async () => {
    api.script([stalls(answer, 2)]);
    const { text, thrown } = await read(await claude({ idleTimeoutMs: 60 }).stream(question));
    expect(text).not.toBe("");
    expect(thrown).toMatchObject({ name: "ModelTimeoutError", code: "model/timeout" });
    await expect(api.requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("silence before the first byte counts too", async () => {
    api.script([slow(5000, answer)]);
    const model = claude({ idleTimeoutMs: 60, retry: { attempts: 1 } });
    expect(await failureOf(model.invoke(question))).toMatchObject({ code: "model/timeout" });
    await expect(api.requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("a reader that takes its time is not mistaken for a silent model", async () => {
    api.script([answer]);
    let text = "";
    for await (const chunk of await claude({ idleTimeoutMs: 100 }).stream(question)) {
      text += textOf(chunk);
      if (text.length < 20) await new Promise((resolve) => setTimeout(resolve, 130));
    }
    expect(text).toBe(answer.text);
  });

  test("pings keep a connection alive, but not beyond the deadline", async () => {
    api.script([onlyPings(answer, 2, 20)]);
    const model = claude({ idleTimeoutMs: 100, deadlineMs: 250 });
    const { thrown } = await read(await model.stream(question));
    expect(thrown).toMatchObject({ code: "model/timeout", message: expect.stringContaining("250 ms") });
    await expect(api.requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("the caller's abort and an early leave close the socket", async () => {
    const caller = new AbortController();
    api.script(always(stalls(answer, 2)));
    const aborted = read(await claude().stream(question, { signal: caller.signal }));
    setTimeout(() => caller.abort(), 50);
    expect((await aborted).thrown).toMatchObject({ name: "AbortError" });
    for await (const chunk of await claude().stream(question)) if (textOf(chunk) !== "") break;
    await expect(Promise.all(api.requests.map(({ outcome }) => outcome))).resolves.toEqual([
      "broken-off",
      "broken-off",
    ]);
  });

  test("streamed events end in the same errors", async () => {
    api.script([cut(answer, 2)]);
    const events = claude().streamEvents(question, { version: "v2" });
    const drain = async () => {
      for await (const event of events) expect(event.event).not.toBe("on_chat_model_end");
    };
    await expect(drain()).rejects.toMatchObject({ code: "model/stream-broken" });
  });
});
