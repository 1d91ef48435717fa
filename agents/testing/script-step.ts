/** One answer of a scripted model, and how it is told piece by piece. */
import { AIMessageChunk } from "@langchain/core/messages";
import { realSleep } from "../../core/timing/sleep.ts";
import * as errors from "../models/model-errors.ts";
import type { ModelRequest } from "./model-request.ts";

/** What can go wrong with a provider, by name. */
const failures = {
  overloaded: errors.ModelOverloadedError,
  unavailable: errors.ModelUnavailableError,
  "rate-limited": errors.ModelRateLimitedError,
  "spend-limit": errors.ModelSpendLimitError,
  timeout: errors.ModelTimeoutError,
  "stream-broken": errors.ModelStreamBrokenError,
  refused: errors.ModelRefusedError,
  authentication: errors.ModelAuthenticationError,
  request: errors.ModelRequestError,
  "context-exceeded": errors.ModelContextExceededError,
  "answer-incomplete": errors.ModelAnswerIncompleteError,
  "answer-invalid": errors.ModelAnswerInvalidError,
} as const;

/** The part of an error's code after `model/`. */
export type ScriptedError = keyof typeof failures;

/** The answer stands still: for so many milliseconds, or until this resolves. */
export interface Pause {
  readonly pause: number | Promise<unknown>;
}

export interface ScriptedCall {
  readonly tool: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** @default "call-1", "call-2", … */
  readonly id?: string;
}

/** Tokens; the two of the cache are part of `input`. */
export interface ScriptedUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** What the model does at one request. */
export interface ScriptStep {
  /** Which request this answers: words of its newest message, or what a function says of it. Any other one fails the test. */
  readonly when?: string | RegExp | ((request: ModelRequest) => boolean);
  /** Whole, or the pieces in which it is streamed, with pauses between them. */
  readonly text?: string | readonly (string | Pause)[];
  /** Tools that it calls, all at once. */
  readonly calls?: readonly ScriptedCall[];
  /** What `withStructuredOutput` gives. */
  readonly structured?: Readonly<Record<string, unknown>>;
  /** How it fails, after the text that is given. */
  readonly error?: ScriptedError | Error;
  /** Why it ends, such as `max_tokens`. @default "end_turn", or "tool_use" after calls */
  readonly stop?: string;
  /** @default no tokens */
  readonly usage?: ScriptedUsage;
}

/** Plays a step. */
export async function* playStep(
  step: ScriptStep,
  { request, signal, newCallId }: { request: ModelRequest; signal: AbortSignal | undefined; newCallId: () => string },
): AsyncGenerator<AIMessageChunk> {
  for (const piece of [step.text ?? []].flat()) {
    if (typeof piece === "string") yield new AIMessageChunk({ content: piece });
    else await pauseOf(piece, signal);
  }
  if (step.error !== undefined) throw errorOf(step.error);
  const calls = callsOf(step, request);
  const last = new AIMessageChunk({
    content: calls.length === 0 && step.structured !== undefined ? JSON.stringify(step.structured) : "",
    tool_call_chunks: calls.map(({ tool, input = {}, id = newCallId() }, index) => ({
      type: "tool_call_chunk",
      name: tool,
      args: JSON.stringify(input),
      id,
      index,
    })),
    response_metadata: { stop_reason: step.stop ?? (calls.length > 0 ? "tool_use" : "end_turn") },
  });
  yield Object.assign(last, { usage_metadata: usageOf(step.usage) });
}

/** LangChain asks for structured output by a tool that stands alone, or for JSON as text. */
function callsOf({ calls = [], structured }: ScriptStep, { tools }: ModelRequest): readonly ScriptedCall[] {
  const [only] = tools;
  if (structured === undefined || only === undefined) return calls;
  return [...calls, { tool: only.name, input: structured }];
}

async function pauseOf({ pause }: Pause, signal: AbortSignal | undefined): Promise<void> {
  if (typeof pause === "number") return await realSleep(pause, signal);
  const { signal: over } = new AbortController();
  const ended = new Promise<never>((_resolve, reject) => {
    (signal ?? over).addEventListener("abort", () => reject(signal?.reason), { once: true });
  });
  await Promise.race([pause, ended]);
}

/** Asked again at once: nobody waits in a test. */
function errorOf(error: ScriptedError | Error): Error {
  return error instanceof Error
    ? error
    : new failures[error](`The script of the test says: ${error}.`, { retryAfterMs: 0 });
}

function usageOf({ input, output, cacheRead = 0, cacheWrite = 0 }: ScriptedUsage = { input: 0, output: 0 }) {
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_token_details: { cache_read: cacheRead, cache_creation: cacheWrite },
  };
}

/** The step in a line. */
export function stepInShort({ when, text, calls, structured, error }: ScriptStep): string {
  const parts = [
    ...(when === undefined ? [] : [`for ${typeof when === "function" ? "what a function says" : String(when)}`]),
    ...(text === undefined ? [] : [`text ${JSON.stringify([text].flat().filter(isText).join("").slice(0, 80))}`]),
    ...(calls ?? []).map(({ tool }) => `call of ${tool}`),
    ...(structured === undefined ? [] : ["structured output"]),
    ...(error === undefined ? [] : [`error ${error instanceof Error ? error.name : error}`]),
  ];
  return parts.join(", ") || "an empty answer";
}

const isText = (piece: string | Pause): piece is string => typeof piece === "string";
