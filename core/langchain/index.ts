/** Tools and retrievers of LangChain as tool packs: called, confirmed, timed, traced and audited like every other tool. */
import type { ToolPackFactory } from "../bot.ts";
import type { ConfigIssue } from "../config/config-error.ts";
import { readSettings, SettingsError } from "../config/check-settings.ts";
import { ToolName } from "../define-tool.ts";
import { sentCallsTables } from "../store/sent-calls.ts";
import { isLangChainRetriever, isLangChainTool, type LangChainPart, mistakeInTools } from "./part.ts";
import { type LangChainOptions, Options } from "./settings.ts";

export type { LangChainOptions } from "./settings.ts";
export { isLangChainRetriever, isLangChainTool, type LangChainPart, mistakeInTools } from "./part.ts";

/** What a retriever is called, as the pack of documents calls its search: the name that models and configurations know. */
const OF_RETRIEVERS = "search_documents";

/**
 * Says of a tool or a retriever of LangChain what its own definition cannot: that it only reads, how people ask for it. As it
 * is, without this, it may stand in `tools` too. Throws `SettingsError` for wrong settings, or another thing.
 */
export function langchain(part: LangChainPart, options: LangChainOptions = {}): ToolPackFactory {
  const settings = readSettings(Options, options, "langchain");
  const isRetriever = isLangChainRetriever(part);
  if (!isRetriever && !isLangChainTool(part)) {
    const message = mistakeInTools(part) ?? "expected a tool or a retriever of LangChain";
    throw new SettingsError("langchain", [{ path: "", message }]);
  }
  const name = settings.name ?? (isRetriever ? OF_RETRIEVERS : part.name);
  const kind = isRetriever ? "retriever" : "tool";
  const isReadOnly = isRetriever || settings.readOnly;
  return {
    name,
    summary: { kind, readOnly: isReadOnly, scopes: settings.scopes, ...(settings.risk && { risk: settings.risk }) },
    missing: () => nameIssues(name),
    ...(!isReadOnly && { tables: async () => [sentCallsTables] }),
    open: async (context) => {
      const { openLangChain } = await import("./open.ts");
      return await openLangChain(part, { ...settings, name }, context);
    },
  };
}

/** The pack of an entry of `tools`. */
export function packOf(entry: ToolPackFactory | LangChainPart): ToolPackFactory {
  return "open" in entry ? entry : langchain(entry);
}

function nameIssues(name: string): readonly ConfigIssue[] {
  if (ToolName.safeParse(name).success) return [];
  const message = "models cannot call a tool of this name: it needs letters, digits and _, at most 64";
  const fix = 'Give it another one: langchain(tool, { name: "my_tool" }).';
  return [{ path: "name", message, value: JSON.stringify(name.slice(0, 80)), fix }];
}
