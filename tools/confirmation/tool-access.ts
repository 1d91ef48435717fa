import type { Json } from "../../core/json.ts";
import type { Echo, ToolContext, ToolResult } from "../../core/tool.ts";

/** The tools as confirmations use them: by name, with the registry's time limits, breakers and measures around them. */
export interface ToolAccess {
  readonly knows: (tool: string) => boolean;
  /** Why the caller may not use the tool; undefined when it may. */
  readonly refusal: (
    tool: string,
    context: ToolContext,
  ) => { readonly code: string; readonly message: string } | undefined;
  /** Names that would make it another call; none where the tool cannot tell. */
  readonly alternatives: (tool: string, input: Json, context: ToolContext) => Promise<readonly string[]>;
  /** What can be done about an executed call; undefined where the tool does not say. */
  readonly afterwards: (tool: string, locale: string) => string | undefined;
  /** Throws what the tool throws. */
  readonly propose: (tool: string, input: Json, context: ToolContext) => Promise<Echo>;
  /** Throws what the tool throws, or `tool/timeout`. */
  readonly execute: (
    tool: string,
    input: Json,
    context: ToolContext & { readonly idempotencyKey: string },
  ) => Promise<ToolResult>;
}
