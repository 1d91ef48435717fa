/** The chat models of a crew. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import type { OpenContext } from "../../core/bot.ts";
import type { AnswerPolicy, CrewModel } from "../models/ask-model.ts";
import { mendGemini } from "../models/gemini.ts";
import { priceBy, type ModelPrice } from "../models/pricing.ts";
import { systemTiming } from "../models/timing.ts";

export interface ChatModels {
  /** Writes answers. */
  readonly answers: CrewModel;
  /** Reads what is wanted and chooses tools. */
  readonly fast: CrewModel;
}

/** What holds for every model of a bot, whoever provides it. */
export type ModelContext = Pick<OpenContext, "environment" | "telemetry" | "bot">;

const DEFAULTS = {
  retry: { attempts: 3, withinMs: 10_000, pauseMs: 500 },
  deadlineMs: 40_000,
  idleTimeoutMs: 15_000,
} as const;

/** Any chat model of LangChain for all of the work. `tellsStop`: each of its whole answers ends with a reason. */
export function oneModel(model: BaseChatModel, { context, prices, tellsStop }: OneModelOptions): ChatModels {
  mendGemini(model);
  // oxlint-disable-next-line no-underscore-dangle -- LangChain's extension points are named so
  const marksCache = model._llmType() === "anthropic";
  const role: CrewModel = {
    name: nameOf(model),
    model,
    marksCache,
    tellsStop: tellsStop || marksCache,
    policy: policyOf(context),
    priceOf: priceBy(prices),
  };
  return { answers: role, fast: role };
}

interface OneModelOptions {
  readonly context: ModelContext;
  readonly prices: Readonly<Record<string, ModelPrice>>;
  readonly tellsStop: boolean;
}

function policyOf(context: ModelContext): AnswerPolicy {
  return {
    ...DEFAULTS,
    timing: systemTiming,
    random: context.environment.random,
    onAttemptFailed: attemptLog(context),
    onUsageEstimated: estimateLog(context),
  };
}

/** Says once that a model does not tell what it uses. */
function estimateLog({ telemetry, bot }: ModelContext): (model: string) => void {
  let isTold = false;
  return (model) => {
    if (isTold) return;
    isTold = true;
    telemetry.log.warn(
      { bot: bot.id, model },
      "the model does not report its tokens: budgets and metrics count an estimate, a token for four characters",
    );
  };
}

/** Tells the log of failed attempts. */
export function attemptLog({ telemetry, bot }: ModelContext): AnswerPolicy["onAttemptFailed"] {
  return ({ attempt, error, nextInMs }) => {
    telemetry.log.warn({ bot: bot.id, attempt, code: error.code, nextInMs }, "an attempt of the language model failed");
  };
}

function nameOf(model: BaseChatModel): string {
  const named = z.looseObject({ model: z.string() }).safeParse(model).data?.model;
  return named ?? model.getName();
}
