import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { ChatAnthropic } from "@langchain/anthropic";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { z } from "zod";
import { textOf } from "./message-content.ts";
import { ModelAnswerInvalidError } from "./model-errors.ts";
import { usageOf, type ModelUsage } from "./usage.ts";

interface StructuredQuestion<Value> {
  readonly input: BaseLanguageModelInput;
  /** Limits that the API cannot enforce (lengths, ranges) are told to the model and checked afterwards. */
  readonly schema: z.ZodType<Value>;
  readonly signal?: AbortSignal;
}

/**
 * Asks for an answer of a given shape through `output_config.format`. No forced tool choice: the 5.5 models refuse it.
 * Throws a `ModelError`; `ModelAnswerInvalidError` when the answer does not fit the schema.
 */
export async function askStructured<Value>(
  model: ChatAnthropic,
  { input, schema, signal }: StructuredQuestion<Value>,
): Promise<{ readonly value: Value; readonly usage: ModelUsage }> {
  const message = await model.invoke(input, {
    outputConfig: { format: { type: "json_schema", schema: transformJSONSchema(z.toJSONSchema(schema)) } },
    ...(signal === undefined ? {} : { signal }),
  });
  const read = schema.safeParse(parseJson(textOf(message)));
  if (!read.success) {
    const faults = read.error.issues.map(({ path, code }) => `${path.join(".") || "answer"} (${code})`).join(", ");
    throw new ModelAnswerInvalidError(`The model's structured answer has the wrong shape: ${faults}.`);
  }
  return { value: read.data, usage: usageOf(message) };
}

/** Text that is no JSON fails the schema like any other wrong value. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
