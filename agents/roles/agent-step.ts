import { describeError } from "../../core/errors.ts";
import type { Desk } from "./contract.ts";

/** What a step says about itself in the trace. Never message text or personal data. */
export interface StepNote {
  readonly outcome: string;
  readonly detail?: string;
}

/**
 * Runs one role's step inside a span and writes it into the turn's trace. Stops before it when the turn was aborted.
 */
export async function agentStep<Result>(
  desk: Desk,
  name: string,
  step: { readonly work: () => Promise<Result>; readonly note: (result: Result) => StepNote },
): Promise<Result> {
  const { turn, clock, telemetry } = desk;
  turn.signal.throwIfAborted();
  const startedAt = clock();
  const milliseconds = (): number => Math.max(0, clock() - startedAt);
  try {
    const result = await telemetry.inSpan({ name: `agent.${name}` }, step.work);
    turn.trace({ kind: "agent", name, milliseconds: milliseconds(), ...step.note(result) });
    return result;
  } catch (thrown) {
    const outcome = turn.signal.aborted ? "stopped" : "failed";
    turn.trace({ kind: "agent", name, outcome, milliseconds: milliseconds(), detail: describeError(thrown) });
    throw thrown;
  }
}
