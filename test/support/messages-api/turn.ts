import { randomBytes } from "node:crypto";
import type { ApiFailure } from "./api-error.ts";
import type { CachedTokens } from "./prompt-cache.ts";
import type { ModelRules } from "./model-rules.ts";
import type { MessagesRequest } from "./request-schema.ts";
import { signatureOf } from "./signature.ts";
import { countInputTokens, countTokens } from "./tokens.ts";

type StopReason =
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "pause_turn"
  | "refusal"
  | "model_context_window_exceeded";

interface ToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly id?: string;
  /** The JSON as it is streamed, where it should differ from `input`: cut off, for example. */
  readonly rawInput?: string;
}

interface TurnUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** Part of `cacheWriteTokens` that was written for one hour. */
  readonly cacheWriteOneHourTokens?: number;
}

/** What goes wrong while an answer is under way, after this many content deltas. */
export type Interruption =
  | { readonly by: "stall" | "cut" | "end"; readonly afterDeltas: number }
  | { readonly by: "pings"; readonly afterDeltas: number; readonly everyMs: number }
  | { readonly by: "error"; readonly afterDeltas: number; readonly failure: ApiFailure };

/** One scripted answer of the model. */
export interface Turn {
  readonly thinking?: string;
  readonly text?: string;
  readonly toolUse?: readonly ToolUse[];
  /** @default "tool_use" with tools, otherwise "end_turn" */
  readonly stopReason?: StopReason;
  readonly refusalCategory?: "cyber" | "bio" | "general_harms";
  readonly usage?: TurnUsage;
  /** Wait before the first byte of the answer. */
  readonly delayMs?: number;
  readonly interruption?: Interruption;
}

export type AnswerBlock =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "tool_use";
      readonly id: string;
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly rawInput: string;
    };

/** A turn as the API would answer it. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly AnswerBlock[];
  readonly stopReason: StopReason;
  readonly stopDetails: Readonly<Record<string, unknown>> | null;
  readonly usage: AnswerUsage;
}

type AnswerUsage = ReturnType<typeof usageOf>;

/** Gives a scripted turn its ids, signatures and usage. */
export function answerOf(
  turn: Turn,
  request: MessagesRequest,
  { rules, cached }: { readonly rules: ModelRules; readonly cached: CachedTokens },
): Answer {
  const blocks = blocksOf(turn, request, rules);
  return {
    id: `msg_${randomBytes(12).toString("hex")}`,
    model: rules.id,
    blocks,
    stopReason: turn.stopReason ?? (turn.toolUse === undefined ? "end_turn" : "tool_use"),
    stopDetails:
      turn.stopReason === "refusal"
        ? { type: "refusal", category: turn.refusalCategory ?? null, explanation: null }
        : null,
    usage: usageOf(turn, request, cached),
  };
}

function blocksOf(turn: Turn, request: MessagesRequest, rules: ModelRules): readonly AnswerBlock[] {
  const asked = request.thinking !== undefined && "display" in request.thinking ? request.thinking.display : undefined;
  const omitted = asked == null ? rules.thinkingOmitted : asked === "omitted";
  const thinking = omitted ? "" : (turn.thinking ?? "");
  return [
    ...(turn.thinking === undefined
      ? []
      : [{ type: "thinking", thinking, signature: signatureOf(rules.id, thinking) } as const]),
    ...(turn.text === undefined ? [] : [{ type: "text", text: turn.text } as const]),
    ...(turn.toolUse ?? []).map(
      (call) =>
        ({
          type: "tool_use",
          id: call.id ?? `toolu_${randomBytes(12).toString("hex")}`,
          name: call.name,
          input: call.input,
          rawInput: call.rawInput ?? JSON.stringify(call.input),
        }) as const,
    ),
  ];
}

function usageOf(turn: Turn, request: MessagesRequest, cached: CachedTokens) {
  const { usage = {}, text = "", thinking = "", toolUse = [] } = turn;
  const written = usage.cacheWriteTokens ?? cached.written;
  const read = usage.cacheReadTokens ?? cached.read;
  const oneHour = usage.cacheWriteOneHourTokens ?? 0;
  return {
    input_tokens: usage.inputTokens ?? Math.max(1, countInputTokens(request) - written - read),
    output_tokens: usage.outputTokens ?? countTokens(text + thinking + JSON.stringify(toolUse)),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written - oneHour, ephemeral_1h_input_tokens: oneHour },
    output_tokens_details: { thinking_tokens: countTokens(thinking) },
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
  };
}
