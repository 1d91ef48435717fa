import { describeError } from "../../core/errors.ts";
import type { CrewState, RoleStep } from "./contract.ts";
import type { RoleRun } from "./role-run.ts";

/**
 * A role as a node of the graph: its step runs inside a span and is written into the turn's trace. Nothing runs any more
 * when the turn was aborted.
 */
export function asNode(
  name: string,
  role: (state: CrewState, run: RoleRun) => Promise<RoleStep>,
): (state: { readonly turn: CrewState; readonly run: RoleRun }) => Promise<{ turn: Partial<CrewState> }> {
  return async ({ run, turn: state }) => {
    const { turn, clock, telemetry } = run.desk;
    turn.signal.throwIfAborted();
    const startedAt = clock();
    try {
      const { update, ...note } = await telemetry.inSpan({ name: `agent.${name}` }, async () => await role(state, run));
      turn.trace({ kind: "agent", name, milliseconds: Math.max(0, clock() - startedAt), ...note });
      return { turn: update };
    } catch (thrown) {
      const outcome = turn.signal.aborted ? "stopped" : "failed";
      const milliseconds = Math.max(0, clock() - startedAt);
      turn.trace({ kind: "agent", name, outcome, milliseconds, detail: describeError(thrown) });
      throw thrown;
    }
  };
}
