/** Claude as the chat models of a crew. */
import type { ClaudeCrewOptions } from "../crew-options.ts";
import { createClaude } from "../models/claude.ts";
import type { ClaudeSettings } from "../models/claude-settings.ts";
import { priceBy, type ModelPrice } from "../models/pricing.ts";
import { attemptLog, type ChatModels, type ModelContext } from "./chat-models.ts";

/** A quick decision that takes longer is no quick decision. */
const FAST_DEADLINE_MS = 15_000;
const FAST_IDLE_MS = 8_000;

/** What Claude is asked with. */
export interface ClaudeChoice {
  readonly options: ClaudeCrewOptions;
  readonly apiKey: () => string;
}

/** Claude for both kinds of work. Nothing is sent yet. */
export function claudeModels(
  { options, apiKey }: ClaudeChoice,
  { context, prices }: { readonly context: ModelContext; readonly prices: Readonly<Record<string, ModelPrice>> },
): ChatModels {
  const { baseUrl, idleTimeoutMs, deadlineMs, maxTokens, effort } = options;
  const common = {
    apiKey,
    random: context.environment.random,
    ...(baseUrl !== undefined && { baseUrl }),
    onAttemptFailed: attemptLog(context),
  } satisfies Partial<ClaudeSettings> & Pick<ClaudeSettings, "apiKey">;
  const answers = createClaude({
    ...common,
    role: "answers",
    deadlineMs,
    ...(options.answersModel !== undefined && { model: options.answersModel }),
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(effort !== undefined && { effort }),
  });
  const fast = createClaude({
    ...common,
    role: "fast",
    deadlineMs: Math.min(deadlineMs, FAST_DEADLINE_MS),
    idleTimeoutMs: Math.min(idleTimeoutMs ?? FAST_IDLE_MS, FAST_IDLE_MS),
    ...(options.fastModel !== undefined && { model: options.fastModel }),
  });
  const priceOf = priceBy(prices);
  return { answers: { ...answers, priceOf }, fast: { ...fast, priceOf } };
}
