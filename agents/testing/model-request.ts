/** What a model was asked, in plain words: what tests look at, what recordings keep. */
import { isLangChainTool } from "@langchain/core/utils/function_calling";
import type { BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import { textOf } from "../models/message-content.ts";

const Call = z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) });

const AskedMessage = z.object({
  role: z.enum(["system", "person", "model", "tool", "other"]),
  text: z.string(),
  /** Tools that the model called in it. */
  calls: z.array(Call).exactOptional(),
});
export type AskedMessage = z.infer<typeof AskedMessage>;

const AskedTool = z.object({ name: z.string(), description: z.string().default(""), schema: z.unknown() });

/** One request to a model. */
export const ModelRequest = z.object({ messages: z.array(AskedMessage), tools: z.array(AskedTool) });
export type ModelRequest = z.infer<typeof ModelRequest>;

const roles: Readonly<Record<string, AskedMessage["role"]>> = {
  system: "system",
  human: "person",
  ai: "model",
  tool: "tool",
};

const Calls = z.object({
  tool_calls: z.array(z.object({ name: z.string(), args: z.record(z.string(), z.unknown()) })).default([]),
});

/** The forms in which tools reach a model: of OpenAI, of Claude. */
const Bound = z.union([
  z
    .object({
      function: z.object({ name: z.string(), description: z.string().default(""), parameters: z.unknown() }),
    })
    .transform(({ function: { name, description, parameters } }) => ({ name, description, schema: parameters })),
  z
    .object({ name: z.string(), description: z.string().default(""), input_schema: z.unknown() })
    .transform(({ name, description, input_schema }) => ({ name, description, schema: input_schema })),
]);

/** Reads a request as LangChain makes it. */
export function readRequest(messages: readonly BaseMessage[], tools: readonly unknown[]): ModelRequest {
  return {
    messages: messages.map((message) => {
      const calls = (Calls.safeParse(message).data?.tool_calls ?? []).map(({ name, args }) => ({
        tool: name,
        input: args,
      }));
      const role = roles[message.getType()] ?? "other";
      return { role, text: textOf(message), ...(calls.length > 0 && { calls }) };
    }),
    tools: tools.map((tool) => {
      const bound = Bound.safeParse(tool).data;
      if (bound !== undefined) return bound;
      const { name, description = "" } = isLangChainTool(tool) ? tool : { name: "unknown" };
      return { name, description, schema: undefined };
    }),
  };
}

/** The newest words: what a person said or a tool gave. */
export function newestText({ messages }: ModelRequest): string {
  return messages.at(-1)?.text ?? "";
}

/** All of it, a line for each part: for people, and to tell one request from another. */
export function requestLines({ messages, tools }: ModelRequest): readonly string[] {
  return [
    ...messages.flatMap(({ role, text, calls = [] }) => [
      `[${role}]`,
      ...text.split("\n"),
      ...calls.map(({ tool, input }) => `calls ${tool}(${JSON.stringify(input)})`),
    ]),
    ...tools.map(({ name, description, schema }) => `tool ${name}: ${description} ${JSON.stringify(schema)}`),
  ];
}

const LONGEST = 300;

/** The newest words and the tools, cut short: for whoever looks at a failure. */
export function requestInShort(request: ModelRequest): string {
  const text = newestText(request);
  const shown = text.length > LONGEST ? `…${text.slice(-LONGEST)}` : text;
  const tools = request.tools.map(({ name }) => name).join(", ") || "none";
  return `asked: ${JSON.stringify(shown)}\n  tools: ${tools}`;
}
