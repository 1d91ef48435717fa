import type { Tool, ToolContext } from "../../core/tool.ts";

/** Why a caller may not use a tool; undefined when it may. It needs every scope that the tool names. */
export function refusalOf(
  tool: Tool,
  context: Pick<ToolContext, "scopes" | "chatType">,
): { readonly code: string; readonly message: string } | undefined {
  const missing = tool.scopes.filter((scope) => !context.scopes.has(scope));
  if (missing.length === 0) return undefined;
  if (missing.includes("private") && context.chatType === "group") {
    return {
      code: "tool/private",
      message:
        "Others can read along in a group, so this is only possible in a direct chat. Please write to me directly.",
    };
  }
  return { code: "tool/not-allowed", message: "You are not allowed to use this here." };
}
