/** Opens a part of LangChain for a bot. Its library is loaded here, and nowhere before. */
import type { OpenContext, OpenToolPack } from "../bot.ts";
import { openSentCalls } from "../store/sent-calls.ts";
import { isLangChainRetriever, type LangChainPart } from "./part.ts";
import { retrieverTool } from "./retriever.ts";
import type { LangChainSettings } from "./settings.ts";
import { langChainTool } from "./tool.ts";

/** Throws `langchain/unusable-tool` where its schema is none of an object. */
export async function openLangChain(
  part: LangChainPart,
  settings: LangChainSettings,
  { databases, bot, environment }: OpenContext,
): Promise<OpenToolPack> {
  if (isLangChainRetriever(part)) return { tools: [retrieverTool(part, settings)], close: async () => {} };
  if (settings.readOnly) return { tools: [langChainTool(part, settings)], close: async () => {} };
  const calls = await openSentCalls(databases, bot.id, environment.clock);
  return {
    tools: [langChainTool(part, settings, calls)],
    forget: calls.forget,
    check: async () => [
      {
        name: `tool ${settings.name}`,
        status: "ok",
        detail: `each call waits for its requester's confirmation. Where it changes nothing, say so in bots.config.ts: langchain(${settings.name}, { readOnly: true })`,
      },
    ],
    close: calls.close,
  };
}
