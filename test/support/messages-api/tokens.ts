import type { CountTokensRequest } from "./request-schema.ts";

/** A stand-in for the tokenizer: about 3.5 characters a token, never zero. Stable, so tests can compare. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 3.5);
}

/** Tokens of everything the model reads: system prompt, tools, messages. */
export function countInputTokens(request: CountTokensRequest): number {
  const { messages, system, tools } = request;
  return 8 + countTokens(JSON.stringify([messages, system ?? "", tools ?? []]));
}
