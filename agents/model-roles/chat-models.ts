/** The chat models of a crew, and how each kind is asked for a structured answer. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import { textOf } from "../models/message-content.ts";
import { ModelAnswerInvalidError } from "../models/model-errors.ts";
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

/** Any chat model of LangChain for all of the work. Structured answers are asked for in words, then checked. */
export function customModels(model: BaseChatModel): ChatModels {
  const role = { name: nameOf(model), model };
  return {
    answers: role,
    fast: role,
    // oxlint-disable-next-line no-underscore-dangle -- LangChain's extension points are named so
    marksCache: model._llmType() === "anthropic",
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
