import type { DescribedTool } from "../../core/tool.ts";

/** So many examples tell a model what is meant; more cost tokens in every call. */
const EXAMPLES = 3;

/** A tool's description for a model, with what it is for and how people ask. The same for every message: prompts are cached. */
export function describedTool({ description, language }: DescribedTool): string {
  const [words] = Object.values(language);
  if (words === undefined) return description;
  const asks = words.asks.slice(0, EXAMPLES).map((ask) => JSON.stringify(ask));
  return `${description}\nFor people who want to: ${words.title}. They ask like this: ${asks.join(", ")}.`;
}
