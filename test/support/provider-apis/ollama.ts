/** Ollama's `/api/chat`: a JSON object in each line. */
import { z } from "zod";
import type { Protocol } from "./protocol.ts";
import { type Answer, DEFAULT_USAGE, piecesOf, RefusedRequest } from "./step.ts";

const Message = z.strictObject({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  images: z.array(z.string()).optional(),
  thinking: z.string().optional(),
  tool_name: z.string().optional(),
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        type: z.literal("function").optional(),
        function: z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }),
      }),
    )
    .optional(),
});
const Request = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  stream: z.literal(true),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        function: z.strictObject({
          name: z.string(),
          description: z.string().optional(),
          parameters: z.looseObject({ type: z.literal("object") }),
        }),
      }),
    )
    .optional(),
});

const pieces: Protocol["pieces"] = ({ text = "", calls = [], isCut = false, usage = DEFAULT_USAGE }: Answer, body) => {
  const { model } = Request.parse(body);
  const line = (message: object, more: object = {}): string =>
    `${JSON.stringify({ model, created_at: "2026-12-01T10:00:00Z", message: { role: "assistant", content: "", ...message }, done: false, ...more })}\n`;
  return [
    ...piecesOf(text).map((piece) => line({ content: piece })),
    ...calls.map(({ name, input }) => line({ tool_calls: [{ function: { name, arguments: input } }] })),
    line(
      {},
      {
        done: true,
        done_reason: isCut ? "length" : "stop",
        total_duration: 1,
        load_duration: 1,
        prompt_eval_count: usage.input,
        prompt_eval_duration: 1,
        eval_count: usage.output,
        eval_duration: 1,
      },
    ),
  ];
};

export const ollama: Protocol = {
  contentType: "application/x-ndjson",
  check: (body) => {
    const read = Request.safeParse(body);
    if (!read.success) throw new RefusedRequest(z.prettifyError(read.error));
  },
  pieces,
  failure: ({ message }) => ({ error: message }),
};
