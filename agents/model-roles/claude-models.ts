/** Claude as the chat models of a crew. */
import type { OpenContext } from "../../core/bot.ts";
import type { ClaudeCrewOptions } from "../crew-options.ts";
import { createClaude } from "../models/claude.ts";
import type { ClaudeSettings } from "../models/claude-settings.ts";
import { askStructured } from "../models/structured-answer.ts";
import type { ChatModels } from "./chat-models.ts";

/** A quick decision that takes longer is no quick decision. */
const FAST_DEADLINE_MS = 15_000;
const FAST_IDLE_MS = 8_000;

/** Claude for both kinds of work. Nothing is sent yet. */
export function claudeModels(
  { options, apiKey }: { readonly options: ClaudeCrewOptions; readonly apiKey: () => string },
  { environment, telemetry, bot }: Pick<OpenContext, "environment" | "telemetry" | "bot">,
): ChatModels {
  const { baseUrl, idleTimeoutMs, deadlineMs, maxTokens, effort } = options;
  const common = {
    apiKey,
    random: environment.random,
    ...(baseUrl !== undefined && { baseUrl }),
    onAttemptFailed: ({ attempt, error, nextInMs }) => {
      telemetry.log.warn(
        { bot: bot.id, attempt, code: error.code, nextInMs },
        "an attempt of the language model failed",
      );
    },
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
  return {
    answers: { name: answers.model, model: answers },
    fast: { name: fast.model, model: fast },
    marksCache: true,
    ask: async ({ messages, schema, signal }) => await askStructured(fast, { input: [...messages], schema, signal }),
  };
}
