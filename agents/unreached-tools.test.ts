import { expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../core/define-tool.ts";
import type { ToolDefinition } from "../core/tool.ts";
import { checkReached } from "./unreached-tools.ts";

const tool = (
  name: string,
  { language = {}, ...more }: Pick<Partial<ToolDefinition<z.ZodType, null>>, "language" | "purpose"> = {},
) =>
  defineTool({
    name,
    ...more,
    description: "Does something.",
    input: z.strictObject({}),
    language,
    risk: "low",
    confirmation: "never",
    scopes: [],
    depends: "public",
    execute: async () => ({ value: null }),
  });

it("names the tools that nothing tells the embedded brain how to ask for, with the fix", async () => {
  const tools = [
    tool("spoken", { language: { en: { title: "do it", asks: ["do it"] } } }),
    tool("of_an_intent"),
    tool("of_a_request"),
    tool("find_passages", { purpose: "documents" }),
    tool("mute"),
  ];
  const intents = { it: { examples: ["do that"], tool: "of_an_intent" } };
  const requests = async () => [{ name: "of_a_request", examples: { en: ["do this"] }, documents: false }];
  expect(await checkReached({ tools, intents, requests })).toEqual([
    {
      name: "tools without a language",
      status: "warning",
      detail: "the embedded brain cannot call mute: it does not know how people ask for them",
      remedy: expect.stringContaining("defineTool"),
    },
  ]);
  expect(await checkReached({ tools: tools.slice(0, 4), intents, requests })).toEqual([]);
});
