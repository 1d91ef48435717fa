/**
 * LangChain's own parts as they may stand in a bot's `tools`, told by their shape: packages bring copies of its classes, and
 * nothing of it is loaded before a bot is opened.
 */

/** A tool: what `tool()` makes, a `StructuredTool`, a `Runnable` as a tool. */
export interface LangChainTool {
  readonly name: string;
  readonly description?: string | undefined;
  /** Zod 3, Zod 4 or JSON Schema. */
  readonly schema: unknown;
  readonly responseFormat?: string | undefined;
  invoke(input: unknown, config?: unknown): Promise<unknown>;
}

/** A document that a retriever found. */
interface LangChainDocument {
  readonly pageContent: string;
  readonly metadata: object;
}

/** A `BaseRetriever`. */
export interface LangChainRetriever {
  invoke(input: unknown, config?: unknown): Promise<readonly LangChainDocument[]>;
}

export type LangChainPart = LangChainTool | LangChainRetriever;

const has = (value: unknown, member: string, type: string): boolean =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, member) === type;

/** Whether a value is a tool of LangChain. */
export function isLangChainTool(value: unknown): value is LangChainTool {
  return has(value, "name", "string") && has(value, "schema", "object") && has(value, "invoke", "function");
}

/** Whether a value is a retriever of LangChain. */
export function isLangChainRetriever(value: unknown): value is LangChainRetriever {
  return has(value, "invoke", "function") && has(value, "_getRelevantDocuments", "function");
}

/** What is no part, and looks like one: what it is, and what to write instead. */
const mistakes: readonly { readonly is: (value: unknown) => boolean; readonly message: string }[] = [
  {
    is: (value) => has(value, "asRetriever", "function"),
    message: "a vector store is no tool: expected its retriever, such as store.asRetriever()",
  },
  {
    is: (value) => has(value, "getTools", "function") || has(value, "tools", "object"),
    message: "a toolkit is no tool: expected its tools, such as ...toolkit.getTools()",
  },
  { is: (value) => has(value, "then", "function"), message: "a promise is no tool: wait for it, such as await tools" },
  {
    is: Array.isArray,
    message: "a list is no tool: expected what is in it, such as ...tools",
  },
  {
    is: (value) => has(value, "bindTools", "function"),
    message: 'a chat model is no tool: it belongs into the crew, such as crew({ model: "openai:gpt-5.5" })',
  },
  {
    is: (value) => has(value, "execute", "function") && has(value, "inputSchema", "object"),
    message:
      'a tool of defineTool stands in a tool pack, such as { name: "mine", summary: {}, open: async () => ({ tools: [tool], close: async () => {} }) }',
  },
  {
    is: (value) => has(value, "invoke", "function"),
    message:
      "a runnable is no tool yet: expected one with a name and a schema, such as runnable.asTool({ name, schema })",
  },
  {
    is: (value) => typeof value === "function",
    message: "a function is no tool: call it, or make a tool of it with tool()",
  },
];

/** What is wrong with an entry of `tools`, where it is a known mistake. */
export function mistakeInTools(value: unknown): string | undefined {
  return mistakes.find(({ is }) => is(value))?.message;
}
