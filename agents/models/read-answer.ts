/** Reads one attempt's stream, and tells a whole answer from half of one. */
import { AIMessageChunk } from "@langchain/core/messages";
import { z } from "zod";
import { SilentConnectionError } from "./connection-errors.ts";
import { textOf } from "./message-content.ts";
import {
  ModelAnswerIncompleteError,
  ModelAnswerInvalidError,
  ModelContextExceededError,
  ModelRefusedError,
  ModelStreamBrokenError,
  ModelUnavailableError,
} from "./model-errors.ts";
import { createVisibleText, isWrittenCall, writtenCall } from "./visible-text.ts";
import type { Timing } from "./timing.ts";

export interface ReadAnswer {
  readonly message: AIMessageChunk;
  /** What of its text a person may see. */
  readonly text: string;
  /** `cut`: by the limit on its length; `paused`: by the provider, which expects to be asked to go on. */
  readonly stop: "end" | "cut" | "paused";
}

export interface ReadingOptions {
  readonly tellsStop: boolean;
  readonly idleTimeoutMs: number;
  readonly timing: Timing;
  /** Everything received so far, after each piece. */
  readonly onReceived: (message: AIMessageChunk) => void;
  readonly onText: (piece: string) => void;
  /** What `onText` was told so far is no part of the answer. */
  readonly onTakenBack: () => void;
}

const UsageCounts = z.looseObject({
  input_tokens: z.number(),
  output_tokens: z.number(),
  input_token_details: z.looseObject({ cache_read: z.number().optional() }).optional(),
});
const StopDetails = z.object({ category: z.string().nullish() });
/** Where each provider's client puts why the answer ended. */
const Stop = z.object({
  additional_kwargs: z.looseObject({ stop_reason: z.string().nullish() }),
  response_metadata: z.looseObject({
    stop_reason: z.string().nullish(),
    finish_reason: z.string().nullish(),
    finishReason: z.string().nullish(),
    done_reason: z.string().nullish(),
  }),
});

type Open = () => Promise<AsyncIterable<AIMessageChunk>>;

/**
 * Opens a stream and reads it to its end. The providers' clients take a stream that just ends for a finished one, and LangChain
 * repairs half a tool call into a whole one, so both are checked here. Throws a `ModelError` for everything that is no
 * answer, and what the stream throws.
 */
export async function readAnswer(open: Open, options: ReadingOptions): Promise<ReadAnswer> {
  const toolInputs = new Map<string, string>();
  const counted: Counted = { provider: undefined, output: 0, cacheRead: 0 };
  const idsByIndex = new Map<number, string>();
  let shown = "";
  const visible = createVisibleText(() => {
    shown = "";
    options.onTakenBack();
  });
  const show = (text: string): void => {
    shown += text;
    if (text !== "") options.onText(text);
  };
  let message: AIMessageChunk | undefined;
  let reason: string | undefined;
  try {
    for await (const piece of progressing(open, options)) {
      if (!AIMessageChunk.isInstance(piece))
        throw new ModelStreamBrokenError("The model sent something that is no answer.");
      correctUsage(piece, counted);
      const chunk = withIds(piece, idsByIndex);
      separateCalls(chunk, idsByIndex);
      collectToolInputs(chunk, toolInputs);
      reason = stopReasonOf(chunk) ?? reason;
      message = message === undefined ? chunk : message.concat(chunk);
      options.onReceived(message);
      show(visible.add(textOf(chunk)));
    }
  } catch (thrown) {
    // After the stop reason only the end of the stream is missing: the answer is whole whatever happens to the socket.
    if (reason === undefined || thrown instanceof ModelAnswerInvalidError) throw thrown;
  }
  if (message === undefined) throw new ModelUnavailableError("The model sent no answer at all.");
  if (reason === undefined && options.tellsStop) {
    throw new ModelStreamBrokenError("The model's answer ended in the middle.");
  }
  const stop = stopOf(reason, message, toolInputs);
  if (isWrittenCall(textOf(message))) throw writtenCall();
  show(visible.finish());
  return { message, text: shown, stop };
}

/** Each wait for the next piece is bounded. Clients swallow pings, so a stream of nothing else is silence here. */
async function* progressing(open: Open, options: ReadingOptions): AsyncGenerator<AIMessageChunk> {
  const stream = await bounded(open(), options);
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    const piece = await bounded(iterator.next(), options);
    if (piece.done === true) return;
    yield piece.value;
  }
}

/** Time between two waits does not count, so a slow reader is never taken for a silent sender. */
async function bounded<Value>(wait: Promise<Value>, { idleTimeoutMs, timing }: ReadingOptions): Promise<Value> {
  let cancel = (): void => undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    cancel = timing.after(idleTimeoutMs, () =>
      reject(new SilentConnectionError(`The model's answer did not get on for ${idleTimeoutMs} ms.`)),
    );
  });
  return await Promise.race([wait, silence]).finally(() => cancel());
}

interface Counted {
  provider: unknown;
  output: number;
  cacheRead: number;
}

/**
 * Claude counts output cumulatively, and Gemini what was read from its cache; LangChain adds the counts up. Each chunk gets
 * what it adds instead.
 */
function correctUsage(message: AIMessageChunk, counted: Counted): void {
  counted.provider ??= message.response_metadata["model_provider"];
  const usage = UsageCounts.safeParse(message.usage_metadata).data;
  if (usage === undefined) return;
  if (counted.provider === "anthropic") {
    const output = Math.max(0, usage.output_tokens - counted.output);
    counted.output += output;
    const corrected = { ...usage, output_tokens: output, total_tokens: usage.input_tokens + output };
    Object.assign(message, { usage_metadata: corrected });
  }
  if (counted.provider === "google-genai") {
    const told = usage.input_token_details?.cache_read ?? 0;
    const cacheRead = Math.max(0, told - counted.cacheRead);
    counted.cacheRead += cacheRead;
    const details = { ...usage.input_token_details, cache_read: cacheRead };
    Object.assign(message, { usage_metadata: { ...usage, input_token_details: details } });
  }
}

/** Some servers give a call no id, and LangChain would take it for half of one: it gets one where it begins. */
function withIds(chunk: AIMessageChunk, idsByIndex: ReadonlyMap<number, string>): AIMessageChunk {
  const calls = chunk.tool_call_chunks ?? [];
  const begins = ({ id = "", name = "", index }: (typeof calls)[number]): boolean =>
    id === "" && name !== "" && (index === undefined || !idsByIndex.has(index));
  if (!calls.some(begins)) return chunk;
  const numbered = calls.map((call, place) => {
    if (!begins(call)) return call;
    const index = call.index ?? idsByIndex.size + place;
    return { ...call, index, id: `call_${index}` };
  });
  const { content, additional_kwargs, response_metadata, usage_metadata } = chunk;
  const named = new AIMessageChunk({ content, additional_kwargs, response_metadata, tool_call_chunks: numbered });
  return Object.assign(named, { usage_metadata });
}

/** Ollama's client gives every call of an answer the same place, and LangChain would make one of them. */
function separateCalls(message: AIMessageChunk, idsByIndex: Map<number, string>): void {
  for (const call of message.tool_call_chunks ?? []) {
    const { index, id } = call;
    if (index === undefined || id === undefined || id === "") continue;
    const known = idsByIndex.get(index);
    const free = Math.max(-1, ...idsByIndex.keys()) + 1;
    if (known !== undefined && known !== id) call.index = free;
    idsByIndex.set(call.index ?? index, id);
  }
}

function collectToolInputs(message: AIMessageChunk, toolInputs: Map<string, string>): void {
  for (const { index, id, args = "" } of message.tool_call_chunks ?? []) {
    const key = String(index ?? id);
    toolInputs.set(key, (toolInputs.get(key) ?? "") + args);
  }
}

function stopReasonOf(chunk: AIMessageChunk): string | undefined {
  const read = Stop.safeParse(chunk).data;
  if (read === undefined) return undefined;
  const { stop_reason, finish_reason, finishReason, done_reason } = read.response_metadata;
  return read.additional_kwargs.stop_reason ?? stop_reason ?? finish_reason ?? finishReason ?? done_reason ?? undefined;
}

/** What each provider calls it, in lower case. */
const REFUSED = new Set(["refusal", "content_filter", "safety"]);
const CUT = new Set(["max_tokens", "length"]);

/** Throws when the answer is none. */
function stopOf(
  reason: string | undefined,
  message: AIMessageChunk,
  toolInputs: ReadonlyMap<string, string>,
): ReadAnswer["stop"] {
  const stop = reason?.toLowerCase() ?? "";
  if (REFUSED.has(stop)) throw refused(message);
  if (stop === "model_context_window_exceeded") {
    throw new ModelContextExceededError("The answer did not fit into the model's context window.");
  }
  if (stop === "pause_turn") return "paused";
  if (CUT.has(stop)) {
    if (toolInputs.size === 0) return "cut";
    throw new ModelAnswerIncompleteError(
      "The model's tool call is longer than the settings allow. It was not run. Raise maxTokens.",
    );
  }
  const isWhole = [...toolInputs.values()].every(isWholeJson) && (message.invalid_tool_calls ?? []).length === 0;
  if (!isWhole) throw new ModelAnswerInvalidError("The model's tool call is not valid JSON. It was not run.");
  return "end";
}

function refused(message: AIMessageChunk): ModelRefusedError {
  const category = StopDetails.safeParse(message.additional_kwargs["stop_details"]).data?.category ?? undefined;
  const area = category === undefined ? "" : ` (${category})`;
  return new ModelRefusedError(`The model's safeguards declined to answer${area}.`, { category });
}

/** A tool without input streams no JSON at all. */
function isWholeJson(text: string): boolean {
  if (text === "") return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
