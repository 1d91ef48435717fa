import { describeError, ParleyError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { ToolOutcome } from "../../core/tool.ts";

/** A call that did not succeed, as data. */
export type Unsuccessful = Extract<ToolOutcome, { readonly status: "refused" | "failed" }>;

/**
 * Turns what a tool threw into an outcome. A `ParleyError` is the tool's own answer: refused when the caller can mend
 * it (status below 500), else failed. Anything else is a bug: logged loudly, and told without its text.
 */
export function outcomeOf(thrown: unknown, tool: string, log: Logger): Unsuccessful {
  if (!(thrown instanceof ParleyError)) {
    const stack = thrown instanceof Error ? thrown.stack : undefined;
    log.error({ tool, error: describeError(thrown), stack }, "a tool threw something unexpected");
    return { status: "failed", code: "tool/failed", message: "That did not work because of an internal error." };
  }
  const { code, message } = thrown;
  if (code.startsWith("store/")) {
    log.error({ tool, error: describeError(thrown) }, "a tool's store failed");
    return { status: "failed", code, message: "That is not possible right now. Please try again in a moment." };
  }
  if (code === "tool/timeout" || code === "breaker/open") {
    log.warn({ tool, error: describeError(thrown) }, "a tool is not available");
    return {
      status: "failed",
      code,
      message: "That service is not answering right now. Please try again in a minute.",
    };
  }
  return { status: thrown.status < 500 ? "refused" : "failed", code, message };
}
