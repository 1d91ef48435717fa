/** What a tool of LangChain gave, as data for a model and words for a person. */
import { z } from "zod";
import { ParleyError } from "../errors.ts";
import { isTooDeep, Json, JsonObject } from "../json.ts";
import { cleanText, plainText } from "../text/clean-text.ts";
import { cutText } from "../text/cut.ts";
import type { Tool, ToolContext, ToolResult } from "../tool.ts";
import { citedPassages, readDocuments } from "./passages.ts";

/** The rest is cut off: a model gains nothing from it. */
const LONGEST = 50_000;
const LONGEST_TOLD = 2_000;

const Message = z.object({
  lc_namespace: z.array(z.string()).optional(),
  tool_call_id: z.string(),
  content: z.unknown(),
  artifact: z.unknown().optional(),
  status: z.enum(["success", "error"]).optional(),
});
const Command = z.object({ lg_name: z.literal("Command") });
const Blocks = z.array(z.looseObject({ type: z.string() })).min(1);
const TextBlock = z.object({ type: z.literal("text"), text: z.string() });

export interface ReadOptions {
  readonly name: string;
  readonly language: Tool["language"] | undefined;
  readonly context: ToolContext;
}

/** Reads it. Throws `langchain/tool-error` where the tool says that it failed, `langchain/unusable-result` for what only a graph knows. */
export async function readResult(given: unknown, options: ReadOptions): Promise<ToolResult> {
  const { name, context } = options;
  if (Command.safeParse(given).success)
    throw new ParleyError(
      "langchain/unusable-result",
      `The tool "${name}" gives a Command, which only a graph of LangGraph understands. Let it return what it found or did.`,
    );
  const message = Message.safeParse(given).data;
  const content = message === undefined ? given : message.content;
  if (message?.status === "error")
    throw new ParleyError(
      "langchain/tool-error",
      `${name} says that this did not work: ${told(textOf(content), 500)}`,
      {
        status: 422,
      },
    );
  const documents = readDocuments(message?.artifact) ?? readDocuments(content);
  if (documents !== undefined) return citedPassages(documents, { name, question: "", trace: context.trace });
  return resultOf(content, options);
}

function resultOf(content: unknown, { language = {}, context }: ReadOptions): ToolResult {
  const text = textOf(content);
  const data = text === undefined ? dataOf(content) : parsed(text);
  const isSaid = Object.values(language).some(({ says = [] }) => says.length > 0);
  const words = text === undefined || data !== undefined ? "" : told(text, LONGEST_TOLD);
  const value = data ?? { text: cleanText(text ?? "", LONGEST) };
  return {
    // A confirmed call's own words, for whoever confirmed it: shown as they are, not as Markdown.
    value: context.confirmed !== undefined && words !== "" ? { ...JsonObject.parse(value), message: words } : value,
    ...(words !== "" && !isSaid && { say: () => words }),
  };
}

/** The text of what is written for a model; undefined for data. */
function textOf(content: unknown): string | undefined {
  if (content === undefined || content === null) return "";
  if (typeof content === "string") return content;
  const blocks = Blocks.safeParse(content).data;
  if (blocks === undefined) return undefined;
  return blocks.map((block) => TextBlock.safeParse(block).data?.text ?? `(${block.type})`).join("\n");
}

const told = (text: string | undefined, most: number): string => plainText(text ?? "", most);

/** Data that was written as text, as most tools of LangChain do. */
function parsed(text: string): Json | undefined {
  if (!/^\s*[[{]/u.test(text) || text.length > LONGEST) return undefined;
  try {
    return dataOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function dataOf(value: unknown): Json | undefined {
  if (isTooDeep(value)) return undefined;
  const text = JSON.stringify(value) ?? "null";
  if (text.length > LONGEST) return { text: `${cutText(text, LONGEST)} (cut off)` };
  return Json.parse(JSON.parse(text));
}
