import { type Breaker, createBreaker } from "../../core/breaker/breaker.ts";
import type { Clock } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Metrics } from "../../core/telemetry.ts";
import type { Tool } from "../../core/tool.ts";
import { CallAbortedError, ToolsetError } from "./errors.ts";

/** A tool with the breaker of the service behind it. */
export interface ListedTool {
  readonly tool: Tool;
  readonly breaker: Breaker;
}

export interface CatalogueOptions {
  readonly tools: readonly Tool[];
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, "breaker">;
  readonly serviceOf: (tool: Tool) => string;
}

/**
 * The tools by name. Throws `tool/duplicate` when two share a name, and `tool/unconfirmed-risk` when one with high
 * risk asks for no confirmation.
 */
export function createCatalogue(options: CatalogueOptions): ReadonlyMap<string, ListedTool> {
  const breakers = new Map<string, Breaker>();
  const listed = new Map<string, ListedTool>();
  for (const tool of options.tools) {
    if (listed.has(tool.name)) {
      throw new ToolsetError("tool/duplicate", `Two tools are named "${tool.name}". Remove one, or rename it.`);
    }
    if (tool.risk === "high" && tool.confirmation !== "always") {
      throw new ToolsetError(
        "tool/unconfirmed-risk",
        `The tool "${tool.name}" has high risk and asks for no confirmation. Give it confirmation "always" and a "propose".`,
      );
    }
    const service = options.serviceOf(tool);
    const breaker = breakers.get(service) ?? breakerOf(service, options);
    breakers.set(service, breaker);
    listed.set(tool.name, { tool, breaker });
  }
  return listed;
}

function breakerOf(service: string, { clock, metrics }: CatalogueOptions): Breaker {
  return createBreaker({
    service,
    clock,
    counts: speaksAgainstService,
    onState: (state) => metrics.breaker({ service, state }),
  });
}

/** A refusal on purpose (no money, wrong input) says nothing about the service. */
function speaksAgainstService(thrown: unknown): boolean {
  if (thrown instanceof CallAbortedError) return false;
  return !(thrown instanceof ParleyError) || thrown.retryable || thrown.code.startsWith("store/");
}
