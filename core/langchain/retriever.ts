/** A retriever of LangChain as the tool that finds passages. */
import { z } from "zod";
import { defineTool } from "../define-tool.ts";
import { ParleyError } from "../errors.ts";
import type { Tool } from "../tool.ts";
import type { LangChainRetriever } from "./part.ts";
import { citedPassages, readDocuments } from "./passages.ts";
import type { LangChainSettings } from "./settings.ts";

const Input = z.object({
  query: z
    .string()
    .min(1)
    .max(10_000)
    .describe("The question in the user's own words, complete enough to be understood alone"),
});

const DESCRIPTION =
  "Searches the documents and returns the passages that fit a question, each with a literal quote and its place. Cite what it " +
  "returns. `found: false` means that the documents do not answer: say so and do not guess.";

/** Makes it. */
export function retrieverTool(retriever: LangChainRetriever, settings: LangChainSettings): Tool {
  const { name, description = DESCRIPTION, scopes, depends, slots, language } = settings;
  return defineTool({
    name,
    description,
    input: Input,
    purpose: "documents",
    risk: "low",
    confirmation: "never",
    scopes,
    depends,
    ...(slots && { slots }),
    ...(language && { language }),
    execute: async ({ query }, context) => {
      const { bot, account, conversation, chatType, userId, person, locale, signal } = context;
      const configurable = { thread_id: conversation, bot, account, chatType, userId, person, locale };
      const given: unknown = await retriever.invoke(query, { signal, configurable });
      const documents = Array.isArray(given) && given.length === 0 ? [] : readDocuments(given);
      if (documents === undefined)
        throw new ParleyError(
          "langchain/unusable-result",
          `The retriever "${name}" gives no documents. Let it return a list of { pageContent, metadata }.`,
        );
      return citedPassages(documents, { name, question: query, trace: context.trace });
    },
  });
}
