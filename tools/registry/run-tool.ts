import { ParleyError } from "../../core/errors.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { linkSignals, untilAborted } from "../../core/timing/signals.ts";
import type { ListedTool } from "./catalogue.ts";
import { CallAbortedError } from "./errors.ts";

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
  const { telemetry, timeoutMs } = options;
  step.signal.throwIfAborted();
  const span = { name: `tool.${step.name}`, attributes: { "parley.tool": tool.name } };
  const runInTime = async (): Promise<Result> => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(lateError(tool.name, timeoutMs)), timeoutMs);
    const { signal, release } = linkSignals([step.signal, limit.signal]);
    try {
      return await untilAborted(signal, work);
    } catch (thrown) {
      if (step.signal.aborted) throw new CallAbortedError("The caller went away", { cause: thrown });
      throw limit.signal.aborted ? limit.signal.reason : thrown;
    } finally {
      clearTimeout(timer);
      release();
    }
  };
  try {
    return await breaker.run(async () => await telemetry.inSpan(span, runInTime));
  } catch (thrown) {
    step.signal.throwIfAborted();
    throw thrown;
  }
}

function lateError(tool: string, timeoutMs: number): ParleyError {
  return new ParleyError("tool/timeout", `${tool} did not answer within ${timeoutMs} ms.`, {
    retryable: true,
    status: 504,
  });
}
