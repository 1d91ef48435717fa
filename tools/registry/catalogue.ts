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

/** A bot's tools by name: those it was opened with, and those that come and go. */
export interface Catalogue {
  readonly find: (name: string) => ListedTool | undefined;
  readonly all: () => readonly ListedTool[];
}

export interface CatalogueOptions {
  readonly tools: readonly Tool[];
  /** Those that are there now besides; one that has the name of another is left out. */
  readonly changing?: () => readonly Tool[];
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, "breaker">;
  readonly serviceOf: (tool: Tool) => string;
}

/**
 * The tools by name. Throws `tool/duplicate` when two share a name, and `tool/unconfirmed-risk` when one with high
 * risk asks for no confirmation.
 */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const breakers = new Map<string, Breaker>();
  const fixed = new Map<string, ListedTool>();
  const listed = (tool: Tool): ListedTool => {
    const service = options.serviceOf(tool);
    const breaker = breakers.get(service) ?? breakerOf(service, options);
    breakers.set(service, breaker);
    return { tool, breaker };
  };
  for (const tool of options.tools) {
    if (fixed.has(tool.name)) {
      throw new ToolsetError("tool/duplicate", `Two tools are named "${tool.name}". Remove one, or rename it.`);
    }
    if (isUnconfirmedRisk(tool)) {
      throw new ToolsetError(
        "tool/unconfirmed-risk",
        `The tool "${tool.name}" has high risk and asks for no confirmation. Give it confirmation "always" and a "propose".`,
      );
    }
    fixed.set(tool.name, listed(tool));
  }
  const changing = (): readonly Tool[] =>
    (options.changing?.() ?? []).filter((tool) => !fixed.has(tool.name) && !isUnconfirmedRisk(tool));
  return {
    find: (name) => {
      const known = fixed.get(name);
      if (known !== undefined) return known;
      const found = changing().find((tool) => tool.name === name);
      return found && listed(found);
    },
    all: () => [...fixed.values(), ...changing().map(listed)],
  };
}

function isUnconfirmedRisk({ risk, confirmation }: Tool): boolean {
  return risk === "high" && confirmation !== "always";
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
