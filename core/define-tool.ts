import { z } from "zod";
import { InvalidInputError, ParleyError } from "./errors.ts";
import { Json } from "./json.ts";
import type { Tool, ToolDefinition } from "./tool.ts";

/** Turns a typed definition into the tool that the registry holds. */
export function defineTool<Input extends z.ZodType, Value extends Json>(
  definition: ToolDefinition<Input, Value>,
): Tool {
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
    execute: async (input, context) => await execute(parse(input), context),
    ...(alternatives && {
      alternatives: async (input, context) => await alternatives(parse(input), context),
    }),
    ...(afterwards && { afterwards }),
    ...(compensate && {
      compensate: async (input, context) => await compensate(parse(input), context),
    }),
  };
}
