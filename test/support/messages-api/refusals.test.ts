import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startMessagesApi, type MessagesApi } from "./server.ts";

/** These requests are so wrong that the SDK's types forbid most of them, so they are sent by hand. */
let api: MessagesApi;

beforeAll(async () => {
  api = await startMessagesApi({ contextWindow: 2000 });
  api.script(() => ({ text: "accepted" }));
});
afterAll(() => api.close());

const Refusal = z.object({
  type: z.literal("error"),
  error: z.object({ type: z.string(), message: z.string() }),
  request_id: z.string().startsWith("req_"),
});

async function send(fields: Record<string, unknown>, headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}/v1/messages`, {
    method: "POST",
    headers: {
      "x-api-key": "test-key",
      "anthropic-version": "2023-06-01",
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify({
      model: "claude-sonnet-5-5",
      max_tokens: 100,
      messages: [{ role: "user", content: "Hello" }],
      ...fields,
    }),
  });
  const body: unknown = await response.json();
  if (response.ok) return { status: response.status, type: "ok", message: "accepted" };
  const { error } = Refusal.parse(body);
  return { status: response.status, ...error };
}

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const call = (id: string) => ({ type: "tool_use", id, name: "balance", input: {} });
const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "5" });
const tool = { name: "balance", input_schema: { type: "object", properties: {} } };
const strictSchema = { type: "object", properties: { a: { type: "string" } }, additionalProperties: false };

const accepted: readonly (readonly [string, Record<string, unknown>])[] = [
  ["a plain question", {}],
  ["the default temperature", { temperature: 1 }],
  ["temperature on an older model", { model: "claude-haiku-4-5", temperature: 0.2 }],
  ["prefill on an older model", { model: "claude-haiku-4-5", messages: [user("Hi"), assistant("The")] }],
  ["disabled thinking on Haiku 5.5", { model: "claude-haiku-5-5", thinking: { type: "disabled" } }],
  ["between_tools on Sonnet 5.5", { thinking: { type: "between_tools" } }],
  ["two user messages in a row", { messages: [user("Hi"), user("there")] }],
  [
    "a tool round trip",
    { messages: [user("Hi"), assistant([call("a")]), user([result("a"), { type: "text", text: "?" }])] },
  ],
  ["an output schema", { output_config: { effort: "low", format: { type: "json_schema", schema: strictSchema } } }],
  [
    "a forced tool where nothing thinks",
    { model: "claude-haiku-5-5", thinking: { type: "disabled" }, tools: [tool], tool_choice: { type: "any" } },
  ],
];

const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["temperature", { temperature: 0.2 }, "`temperature` is deprecated for this model."],
  ["temperature on Haiku 5.5", { model: "claude-haiku-5-5", temperature: 0 }, "`temperature` is deprecated"],
  ["top_p", { top_p: 0.5 }, "`top_p` is deprecated"],
  ["top_k", { top_k: 5 }, "`top_k` is deprecated"],
  [
    "thinking budgets",
    { thinking: { type: "enabled", budget_tokens: 1024 } },
    '"thinking.type.enabled" is not supported',
  ],
  [
    "disabled thinking on Opus 5.5",
    { model: "claude-opus-5-5", thinking: { type: "disabled" } },
    '"thinking.type.disabled" is not supported',
  ],
  ["disabled thinking on Sonnet 5.5", { thinking: { type: "disabled" } }, "between_tools"],
  [
    "disabled thinking at max effort",
    { model: "claude-haiku-5-5", thinking: { type: "disabled" }, output_config: { effort: "max" } },
    "output_config.effort",
  ],
  [
    "a forced tool",
    { model: "claude-opus-5-5", tools: [tool], tool_choice: { type: "tool", name: "balance" } },
    'type "tool" and "any" are not supported',
  ],
  ["any forced tool", { tools: [tool], tool_choice: { type: "any" } }, 'type "tool" and "any" are not supported'],
  [
    "a forced tool while thinking",
    { model: "claude-haiku-5-5", tools: [tool], tool_choice: { type: "any" } },
    "Thinking may not be enabled",
  ],
  ["a tool choice without tools", { tool_choice: { type: "auto" } }, "only be specified while providing tools"],
  ["effort on an older model", { model: "claude-haiku-4-5", output_config: { effort: "low" } }, "effort parameter"],
  ["missing max_tokens", { max_tokens: undefined }, "max_tokens: Field required"],
  ["too many max_tokens", { max_tokens: 128_001 }, "max_tokens: 128001 > 128000, which is the maximum"],
  ["zero max_tokens", { max_tokens: 0 }, "greater than or equal to 1"],
  ["no messages", { messages: [] }, "at least one message is required"],
  ["an assistant first", { messages: [assistant("Hi"), user("Hi")] }, 'first message must use the "user" role'],
  ["an unknown role", { messages: [{ role: "tool", content: "x" }] }, "messages.0.role"],
  ["prefill", { messages: [user("Hi"), assistant("The")] }, "does not support assistant message prefill"],
  ["empty user content", { messages: [user("")] }, "user messages must have non-empty content"],
  [
    "empty assistant content",
    { messages: [user("Hi"), assistant([]), user("Hi")] },
    "except for the optional final assistant",
  ],
  ["an empty text block", { messages: [user([{ type: "text", text: "" }])] }, "text content blocks must be non-empty"],
  ["a blank text block", { messages: [user([{ type: "text", text: " \n" }])] }, "must contain non-whitespace text"],
  [
    "a call without result",
    { messages: [user("Hi"), assistant([call("a")]), user("And?")] },
    "`tool_use` ids were found without `tool_result` blocks immediately after: a",
  ],
  [
    "a call without the second result",
    { messages: [user("Hi"), assistant([call("a"), call("b")]), user([result("a")])] },
    "immediately after: b",
  ],
  [
    "text before the result",
    { messages: [user("Hi"), assistant([call("a")]), user([{ type: "text", text: "?" }, result("a")])] },
    "immediately after: a",
  ],
  [
    "a result without call",
    { messages: [user([result("a")])] },
    "unexpected `tool_use_id` found in `tool_result` blocks: a",
  ],
  [
    "two results of one call",
    { messages: [user("Hi"), assistant([call("a")]), user([result("a"), result("a")])] },
    "must have a single result",
  ],
  [
    "a call id used twice",
    { messages: [user("Hi"), assistant([call("a"), call("a")]), user([result("a")])] },
    "ids must be unique",
  ],
  [
    "changed thinking",
    { messages: [user("Hi"), assistant([{ type: "thinking", thinking: "x", signature: "Eqfoo" }]), user("Hi")] },
    "Invalid `signature` in `thinking` block",
  ],
  [
    "tool input that is a string",
    { messages: [user("Hi"), assistant([{ ...call("a"), input: "{}" }]), user([result("a")])] },
    "messages.1.content.0.input",
  ],
  [
    "a block with a foreign field",
    { messages: [user([{ type: "text", text: "x", index: 0 }])] },
    "messages.0.content.0.index: Extra inputs are not permitted",
  ],
  ["an unknown parameter", { maxTokens: 5 }, "maxTokens: Extra inputs are not permitted"],
  ["doubled tool names", { tools: [tool, tool] }, "Tool names must be unique"],
  [
    "a tool name with a dot",
    { tools: [{ ...tool, name: "bank.balance" }] },
    "tools.0.custom.name: String should match pattern",
  ],
  ["a tool schema without type", { tools: [{ ...tool, input_schema: {} }] }, "input_schema.type: Field required"],
  [
    "a tool schema of a union",
    { tools: [{ ...tool, input_schema: { type: "object", anyOf: [] } }] },
    "does not support oneOf, allOf, or anyOf",
  ],
  [
    "a tool schema with an unknown type",
    { tools: [{ ...tool, input_schema: { type: "object", properties: { a: { type: "float" } } } }] },
    "JSON schema is invalid",
  ],
  [
    "a strict tool that is open",
    { tools: [{ ...tool, strict: true }] },
    "'additionalProperties' must be explicitly set to false",
  ],
  [
    "an open output schema",
    { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
    "'additionalProperties' must be explicitly set to false",
  ],
  [
    "an output schema with a length",
    { output_config: { format: { type: "json_schema", schema: { type: "string", minLength: 2 } } } },
    "property 'minLength' is not supported",
  ],
  ["an unknown effort", { output_config: { effort: "extreme" } }, "output_config.effort"],
  ["a prompt that is too long", { messages: [user("word ".repeat(2000))] }, "prompt is too long"],
];

describe("the server accepts", () => {
  test.each(accepted)("%s", async (_name, fields) => {
    expect(await send(fields)).toMatchObject({ status: 200 });
  });
});

describe("the server refuses", () => {
  test.each(refused)("%s", async (_name, fields, message) => {
    const answer = await send(fields);
    expect(answer).toMatchObject({ status: 400, type: "invalid_request_error" });
    expect(answer.message).toContain(message);
  });

  test("an unknown model with 404", async () => {
    expect(await send({ model: "claude-9" })).toEqual({
      status: 404,
      type: "not_found_error",
      message: "model: claude-9",
    });
  });

  test("a wrong key with 401 and a missing version with 400", async () => {
    expect(await send({}, { "x-api-key": "wrong" })).toMatchObject({ status: 401, message: "invalid x-api-key" });
    expect(await send({}, { "anthropic-version": "2020-01-01" })).toMatchObject({ status: 400 });
    const response = await fetch(`${api.url}/v1/messages`, { method: "POST", body: "{}" });
    expect(Refusal.parse(await response.json()).error.message).toBe("x-api-key header is required");
  });

  test.each([
    ["even the default temperature", { temperature: 1 }, "temperature: Extra inputs are not permitted"],
    [
      "citations of the user",
      { messages: [user([{ type: "text", text: "x", citations: [{ type: "char_location" }] }])] },
      "citations are not permitted",
    ],
  ])("%s under the API version of October 2026", async (_name, fields, message) => {
    expect(await send(fields)).toMatchObject({ status: 200 });
    const answer = await send(fields, { "anthropic-version": "2026-10-21" });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.message).toContain(message);
  });

  test("a body that is no JSON", async () => {
    const response = await fetch(`${api.url}/v1/messages`, {
      method: "POST",
      body: "{",
      headers: { "x-api-key": "test-key" },
    });
    expect(response.status).toBe(400);
    expect(Refusal.parse(await response.json()).error.message).toContain("not valid JSON");
  });
});
