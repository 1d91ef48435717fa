import { Anthropic, APIError } from "@anthropic-ai/sdk";
import { ChatAnthropic } from "@langchain/anthropic";
import { AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  always,
  billingError,
  connectionDropped,
  cut,
  endsEarly,
  failsMidStream,
  overloaded,
  rateLimited,
  serverError,
  slow,
  spendLimitReached,
  stalls,
  times,
} from "./faults.ts";
import { startMessagesApi, type MessagesApi } from "./server.ts";

let api: MessagesApi;
let client: Anthropic;

beforeEach(async () => {
  api = await startMessagesApi();
  client = new Anthropic({ apiKey: "test-key", baseURL: api.url, maxRetries: 0, logLevel: "off" });
});
afterEach(() => api.close());

const hello = {
  model: "claude-sonnet-5-5",
  max_tokens: 1000,
  messages: [{ role: "user", content: "Hello" }],
} as const satisfies Anthropic.MessageCreateParamsNonStreaming;

async function errorOf(call: Promise<unknown>): Promise<APIError> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof APIError) return thrown;
  throw new Error(`Expected an APIError, got ${String(thrown)}`);
}

describe("answers", () => {
  test("gives a whole message with text, stop reason and usage", async () => {
    api.script([{ text: "Hi there", usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 5 } }]);
    const message = await client.messages.create(hello);
    expect(message.content).toMatchObject([{ type: "text", text: "Hi there" }]);
    expect(message.stop_reason).toBe("end_turn");
    expect(message.usage).toMatchObject({ input_tokens: 12, output_tokens: 3, cache_read_input_tokens: 5 });
  });

  test("streams thinking, text and tool input as the SDK reads them", async () => {
    api.script([
      {
        thinking: "The user greets me and wants a balance.",
        text: "Grüße 👋🏽, I look that up for you.",
        toolUse: [{ name: "balance", input: { account: "main", currency: "EUR" } }],
      },
    ]);
    const tools = [{ name: "balance", input_schema: { type: "object" as const } }];
    const stream = client.messages.stream({
      ...hello,
      tools,
      thinking: { type: "adaptive", display: "summarized" },
    });
    const types = new Set<string>();
    for await (const event of stream) types.add(event.type === "content_block_delta" ? event.delta.type : event.type);
    const message = await stream.finalMessage();
    expect(message.content).toMatchObject([
      { type: "thinking", thinking: "The user greets me and wants a balance." },
      { type: "text", text: "Grüße 👋🏽, I look that up for you." },
      { type: "tool_use", name: "balance", input: { account: "main", currency: "EUR" } },
    ]);
    expect(message.stop_reason).toBe("tool_use");
    expect([...types]).toEqual(
      expect.arrayContaining(["message_start", "thinking_delta", "signature_delta", "text_delta", "input_json_delta"]),
    );
  });

  test("leaves thinking text out by default on the 5.5 models, but signs it", async () => {
    api.script([{ thinking: "secret", text: "Hi" }]);
    const message = await client.messages.create(hello);
    expect(message.content[0]).toMatchObject({
      type: "thinking",
      thinking: "",
      signature: expect.stringMatching(/^Eq/),
    });
  });

  test("takes a tool round trip of ChatAnthropic, thinking included", async () => {
    const model = new ChatAnthropic({
      model: "claude-opus-5-5",
      apiKey: "test-key",
      anthropicApiUrl: api.url,
      maxTokens: 1000,
      maxRetries: 0,
      thinking: { type: "adaptive" },
      streaming: true,
    }).bindTools([{ name: "balance", description: "Shows a balance", input_schema: { type: "object" } }]);
    api.script([{ thinking: "hm", toolUse: [{ name: "balance", input: {} }] }, { text: "You have 5 euros." }]);
    const question = new HumanMessage("How much?");
    const call = await model.invoke([question]);
    expect(call.tool_calls).toMatchObject([{ name: "balance", args: {} }]);
    const result = new ToolMessage({ content: "5 EUR", tool_call_id: call.tool_calls?.[0]?.id ?? "" });
    const answer = await model.invoke([question, call, result]);
    expect(answer).toBeInstanceOf(AIMessageChunk);
    expect(answer.text).toBe("You have 5 euros.");
  });

  test("carries the scripted stop reasons", async () => {
    const reasons = ["max_tokens", "pause_turn", "model_context_window_exceeded", "refusal"] as const;
    for (const stopReason of reasons) {
      api.script([{ text: "…", stopReason }]);
      const message = await client.messages.create(hello);
      expect(message.stop_reason).toBe(stopReason);
    }
    api.script([{ stopReason: "refusal", refusalCategory: "cyber" }]);
    const refused = await client.messages.stream(hello).finalMessage();
    expect(refused.stop_details).toMatchObject({ type: "refusal", category: "cyber" });
  });

  test("lets a function answer by looking at the request", async () => {
    api.script((request, index) => ({ text: `${index}: ${request.messages.length}` }));
    await client.messages.create(hello);
    const second = await client.messages.create(hello);
    expect(second.content).toMatchObject([{ text: "1: 1" }]);
  });

  test("counts tokens and lists models by pages", async () => {
    const { input_tokens: short } = await client.messages.countTokens({
      model: hello.model,
      messages: [...hello.messages],
    });
    const { input_tokens: long } = await client.messages.countTokens({
      model: hello.model,
      messages: [{ role: "user", content: "Hello ".repeat(100) }],
    });
    expect(long).toBeGreaterThan(short);
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
    expect(ids).toHaveLength(5);
    expect(ids).toContain("claude-haiku-5-5");
    expect((await errorOf(client.models.retrieve("claude-1"))).status).toBe(404);
  });

  test("records requests without their key", async () => {
    api.script([{ text: "Hi" }]);
    await client.messages.create(hello);
    expect(api.requests[0]).toMatchObject({ method: "POST", path: "/v1/messages", body: hello });
    expect(JSON.stringify(api.requests)).not.toContain("test-key");
    await expect(api.requests[0]?.outcome).resolves.toBe("answered");
  });
});

describe("faults", () => {
  test("529 as often as scripted, which the SDK survives by retrying", async () => {
    const patient = new Anthropic({ apiKey: "test-key", baseURL: api.url, maxRetries: 1, logLevel: "off" });
    api.script([overloaded, { text: "Now" }]);
    expect((await patient.messages.create(hello)).content).toMatchObject([{ text: "Now" }]);
    api.script(times(2, overloaded));
    expect((await errorOf(client.messages.create(hello))).status).toBe(529);
    expect((await errorOf(client.messages.create(hello))).status).toBe(529);
    expect((await errorOf(client.messages.create(hello))).message).toContain("no step left");
    api.script(always(overloaded));
    expect((await errorOf(client.messages.create(hello))).type).toBe("overloaded_error");
  });

  test("429 with and without retry-after, and by a spend limit", async () => {
    api.script([rateLimited(7), rateLimited(), spendLimitReached, billingError]);
    expect((await errorOf(client.messages.create(hello))).headers?.get("retry-after")).toBe("7");
    expect((await errorOf(client.messages.create(hello))).headers?.get("retry-after")).toBeNull();
    const spend = await errorOf(client.messages.create(hello));
    expect(spend).toMatchObject({ status: 429, errorCode: "enforced_spend_limit_reached" });
    expect(spend.headers?.get("retry-after")).toBeNull();
    expect((await errorOf(client.messages.create(hello))).type).toBe("billing_error");
  });

  test("500 and a dropped connection", async () => {
    api.script([serverError, connectionDropped]);
    const failed = await errorOf(client.messages.create(hello));
    expect(failed).toMatchObject({ status: 500, type: "api_error" });
    expect(failed.requestID).toMatch(/^req_/);
    expect((await errorOf(client.messages.create(hello))).name).toBe("APIConnectionError");
  });

  test("a slow first byte runs into the client's time limit", async () => {
    api.script([slow(5000, { text: "late" })]);
    const thrown = await errorOf(client.messages.create(hello, { timeout: 50 }));
    expect(thrown.name).toBe("APIConnectionTimeoutError");
    await expect(api.requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("a stalled stream stays open until the client leaves", async () => {
    api.script([stalls({ text: "one two three four five six" }, 1)]);
    const stream = await client.messages.create({ ...hello, stream: true });
    let text = "";
    for await (const event of stream) {
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
        text += event.delta.text;
        stream.controller.abort();
      }
    }
    expect(text).toBe("one two thre");
    await expect(api.requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("a cut stream, an early end and an error event", async () => {
    const turn = { text: "one two three four five six" };
    api.script([cut(turn, 1), endsEarly(turn, 1), failsMidStream(turn, 1)]);
    await expect(client.messages.stream(hello).finalMessage()).rejects.toBeInstanceOf(Error);
    await expect(client.messages.stream(hello).finalMessage()).rejects.toBeInstanceOf(Error);
    const failed = await errorOf(client.messages.stream(hello).finalMessage());
    expect(failed).toMatchObject({ type: "overloaded_error" });
    expect(failed.status).toBeUndefined();
  });
});
