/** A tool of a server as the registry holds it. */
import { callSummary } from "../../core/call-summary.ts";
import { defineTool } from "../../core/define-tool.ts";
import { ParleyError } from "../../core/errors.ts";
import { isTooDeep, type Json, JsonObject } from "../../core/json.ts";
import { backOffMs } from "../../core/timing/back-off.ts";
import type { SentCalls } from "../../core/store/sent-calls.ts";
import { realSleep } from "../../core/timing/sleep.ts";
import type { Tool, ToolContext, ToolResult } from "../../core/tool.ts";
import { sha256 } from "../canonical-json.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { zodOf } from "../../core/zod-of-json-schema.ts";
import type { ServerTool } from "./pins.ts";
import { readResult } from "./result.ts";
import type { McpServer } from "./server.ts";
import type { ServerSettings } from "./settings.ts";

const LONGEST_NAME = 64;
const LONGEST_DESCRIPTION = 1_000;
const LONGEST_WORDS = 300;
const LONGEST_SCHEMA = 16_384;
/** One tool with these at the top of its schema has a provider refuse the request with all tools. */
const REFUSED_ABOVE = ["anyOf", "oneOf", "allOf", "not", "enum"];
/** A call that changes nothing is sent so often, where the connection breaks off. */
const TRIES = 3;
const BACK_OFF = { baseDelayMs: 200, maxDelayMs: 2_000 };

export interface ToolParts {
  readonly name: string;
  readonly settings: ServerSettings;
  readonly server: McpServer;
  readonly calls: SentCalls;
  /** Hosts that links of its words may lead to. */
  readonly hosts: ReadonlySet<string>;
  /** Whether the server offers it now as it was approved. */
  readonly isApproved: (tool: string) => boolean;
}

type Executing = ToolContext & { readonly idempotencyKey: string };

/** `server__tool`, as models and configurations call it: what is no letter, digit or `-` becomes `_`. */
export function toolName(server: string, tool: string): string {
  const plain = `${server}__${tool}`.replaceAll(/[^a-zA-Z0-9_-]/gu, "_");
  if (plain.length <= LONGEST_NAME && plain === `${server}__${tool}`) return plain;
  // Two names must not become one.
  const mark = sha256(tool).slice(0, 6);
  return `${plain.slice(0, LONGEST_NAME - 7)}_${mark}`;
}

/** Makes it. Throws `mcp/unusable-tool` with the reason where it cannot be offered. */
export function mcpTool(definition: ServerTool, parts: ToolParts): Tool {
  const { name: server, settings } = parts;
  const rule = settings.tools[definition.name] ?? {};
  const isReadOnly = settings.readOnly === true || settings.readOnly.includes(definition.name);
  const schema = readSchema(server, definition);
  const basics = {
    name: toolName(server, definition.name),
    description: `From the server "${server}": ${cleanText(definition.description, LONGEST_DESCRIPTION)}`,
    input: zodOf(schema),
    scopes: settings.scopes,
    depends: "user",
    ...(rule.slots && { slots: rule.slots }),
    ...(rule.language && { language: rule.language }),
    execute: async (input: Json, context: Executing) =>
      isReadOnly
        ? await askAgain(definition.name, { input, context }, parts)
        : await callOnce(definition.name, { input, context }, parts),
  } as const;
  const risk = rule.risk ?? (isReadOnly ? "low" : "medium");
  const confirmation = rule.confirmation ?? (isReadOnly ? "never" : "always");
  const tool =
    confirmation === "never" && risk !== "high"
      ? defineTool({ ...basics, confirmation, risk })
      : defineTool({
          ...basics,
          confirmation: "always",
          risk,
          propose: async (input: Json) => {
            requireApproved(definition.name, parts);
            return { summary: callSummary(`${server}: ${cleanText(definition.name, LONGEST_WORDS)}`, input) };
          },
        });
  return { ...tool, inputSchema: schema };
}

interface Asked {
  readonly input: Json;
  readonly context: Executing;
}

/** A call that changes nothing: sent again where the connection broke off. */
async function askAgain(tool: string, { input, context }: Asked, parts: ToolParts): Promise<ToolResult> {
  for (let tries = 1; ; tries += 1) {
    requireApproved(tool, parts);
    try {
      return await send(tool, { input, context }, parts, () => requireApproved(tool, parts));
    } catch (thrown) {
      const isBroken = thrown instanceof ParleyError && thrown.code === "mcp/interrupted";
      if (!isBroken || tries === TRIES) throw thrown;
      await realSleep(backOffMs(tries, BACK_OFF, context.environment.random()), context.signal);
    }
  }
}

/** A call with effects: sent once for each key. What was sent and has no known end is not sent again. */
async function callOnce(tool: string, { input, context }: Asked, parts: ToolParts): Promise<ToolResult> {
  const { idempotencyKey: key, person } = context;
  requireApproved(tool, parts);
  return await parts.calls.once(
    { key, person, by: parts.name },
    async (sent) =>
      await send(tool, { input, context }, parts, () => {
        requireApproved(tool, parts);
        sent();
      }),
  );
}

async function send(
  tool: string,
  { input, context }: Asked,
  { name, server, settings, hosts }: ToolParts,
  onSent: () => void,
): Promise<ToolResult> {
  const { signal, idempotencyKey: key } = context;
  const result = await server.call(tool, input, { key, signal, onSent });
  return await readResult(name, result, { limits: settings, context, hosts });
}

function requireApproved(tool: string, { name, isApproved }: ToolParts): void {
  if (isApproved(tool)) return;
  throw new ParleyError(
    "mcp/not-approved",
    `The tool of "${name}" is not what was approved, so it is not called. The admin can look at it: parley mcp tools`,
    { status: 403 },
  );
}

/** The schema as models see it: its words made harmless, and nothing in it that takes long to check. */
function readSchema(server: string, definition: ServerTool): JsonObject {
  const fault = faultOf(definition);
  if (fault === undefined) return JsonObject.parse(harmless(definition.inputSchema));
  throw new ParleyError(
    "mcp/unusable-tool",
    `The tool ${JSON.stringify(cleanText(definition.name, 80))} of "${server}" cannot be offered: ${fault}.`,
    { status: 422 },
  );
}

/** Why a tool cannot be offered; undefined where it can. */
export function faultOf({ inputSchema, fault }: ServerTool): string | undefined {
  if (fault !== undefined) return fault;
  if (isTooDeep(inputSchema)) return "its inputSchema is nested too deep";
  const { length } = JSON.stringify(inputSchema);
  if (length > LONGEST_SCHEMA) return `its inputSchema has ${length} characters, and ${LONGEST_SCHEMA} are read`;
  if (inputSchema["type"] !== "object") return 'its inputSchema is not of "type": "object"';
  const above = REFUSED_ABOVE.find((keyword) => Object.hasOwn(inputSchema, keyword));
  return above && `its inputSchema has "${above}" at the top, which no provider of models takes`;
}

/** Patterns are the server's to check: one of its making could take for ever here. Nor is anything fetched. */
function isLeftOut(key: string, value: Json): boolean {
  if (key === "patternProperties") return true;
  if (typeof value !== "string") return false;
  return key === "pattern" || key === "$dynamicRef" || (key === "$ref" && !value.startsWith("#/"));
}

function harmless(value: Json): Json {
  if (typeof value === "string") return cleanText(value, LONGEST_WORDS);
  if (Array.isArray(value)) return value.map((one: Json) => harmless(one));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, one]) => !isLeftOut(key, one));
  return Object.fromEntries(kept.map(([key, one]) => [cleanText(key, 100), harmless(one)]));
}
