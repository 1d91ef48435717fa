import { z } from "zod";
import { refuse } from "./api-error.ts";
import { validateStructuredSchema } from "./structured-schema.ts";
import type { ModelRules, ThinkingType } from "./model-rules.ts";
import type { CountTokensRequest, RequestTool } from "./request-schema.ts";

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/** Refuses bad names, doubled names, broken schemas and tool choices the model does not take. */
export function validateTools(request: CountTokensRequest, rules: ModelRules): void {
  const tools = request.tools ?? [];
  for (const [index, tool] of tools.entries()) validateTool(tool, `tools.${index}.custom`);
  if (new Set(tools.map((tool) => tool.name)).size < tools.length) refuse("tools: Tool names must be unique.");
  validateChoice(request, rules);
}

function validateTool(tool: RequestTool, at: string): void {
  if (tool.name === "") refuse(`${at}.name: String should have at least 1 character`);
  if (tool.name.length > 128) refuse(`${at}.name: String should have at most 128 characters`);
  if (!NAME.test(tool.name)) refuse(`${at}.name: String should match pattern '${NAME.source}'`);
  const schema = tool.input_schema;
  if (schema["type"] === undefined) refuse(`${at}.input_schema.type: Field required`);
  if (schema["type"] !== "object") refuse(`${at}.input_schema.type: Input should be 'object'`);
  if (["oneOf", "allOf", "anyOf"].some((key) => key in schema)) {
    refuse(`${at}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`);
  }
  if (!Schema.safeParse(schema).success) {
    refuse(
      `${at}.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 ` +
        "(https://json-schema.org/draft/2020-12). Learn more about tool use at https://docs.claude.com/en/docs/tool-use.",
    );
  }
  if (tool.strict === true) validateStructuredSchema(schema, at);
}

/** The faults that clients really make: unknown types, `required` that is no list, properties that are no schemas. */
const TypeName = z.enum(["object", "string", "number", "integer", "boolean", "array", "null"]);
const Schema = z.union([
  z.boolean(),
  z.looseObject({
    type: z.union([TypeName, z.array(TypeName)]).optional(),
    required: z.array(z.string()).optional(),
    get properties(): z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodType>> {
      return z.record(z.string(), Schema).optional();
    },
  }),
]);

function validateChoice(request: CountTokensRequest, rules: ModelRules): void {
  const choice = request.tool_choice;
  if (choice === undefined) return;
  const tools = request.tools ?? [];
  if (tools.length === 0) refuse("tool_choice: tool_choice may only be specified while providing tools.");
  if (choice.type === "tool" || choice.type === "any") validateForcedChoice(request, rules);
  if (choice.type === "tool" && !tools.some((tool) => tool.name === choice.name)) {
    refuse(`Tool '${choice.name}' not found in provided tools`);
  }
}

function validateForcedChoice(request: CountTokensRequest, rules: ModelRules): void {
  if (!rules.forcedToolChoice) refuse('tool_choice: type "tool" and "any" are not supported for this model.');
  const thinking: ThinkingType = request.thinking?.type ?? rules.thinkingDefault;
  if (thinking === "adaptive" || thinking === "enabled") {
    refuse("Thinking may not be enabled when tool_choice forces tool use.");
  }
}
