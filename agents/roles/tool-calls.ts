/** The one place of a crew that calls tools. */
import { createHash } from "node:crypto";
import type { CrewTurn } from "../../core/crew.ts";
import type { DescribedTool, ToolOutcome } from "../../core/tool.ts";
import type { MadeCall, WantedCall } from "./contract.ts";
import { statusOfTool } from "../prompts/status-lines.ts";

/** More requests are not put before a person at once: each has to be read before it is confirmed. */
export const MOST_PROPOSALS = 5;

/** The outcome of a call beyond that, which is not made. */
export const LEFT_OUT = {
  status: "refused",
  code: "crew/too-many-requests",
  message: `At most ${MOST_PROPOSALS} requests are put before a person at once. This one was not prepared.`,
} as const satisfies ToolOutcome;

export interface CallDesk {
  /** Makes a call, or gives the outcome of the same call of this turn again. */
  readonly make: (call: WantedCall) => Promise<ToolOutcome>;
  /** Each call of the turn once, whichever role asked for it. */
  readonly made: readonly MadeCall[];
  /** `private` once anything but public tools was asked, or something went wrong. */
  reached: "nothing" | "public" | "private";
}

/** Takes the place of nothing that waits. */
const NOTHING = "";

/**
 * Binds calling to a turn. A call's id follows from tool and arguments, so that a repeated turn, or a crew that takes
 * over after a failure, gives the tool the same idempotency key for the same call.
 */
export function createCallDesk(turn: CrewTurn, locale: string): CallDesk {
  const asked = new Map<string, Promise<ToolOutcome>>();
  const made: MadeCall[] = [];
  const call = async (wanted: WantedCall, listed: DescribedTool | undefined, callId: string): Promise<ToolOutcome> => {
    const { tool, input, frame, asked: words } = wanted;
    turn.emit({ type: "status", text: statusOfTool(listed, locale) });
    const supersedes = frame?.proposal ?? (frame?.isBeside === true ? NOTHING : undefined);
    const outcome = await turn.tools.call(tool, input, callId, { supersedes, asked: words });
    const isPublic = listed?.depends === "public" && outcome.status === "done";
    desk.reached = isPublic && desk.reached !== "private" ? "public" : "private";
    made.push({ ...wanted, outcome });
    return outcome;
  };
  const desk: CallDesk = {
    made,
    reached: "nothing",
    make: async (wanted) => {
      const { tool, input } = wanted;
      turn.signal.throwIfAborted();
      const listed = turn.tools.tools.find(({ name }) => name === tool);
      const callId = `${tool}.${fingerprintOf(input, listed)}`;
      const known = asked.get(callId);
      if (known !== undefined) return await known;
      const proposed = made.filter(({ outcome }) => outcome.status === "proposed");
      if (proposed.length >= MOST_PROPOSALS && listed?.confirmation !== "never") return LEFT_OUT;
      // Kept before it is over: calls that are made side by side may be the same one.
      const asking = call(wanted, listed, callId);
      asked.set(callId, asking);
      return await asking;
    },
  };
  return desk;
}

/** The same for the same arguments, whether they say what the tool takes for left out ones or not. */
function fingerprintOf(input: unknown, listed: DescribedTool | undefined): string {
  let read = input;
  try {
    read = listed?.parse(input) ?? input;
  } catch {
    // The registry refuses it, and says why.
  }
  return createHash("sha256").update(sortedJson(read)).digest("hex").slice(0, 24);
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
