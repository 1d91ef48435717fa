/** The one place of a crew that calls tools. */
import { createHash } from "node:crypto";
import type { CrewTurn } from "../../core/crew.ts";
import type { ToolOutcome } from "../../core/tool.ts";
import { statusOfTool } from "../prompts/status-lines.ts";

export interface CallDesk {
  /** Makes a call, or gives the outcome of the same call of this turn again. */
  readonly make: (tool: string, input: unknown) => Promise<ToolOutcome>;
  /** `private` once anything but public tools was asked, or something went wrong. */
  reached: "nothing" | "public" | "private";
}

/**
 * Binds calling to a turn. A call's id follows from tool and arguments, so that a repeated turn, or a crew that takes
 * over after a failure, gives the tool the same idempotency key for the same call.
 */
export function createCallDesk(turn: CrewTurn, locale: string): CallDesk {
  const outcomes = new Map<string, ToolOutcome>();
  const desk: CallDesk = {
    reached: "nothing",
    make: async (tool, input) => {
      turn.signal.throwIfAborted();
      const fingerprint = createHash("sha256").update(sortedJson(input)).digest("hex").slice(0, 24);
      const callId = `${tool}.${fingerprint}`;
      const known = outcomes.get(callId);
      if (known !== undefined) return known;
      turn.emit({ type: "status", text: statusOfTool(tool, locale) });
      const outcome = await turn.tools.call(tool, input, callId);
      const listed = turn.tools.tools.find(({ name }) => name === tool);
      const isPublic = listed?.depends === "public" && outcome.status === "done";
      desk.reached = isPublic && desk.reached !== "private" ? "public" : "private";
      outcomes.set(callId, outcome);
      return outcome;
    },
  };
  return desk;
}

/** JSON with sorted keys: the same arguments in another order are the same call. */
function sortedJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
  return text ?? "";
}
