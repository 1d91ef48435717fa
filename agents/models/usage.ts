import type { BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import { costInMicroDollars } from "./pricing.ts";

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

const UsageMetadata = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  input_token_details: z
    .object({ cache_read: z.number().optional(), cache_creation: z.number().optional() })
    .optional(),
});

const Metadata = z.object({
  usage: z.object({ cache_creation: z.object({ ephemeral_1h_input_tokens: z.number() }).nullish() }).optional(),
});

/** Reads usage and cost off an answer of Claude; all zero for a message that carries none. */
export function usageOf(message: BaseMessage): ModelUsage {
  const usage = "usage_metadata" in message ? UsageMetadata.safeParse(message.usage_metadata).data : undefined;
  const cacheReadTokens = usage?.input_token_details?.cache_read ?? 0;
  const cacheWriteTokens = usage?.input_token_details?.cache_creation ?? 0;
  const oneHour = Metadata.safeParse(message.response_metadata).data?.usage?.cache_creation?.ephemeral_1h_input_tokens;
  const cacheWriteOneHour = Math.min(oneHour ?? 0, cacheWriteTokens);
  const inputTokens = Math.max(0, (usage?.input_tokens ?? 0) - cacheReadTokens - cacheWriteTokens);
  const outputTokens = usage?.output_tokens ?? 0;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    costMicroUsd: costInMicroDollars(modelOf(message), {
      input: inputTokens,
      output: outputTokens,
      cacheRead: cacheReadTokens,
      cacheWriteFiveMinutes: cacheWriteTokens - cacheWriteOneHour,
      cacheWriteOneHour,
    }),
  };
}

function modelOf(message: BaseMessage): string {
  const model: unknown = message.additional_kwargs["model"] ?? message.response_metadata["model"];
  return typeof model === "string" ? model : "";
}
