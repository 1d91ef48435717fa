/** A tool of LangChain as the registry holds it. */
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { interopSafeParseAsync, isInteropZodSchema } from "@langchain/core/utils/types";
import { callSummary } from "../call-summary.ts";
import { defineTool } from "../define-tool.ts";
import { InvalidInputError, ParleyError } from "../errors.ts";
import { isTooDeep, type Json, JsonObject } from "../json.ts";
import type { SentCalls } from "../store/sent-calls.ts";
import type { Tool, ToolContext, ToolResult } from "../tool.ts";
import { zodOf } from "../zod-of-json-schema.ts";
import type { LangChainTool } from "./part.ts";
import { readResult } from "./result.ts";
import type { LangChainSettings } from "./settings.ts";

type Executing = ToolContext & { readonly idempotencyKey: string };

/** Makes it. With `calls` it has effects: it is confirmed, and each call is made once. Throws `langchain/unusable-tool`. */
export function langChainTool(tool: LangChainTool, settings: LangChainSettings, calls?: SentCalls): Tool {
  const { name, description = tool.description ?? "", scopes, depends, slots, language, risk } = settings;
  const schema = schemaOf(tool, name);
  const basics = {
    name,
    description,
    input: zodOf(schema),
    scopes,
    depends,
    ...(slots && { slots }),
    ...(language && { language }),
  } as const;
  const invoke = async (input: Json, context: Executing): Promise<ToolResult> => {
    await requireAccepted(tool, name, input);
    return await readResult(await invokeTool(tool, name, { input, context }), { name, language, context });
  };
  const made =
    calls === undefined
      ? defineTool({ ...basics, confirmation: "never", risk: "low", execute: invoke })
      : defineTool({
          ...basics,
          confirmation: "always",
          risk: risk ?? "medium",
          propose: async (input: Json, context) => {
            await requireAccepted(tool, name, input);
            return { summary: callSummary(titleOf(settings, context.locale), input) };
          },
          execute: async (input: Json, context: Executing) => {
            const call = { key: context.idempotencyKey, person: context.person, by: name };
            return await calls.once(call, async (sent) => {
              sent();
              return await invoke(input, context);
            });
          },
        });
  return { ...made, inputSchema: schema };
}

/** What it does, in the words of its language, where it has one. */
function titleOf({ name, language = {} }: LangChainSettings, locale: string): string {
  const [spoken = ""] = locale.split("-");
  return (language[locale] ?? language[spoken])?.title ?? name;
}

function schemaOf(tool: LangChainTool, name: string): JsonObject {
  const { schema } = tool;
  const written: unknown = isInteropZodSchema(schema) ? toJsonSchema(schema) : schema;
  const read = isTooDeep(written) ? undefined : JsonObject.safeParse(JSON.parse(JSON.stringify(written ?? null))).data;
  if (read?.["type"] === "object") return read;
  throw new ParleyError(
    "langchain/unusable-tool",
    `The tool "${name}" takes no object: models call tools with named fields. Give it a schema such as z.object({ city: z.string() }).`,
  );
}

/** What JSON Schema does not tell, such as a refinement, is asked of the tool's own schema before anybody confirms. */
async function requireAccepted({ schema }: LangChainTool, name: string, input: Json): Promise<void> {
  if (!isInteropZodSchema(schema)) return;
  const parsed = await interopSafeParseAsync(schema, input);
  if (parsed.success) return;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const told = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  throw new InvalidInputError("tool/invalid-input", `${name}: ${told}`, issues);
}

async function invokeTool(
  tool: LangChainTool,
  name: string,
  { input, context }: { readonly input: Json; readonly context: Executing },
): Promise<unknown> {
  const { bot, account, conversation, chatType, userId, person, locale, idempotencyKey, signal } = context;
  const config = {
    signal,
    // Whom it is done for never comes from the model.
    configurable: { thread_id: conversation, bot, account, chatType, userId, person, locale, idempotencyKey },
  };
  const args = JsonObject.parse(input);
  // Only an answer to a call of a model brings the artifact.
  const call = { type: "tool_call", id: idempotencyKey, name: tool.name, args };
  try {
    return await tool.invoke(tool.responseFormat === "content_and_artifact" ? call : args, config);
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (!(thrown instanceof Error) || thrown.name !== "ToolInputParsingException") throw thrown;
    throw new InvalidInputError("tool/invalid-input", `${name}: the arguments do not fit its schema.`, [], {
      cause: thrown,
    });
  }
}
