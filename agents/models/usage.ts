import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import { textOf } from "./message-content.ts";
import type { TokenCounts } from "./pricing.ts";

/** What one answer used. The three counts of input do not overlap. */
export interface ModelUsage {
  /** Input that was neither read from nor written to the cache. */
  readonly inputTokens: number;
  /** Thinking included. */
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Millionths of a US dollar, an integer; `undefined` when the model's price is not known. */
  readonly costMicroUsd: number | undefined;
}

const Counts = z.object({
  input_tokens: z.number().default(0),
  output_tokens: z.number().default(0),
  input_token_details: z
    .object({ cache_read: z.number().default(0), cache_creation: z.number().default(0) })
    .prefault({}),
});

/** The part of the provider's own usage that LangChain leaves in the metadata. */
const CacheWrites = z.object({
  usage: z.object({ cache_creation: z.object({ ephemeral_1h_input_tokens: z.number() }) }),
});

/** The cost in micro-dollars of so many tokens; `undefined` for a model whose price is not known. */
export type PriceOf = (model: string, tokens: TokenCounts) => number | undefined;

/** Where Groq's client leaves what a streamed answer used. */
const InMetadata = z.object({ usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }) });

function countsOf(message: BaseMessage): z.output<typeof Counts> {
  const told = "usage_metadata" in message ? message.usage_metadata : undefined;
  const read = Counts.safeParse(told ?? InMetadata.safeParse(message.response_metadata).data?.usage);
  return read.data ?? Counts.parse({});
}

/** A token of most languages and models has about so many characters. */
const CHARACTERS_PER_TOKEN = 4;

/** Whether the provider told what the answer used; some servers tell nothing, or zeros. */
export function tellsUsage(message: BaseMessage): boolean {
  const { input_tokens: input, output_tokens: output } = countsOf(message);
  return input + output > 0;
}

/** By their characters: a budget holds for a provider that tells nothing, too. */
function estimated(messages: readonly BaseMessage[]): number {
  const characters = messages.reduce((sum, message) => {
    const isAnswer = AIMessage.isInstance(message) || AIMessageChunk.isInstance(message);
    const calls = isAnswer ? (message.tool_calls ?? []) : [];
    return sum + textOf(message).length + (calls.length === 0 ? 0 : JSON.stringify(calls).length);
  }, 0);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** Reads usage and cost off an answer to these messages; estimates them where it carries none. */
export function usageOf(
  message: BaseMessage,
  asked: readonly BaseMessage[],
  { model, priceOf }: { readonly model: string; readonly priceOf: PriceOf },
): ModelUsage {
  const counts = tellsUsage(message)
    ? countsOf(message)
    : Counts.parse({ input_tokens: estimated(asked), output_tokens: estimated([message]) });
  const { cache_read: cacheReadTokens, cache_creation: cacheWriteTokens } = counts.input_token_details;
  const inputTokens = Math.max(0, counts.input_tokens - cacheReadTokens - cacheWriteTokens);
  const outputTokens = counts.output_tokens;
  const writes = CacheWrites.safeParse(message.response_metadata).data?.usage.cache_creation;
  const cacheWriteOneHour = Math.min(writes?.ephemeral_1h_input_tokens ?? 0, cacheWriteTokens);
  const costMicroUsd = priceOf(model, {
    input: inputTokens,
    output: outputTokens,
    cacheRead: cacheReadTokens,
    cacheWriteFiveMinutes: cacheWriteTokens - cacheWriteOneHour,
    cacheWriteOneHour,
  });
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costMicroUsd };
}
