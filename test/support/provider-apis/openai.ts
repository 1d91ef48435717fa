/** Chat Completions, as OpenAI and those who speak the same stream them; Groq tells its usage elsewhere. */
import { z } from "zod";
import type { Protocol } from "./protocol.ts";
import { type Answer, DEFAULT_USAGE, piecesOf, RefusedRequest } from "./step.ts";

const ToolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});
const Text = z.union([z.string(), z.array(z.looseObject({ type: z.enum(["text", "image_url"]) }))]);
const Message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "developer"]), content: Text, name: z.string().optional() }),
  z.strictObject({ role: z.literal("user"), content: Text, name: z.string().optional() }),
  z.strictObject({
    role: z.literal("assistant"),
    content: Text.nullable().optional(),
    name: z.string().optional(),
    tool_calls: z.array(ToolCall).min(1).optional(),
    function_call: z.undefined().optional(),
  }),
  z.strictObject({
    role: z.literal("tool"),
    content: Text,
    tool_call_id: z.string().min(1),
    name: z.string().optional(),
  }),
]);
const Tool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/u),
    description: z.string().optional(),
    parameters: z.looseObject({ type: z.literal("object") }),
    strict: z.boolean().optional(),
  }),
});
const Request = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  tools: z.array(Tool).min(1).max(128).optional(),
  stream: z.literal(true),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
});

function check(body: unknown): void {
  const read = Request.safeParse(body);
  if (!read.success) throw new RefusedRequest(`Invalid request: ${z.prettifyError(read.error)}`);
  let open: readonly string[] = [];
  for (const message of read.data.messages) {
    if (message.role === "tool") {
      if (!open.includes(message.tool_call_id))
        throw new RefusedRequest(
          "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
        );
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    if (open.length > 0)
      throw new RefusedRequest("An assistant message with 'tool_calls' must be followed by tool messages.");
    open = message.role === "assistant" ? (message.tool_calls ?? []).map(({ id }) => id) : [];
  }
}

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

function piecesFor(usageAt: "usage" | "x_groq"): Protocol["pieces"] {
  return (answer, body) => {
    const { model, stream_options: options } = Request.parse(body);
    const base = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_770_000_000, model };
    const chunk = (delta: object, reason: string | null = null, more: object = {}): string =>
      event({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }], ...more });
    const usage = usageOf(answer, usageAt);
    const isUsageWanted = usageAt === "usage" && options?.include_usage === true;
    return [
      ...deltasOf(answer).map((delta) => chunk(delta)),
      chunk({}, reasonOf(answer), usageAt === "x_groq" ? { x_groq: { id: "req_1", usage } } : {}),
      ...(isUsageWanted ? [event({ ...base, choices: [], usage })] : []),
      "data: [DONE]\n\n",
    ];
  };
}

function deltasOf({ text = "", calls = [] }: Answer): readonly object[] {
  return [
    { role: "assistant", content: "" },
    ...piecesOf(text).map((piece) => ({ content: piece })),
    ...calls.flatMap(({ name, input, rawInput = JSON.stringify(input) }, index) => [
      { tool_calls: [{ index, id: `call_${index}_${name}`, type: "function", function: { name, arguments: "" } }] },
      ...piecesOf(rawInput).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
  ];
}

function reasonOf({ calls = [], isCut = false }: Answer): string {
  if (isCut) return "length";
  return calls.length > 0 ? "tool_calls" : "stop";
}

function usageOf({ usage = DEFAULT_USAGE }: Answer, at: "usage" | "x_groq"): object {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    ...(at === "usage" && { prompt_tokens_details: { cached_tokens: usage.cached ?? 0 } }),
  };
}

const common = {
  contentType: "text/event-stream",
  check,
  failure: ({ status, message, code }) => ({
    error: {
      message,
      type: status === 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error",
      param: null,
      code: code ?? null,
    },
  }),
} satisfies Partial<Protocol>;

export const openai: Protocol = { ...common, pieces: piecesFor("usage") };
export const groq: Protocol = { ...common, pieces: piecesFor("x_groq") };
