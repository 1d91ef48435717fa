import { z } from "zod";
import { refuse } from "./api-error.ts";

const CacheControl = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() });
const cached = { cache_control: CacheControl.nullish() };

const Source = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
  z.strictObject({ type: z.literal("url"), url: z.string() }),
  z.strictObject({ type: z.literal("text"), media_type: z.literal("text/plain"), data: z.string() }),
]);

const TextBlock = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  citations: z.array(z.looseObject({ type: z.string() })).nullish(),
  ...cached,
});
const ImageBlock = z.strictObject({ type: z.literal("image"), source: Source, ...cached });
const DocumentBlock = z.strictObject({
  type: z.literal("document"),
  source: Source,
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.strictObject({ enabled: z.boolean() }).nullish(),
  ...cached,
});

const ContentBlock = z.discriminatedUnion("type", [
  TextBlock,
  ImageBlock,
  DocumentBlock,
  z.strictObject({
    type: z.literal("tool_use"),
    id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,200}$/),
    input: z.record(z.string(), z.unknown()),
    ...cached,
  }),
  z.strictObject({
    type: z.literal("tool_result"),
    tool_use_id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
    content: z
      .union([z.string(), z.array(z.discriminatedUnion("type", [TextBlock, ImageBlock, DocumentBlock]))])
      .optional(),
    is_error: z.boolean().optional(),
    ...cached,
  }),
  z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.strictObject({ type: z.literal("redacted_thinking"), data: z.string() }),
]);
export type ContentBlock = z.infer<typeof ContentBlock>;

const Message = z.strictObject({
  role: z.enum(["user", "assistant"]),
  content: z.union([z.string(), z.array(ContentBlock)]),
});
export type RequestMessage = z.infer<typeof Message>;

const Tool = z.strictObject({
  type: z.literal("custom").optional(),
  name: z.string(),
  description: z.string().optional(),
  input_schema: z.record(z.string(), z.unknown()),
  strict: z.boolean().optional(),
  ...cached,
});
export type RequestTool = z.infer<typeof Tool>;

const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const Thinking = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("adaptive"), display: z.enum(["summarized", "omitted"]).nullish() }),
  z.strictObject({
    type: z.literal("enabled"),
    budget_tokens: z.number().int(),
    display: z.enum(["summarized", "omitted"]).nullish(),
  }),
  z.strictObject({ type: z.literal("disabled") }),
  z.strictObject({ type: z.literal("between_tools") }),
]);

const CountTokensRequest = z.strictObject({
  model: z.string(),
  messages: z.array(Message),
  system: z.union([z.string(), z.array(TextBlock)]).optional(),
  tools: z.array(Tool).optional(),
  tool_choice: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("auto"), ...parallel }),
      z.strictObject({ type: z.literal("any"), ...parallel }),
      z.strictObject({ type: z.literal("tool"), name: z.string(), ...parallel }),
      z.strictObject({ type: z.literal("none") }),
    ])
    .optional(),
  thinking: Thinking.optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
      format: z.strictObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .optional(),
  cache_control: CacheControl.nullish(),
});

const MessagesRequest = CountTokensRequest.extend({
  max_tokens: z.number().int(),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.number().int().min(0).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
});

export type CountTokensRequest = z.infer<typeof CountTokensRequest>;
/** A body of `POST /v1/messages` whose shape is known to be right. */
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/** Reads a body of `POST /v1/messages`; refuses unknown fields and wrong types the way the API words it. */
export function readMessagesRequest(body: unknown): MessagesRequest {
  const read = MessagesRequest.safeParse(body);
  return read.success ? read.data : refuse(wordIssues(read.error.issues));
}

/** Reads a body of `POST /v1/messages/count_tokens`. */
export function readCountTokensRequest(body: unknown): CountTokensRequest {
  const read = CountTokensRequest.safeParse(body);
  return read.success ? read.data : refuse(wordIssues(read.error.issues));
}

type Issue = z.core.$ZodIssue;

function wordIssues(issues: readonly Issue[]): string {
  return issues.flatMap((issue) => wordIssue(issue, [])).join("\n");
}

function wordIssue(issue: Issue, above: readonly PropertyKey[]): readonly string[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${[...path, key].join(".")}: Extra inputs are not permitted`);
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = deepest(issue.errors);
    return branch.flatMap((inner) => wordIssue(inner, path));
  }
  if (issue.code === "invalid_type" && issue.message.includes("received undefined")) {
    return [`${path.join(".")}: Field required`];
  }
  return [`${path.join(".")}: ${issue.message}`];
}

/** Of the branches of a union, the one that understood most of the input. */
function deepest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (branch: readonly Issue[]) => Math.max(...branch.map((issue) => issue.path.length));
  return branches.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
}
