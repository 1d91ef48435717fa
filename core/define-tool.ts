import { z } from "zod";
import { InvalidInputError, ParleyError } from "./errors.ts";
import { Json } from "./json.ts";
import { readTeaching } from "./read-teaching.ts";
import { TeachingShape } from "./teaching.ts";
import type { Tool, ToolDefinition, ToolResult } from "./tool.ts";

const hasSchema = (input: unknown): boolean => input instanceof z.ZodType;
const isFunction = (value: unknown): boolean => typeof value === "function";

/** What every provider's models can call. */
export const ToolName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/u, "letters, digits and _, such as get_forecast");

/** What the types say, once more: a definition may come from JavaScript or from data. */
const Definition = z
  .looseObject({
    name: ToolName,
    description: z.string(),
    input: z.custom<z.ZodType>(hasSchema, "a Zod 4 schema"),
    risk: z.enum(["low", "medium", "high"]),
    confirmation: z.enum(["never", "always", "unless-said"]),
    purpose: z.enum(["documents", "tables", "programs"]).optional(),
    endsRequests: z.literal(true).optional(),
    scopes: z.array(z.string()),
    depends: z.enum(["public", "user"]),
    execute: z.custom(isFunction, "a function"),
    propose: z.custom(isFunction, "a function").optional(),
    said: z.custom(isFunction, "a function").optional(),
    ...TeachingShape.shape,
  })
  .superRefine(({ input, risk, confirmation, propose, said, ...teaching }, context) => {
    const wrong = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    for (const { path, message } of readTeaching(input, teaching).faults) wrong(path, message);
    if (risk === "high" && confirmation !== "always") wrong("confirmation", 'must be "always" where the risk is high');
    if (confirmation !== "never" && propose === undefined) wrong("propose", "is needed where a call is confirmed");
    if (confirmation === "unless-said" && said === undefined) wrong("said", 'is needed for "unless-said"');
  });

/**
 * Turns a typed definition into the tool that the registry holds.
 *
 * Throws `tool/invalid-definition` where a part is missing or is none of what it may be: a tool whose `confirmation` is
 * misspelt must not run unconfirmed.
 */
export function defineTool<Input extends z.ZodType, Value extends Json>(
  definition: ToolDefinition<Input, Value>,
): Tool {
  const slots = slotsOf(definition);
  const {
    name,
    description,
    risk,
    confirmation,
    scopes,
    depends,
    propose,
    execute,
    compensate,
    alternatives,
    afterwards,
    language = {},
    samples = samplesOf(language),
  } = definition;
  const parse = (rawInput: unknown): z.output<Input> => {
    const parsed = definition.input.safeParse(rawInput);
    if (parsed.success) return parsed.data;
    throw new InvalidInputError(
      "tool/invalid-input",
      `${name}: ${z.prettifyError(parsed.error)}`,
      parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
    );
  };
  return {
    name,
    description,
    inputSchema: z.toJSONSchema(definition.input),
    slots,
    language,
    samples,
    measures: definition.figure !== undefined,
    ...marksOf(definition),
    risk,
    confirmation,
    said: (input, text) => definition.said?.(parse(input), text) === true,
    scopes,
    depends,
    parse: (rawInput) => Json.parse(parse(rawInput)),
    propose: async (input, context) => {
      if (propose === undefined) {
        throw new ParleyError("tool/no-proposal", `${name} asks for confirmation but has no "propose".`);
      }
      return await propose(parse(input), context);
    },
    execute: async (input, context) => withWords(await execute(parse(input), context), definition),
    ...(alternatives && {
      alternatives: async (input, context) => await alternatives(parse(input), context),
    }),
    ...(afterwards && { afterwards }),
    ...(compensate && {
      compensate: async (input, context) => await compensate(parse(input), context),
    }),
  };
}

function marksOf({ purpose, endsRequests }: Pick<Tool, "purpose" | "endsRequests">) {
  return { ...(purpose && { purpose }), ...(endsRequests && { endsRequests }) };
}

function samplesOf(language: Tool["language"]): Tool["samples"] {
  const entries = Object.entries(language);
  return Object.fromEntries(entries.flatMap(([tag, { sample }]) => (sample === undefined ? [] : [[tag, sample]])));
}

/** The result with its figure and what the tool tells of it. */
function withWords<Value extends Json>(
  result: ToolResult<Value>,
  { say, figure }: Pick<ToolDefinition<z.ZodType, Value>, "say" | "figure">,
): ToolResult<Value> {
  const measured = figure?.(result.value);
  return {
    ...result,
    ...(measured && { figure: measured }),
    ...(say && { say: (hearer) => say(result.value, hearer) }),
  };
}

/** The slots of a definition that is right in all its parts. */
function slotsOf<Input extends z.ZodType, Value extends Json>(definition: ToolDefinition<Input, Value>): Tool["slots"] {
  const checked = Definition.safeParse(definition);
  if (!checked.success) {
    const faults = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new ParleyError("tool/invalid-definition", `The tool "${definition.name}" is defined wrongly: ${faults}.`);
  }
  return readTeaching(definition.input, checked.data).slots;
}
