import { AIMessageChunk } from "@langchain/core/messages";
import type { ChatGenerationChunk } from "@langchain/core/outputs";
import { z } from "zod";
import {
  ModelAnswerIncompleteError,
  ModelContextExceededError,
  ModelRefusedError,
  ModelStreamBrokenError,
  type ModelError,
} from "./model-errors.ts";

const UsageCounts = z.looseObject({ input_tokens: z.number(), output_tokens: z.number() });
const EmptyBlock = z.union([
  z.object({ type: z.literal("text"), text: z.literal("") }),
  z.object({ type: z.literal("thinking"), thinking: z.literal(""), signature: z.literal("").optional() }),
]);
const StopDetails = z.object({ category: z.string().nullish() });

/**
 * Passes one attempt's chunks on and throws unless the answer is complete.
 *
 * The provider's client takes a stream that was aborted or that just ends for a finished one, and LangChain repairs
 * half a tool call into a whole one, so both are checked here. Chunks without content are held back until content
 * comes, so that an attempt that dies before it can still be repeated.
 *
 * @yields the chunks in their order
 */
export async function* checkedAnswer(chunks: AsyncIterable<ChatGenerationChunk>): AsyncGenerator<ChatGenerationChunk> {
  const toolInputs = new Map<string, string>();
  const counted = { output: 0 };
  let held: ChatGenerationChunk[] = [];
  let complete = false;
  try {
    for await (const chunk of chunks) {
      const message = asMessageChunk(chunk);
      correctUsage(message, counted);
      collectToolInputs(message, toolInputs);
      complete = checkStop(message, toolInputs) || complete;
      held.push(chunk);
      if (!complete && !hasContent(message)) continue;
      yield* held;
      held = [];
    }
  } catch (thrown) {
    // After the stop reason only `message_stop` is missing: the answer is whole whatever happens to the socket.
    if (!complete) throw thrown;
  }
  if (!complete) throw new ModelStreamBrokenError("The model's answer ended in the middle.");
}

function asMessageChunk(chunk: ChatGenerationChunk): AIMessageChunk {
  if (AIMessageChunk.isInstance(chunk.message)) return chunk.message;
  throw new ModelStreamBrokenError("The model sent something that is no answer.");
}

/** Each content block is announced by an empty one; that shows nobody anything yet. */
function hasContent(message: AIMessageChunk): boolean {
  if ((message.tool_call_chunks ?? []).length > 0) return true;
  if (typeof message.content === "string") return message.content !== "";
  return message.content.some((block) => !EmptyBlock.safeParse(block).success);
}

/** The API counts output cumulatively; LangChain adds the counts up. Each chunk gets what it adds instead. */
function correctUsage(message: AIMessageChunk, counted: { output: number }): void {
  const usage = UsageCounts.safeParse(message.usage_metadata).data;
  if (usage === undefined) return;
  const output = Math.max(0, usage.output_tokens - counted.output);
  counted.output += output;
  const corrected = { ...usage, output_tokens: output, total_tokens: usage.input_tokens + output };
  Object.assign(message, { usage_metadata: corrected });
}

function collectToolInputs(message: AIMessageChunk, toolInputs: Map<string, string>): void {
  for (const { index, args = "" } of message.tool_call_chunks ?? []) {
    const key = String(index);
    toolInputs.set(key, (toolInputs.get(key) ?? "") + args);
  }
}

/** Whether this chunk ends the answer properly. Throws when it ends it in any other way. */
function checkStop(message: AIMessageChunk, toolInputs: ReadonlyMap<string, string>): boolean {
  const reason: unknown = message.additional_kwargs["stop_reason"];
  if (typeof reason !== "string") return false;
  const error = errorOfStop(reason, message.additional_kwargs["stop_details"]);
  if (error !== undefined) throw error;
  if (![...toolInputs.values()].every(isWholeJson)) {
    throw new ModelStreamBrokenError("The model's tool call is not complete. It was not run.");
  }
  return true;
}

function errorOfStop(reason: string, stopDetails: unknown): ModelError | undefined {
  switch (reason) {
    case "refusal": {
      const category = StopDetails.safeParse(stopDetails).data?.category ?? undefined;
      const area = category === undefined ? "" : ` (${category})`;
      return new ModelRefusedError(`The model's safeguards declined to answer${area}.`, { category });
    }
    case "model_context_window_exceeded":
      return new ModelContextExceededError("The answer did not fit into the model's context window.");
    case "max_tokens":
      return new ModelAnswerIncompleteError(
        "The answer is longer than the settings allow. Raise maxTokens; thinking counts towards it.",
      );
    case "pause_turn":
      return new ModelAnswerIncompleteError("The model paused its turn and expects to be asked to go on.");
    default:
      return undefined;
  }
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
