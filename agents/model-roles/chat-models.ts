/** The chat models of a crew, and how each kind is asked for a structured answer. */
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import type { OpenContext } from "../../core/bot.ts";
import type { ClaudeCrewOptions } from "../crew-options.ts";
import { createClaude } from "../models/claude.ts";
import type { ClaudeSettings } from "../models/claude-settings.ts";
import { textOf } from "../models/message-content.ts";
import { ModelAnswerInvalidError } from "../models/model-errors.ts";
import { askStructured } from "../models/structured-answer.ts";
import { usageOf, type ModelUsage } from "../models/usage.ts";

export interface StructuredQuestion<Value> {
  readonly messages: readonly BaseMessage[];
  readonly schema: z.ZodType<Value>;
  readonly signal: AbortSignal;
}

export interface StructuredAnswer<Value> {
  readonly value: Value;
  readonly usage: ModelUsage;
}

export interface RoleModel {
  readonly name: string;
  readonly model: BaseChatModel;
}

export interface ChatModels {
  /** Writes answers. */
  readonly answers: RoleModel;
  /** Reads intents and chooses tools. */
  readonly fast: RoleModel;
  /** Whether prompts may mark what the provider should cache. */
  readonly marksCache: boolean;
  /** Asks the fast model for an answer of a given shape. Throws `ModelAnswerInvalidError` for any other. */
  readonly ask: <Value>(question: StructuredQuestion<Value>) => Promise<StructuredAnswer<Value>>;
}

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

/** Any chat model of LangChain for all of the work. Structured answers are asked for in words, then checked. */
export function customModels(model: BaseChatModel): ChatModels {
  const role = { name: nameOf(model), model };
  return {
    answers: role,
    fast: role,
    marksCache: model instanceof ChatAnthropic,
    ask: async ({ messages, schema, signal }) => {
      const form = `Answer with one JSON object and nothing else. Its JSON Schema: ${JSON.stringify(z.toJSONSchema(schema))}`;
      const message = await model.invoke([...messages, new HumanMessage(form)], { signal });
      const read = schema.safeParse(jsonIn(textOf(message)));
      if (!read.success) throw new ModelAnswerInvalidError("The model's structured answer has the wrong shape.");
      return { value: read.data, usage: usageOf(message) };
    },
  };
}

function nameOf(model: BaseChatModel): string {
  const named = z.looseObject({ model: z.string() }).safeParse(model).data?.model;
  return named ?? model.getName();
}

/** Models like to wrap JSON into a code fence. */
function jsonIn(text: string): unknown {
  const inner = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  try {
    return JSON.parse(inner);
  } catch {
    return undefined;
  }
}
