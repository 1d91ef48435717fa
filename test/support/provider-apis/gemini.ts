/** Gemini's `streamGenerateContent`. */
import { z } from "zod";
import type { Protocol } from "./protocol.ts";
import { type Answer, DEFAULT_USAGE, piecesOf, RefusedRequest } from "./step.ts";

const Part = z.union([
  z.strictObject({ text: z.string(), thoughtSignature: z.string().optional() }),
  z.strictObject({
    functionCall: z.strictObject({
      name: z.string(),
      args: z.record(z.string(), z.unknown()),
      id: z.string().optional(),
    }),
    thoughtSignature: z.string().optional(),
  }),
  z.strictObject({
    functionResponse: z.strictObject({
      name: z.string().min(1),
      response: z.record(z.string(), z.unknown()),
      id: z.string().optional(),
    }),
  }),
]);
const Content = z.strictObject({ role: z.enum(["user", "model", "function"]), parts: z.array(Part).min(1) });
/** What its schemas know; anything else is refused by name. */
const Schema: z.ZodType = z.lazy(() =>
  z.strictObject({
    type: z.string(),
    description: z.string().optional(),
    title: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(z.string()).optional(),
    nullable: z.boolean().optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    pattern: z.string().optional(),
    default: z.unknown().optional(),
  }),
);
const Request = z.strictObject({
  contents: z.array(Content).min(1),
  systemInstruction: z.looseObject({ parts: z.array(z.looseObject({})).min(1) }).optional(),
  tools: z
    .array(
      z.strictObject({
        functionDeclarations: z.array(
          z.strictObject({
            name: z.string().regex(/^[a-zA-Z_][\w.:-]{0,63}$/u),
            description: z.string().optional(),
            parameters: Schema.optional(),
            parametersJsonSchema: z.looseObject({ type: z.literal("object") }).optional(),
          }),
        ),
      }),
    )
    .optional(),
  toolConfig: z.looseObject({}).optional(),
  generationConfig: z.looseObject({}).optional(),
  safetySettings: z.array(z.looseObject({})).optional(),
});

function check(body: unknown): void {
  const read = Request.safeParse(body);
  if (!read.success) throw new RefusedRequest(`Invalid JSON payload received. ${z.prettifyError(read.error)}`);
  const { contents } = read.data;
  if (contents[0]?.role !== "user") throw new RefusedRequest("Please ensure that the first content is a user turn.");
  for (const [index, { parts }] of contents.entries()) {
    const calls = parts.filter((part) => "functionCall" in part).length;
    const answers = (contents[index + 1]?.parts ?? []).filter((part) => "functionResponse" in part).length;
    if (calls !== answers)
      throw new RefusedRequest(
        "Please ensure that the number of function response parts is equal to the number of function call parts.",
      );
  }
}

const pieces: Protocol["pieces"] = ({ text = "", calls = [], isCut = false, usage = DEFAULT_USAGE }: Answer) => {
  const said = [
    ...piecesOf(text).map((piece) => ({ text: piece })),
    ...calls.map(({ name, input }) => ({ functionCall: { name, args: input } })),
  ];
  return said.map((part, index) => {
    const isLast = index === said.length - 1;
    const chunk = {
      candidates: [
        {
          content: { role: "model", parts: [part] },
          index: 0,
          ...(isLast && { finishReason: isCut ? "MAX_TOKENS" : "STOP" }),
        },
      ],
      // Counted up with each piece.
      usageMetadata: {
        promptTokenCount: usage.input,
        candidatesTokenCount: Math.round((usage.output * (index + 1)) / said.length),
        totalTokenCount: usage.input + Math.round((usage.output * (index + 1)) / said.length),
        ...(usage.cached !== undefined && { cachedContentTokenCount: usage.cached }),
      },
      modelVersion: "gemini",
    };
    return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
  });
};

const nameOfStatus: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

export const gemini: Protocol = {
  contentType: "text/event-stream",
  check,
  pieces,
  failure: ({ status, message, headers = {} }) => {
    const seconds = headers["retry-after"];
    const wait = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${seconds}s` };
    const details = seconds === undefined ? [] : [wait];
    return { error: { code: status, message, status: nameOfStatus[status] ?? "UNKNOWN", details } };
  },
};
