import type { Telemetry } from "../../core/telemetry.ts";
import type { ListedTool } from "./catalogue.ts";
import { CallAbortedError, ToolTimeoutError } from "./errors.ts";

export interface RunOptions {
  readonly telemetry: Telemetry;
  readonly timeoutMs: number;
}

/** Which step of a tool runs, and for whom: the caller's signal stops it. */
export interface ToolStep {
  readonly name: "propose" | "execute";
  readonly signal: AbortSignal;
}

/**
 * Runs one step of a tool behind its breaker, in a span, and no longer than allowed. A tool that ignores its signal
 * is left behind. Throws what the tool throws, `tool/timeout`, `breaker/open`, or the abort's reason.
 */
export async function runTool<Result>(
  { tool, breaker }: ListedTool,
  step: ToolStep,
  work: (signal: AbortSignal) => Promise<Result>,
  options: RunOptions,
): Promise<Result> {
  step.signal.throwIfAborted();
  const span = { name: `tool.${step.name}`, attributes: { "parley.tool": tool.name } };
  const call = async (): Promise<Result> => await limited(tool.name, step, work, options.timeoutMs);
  try {
    return await breaker.run(async () => await options.telemetry.inSpan(span, call));
  } catch (thrown) {
    step.signal.throwIfAborted();
    throw thrown;
  }
}

async function limited<Result>(
  tool: string,
  step: ToolStep,
  work: (signal: AbortSignal) => Promise<Result>,
  timeoutMs: number,
): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new ToolTimeoutError(tool, timeoutMs)), timeoutMs);
  const signal = AbortSignal.any([step.signal, limit.signal]);
  try {
    return await Promise.race([work(signal), rejection(signal)]);
  } catch (thrown) {
    if (step.signal.aborted) throw new CallAbortedError("The caller went away", { cause: thrown });
    throw limit.signal.aborted ? limit.signal.reason : thrown;
  } finally {
    clearTimeout(timer);
  }
}

async function rejection(signal: AbortSignal): Promise<never> {
  return await new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
