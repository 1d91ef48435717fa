import type { CrewState, RoleStep, Selection } from "./contract.ts";
import type { RoleRun } from "./role-run.ts";

const ENOUGH: Selection = { kind: "enough" };

/** Decides which tools are needed next; the orchestrator calls them. */
export async function selectTools(state: CrewState, { team }: RoleRun): Promise<RoleStep> {
  const { desk, roles } = await team.selecting(state);
  const selection = team.isDone(state, desk) ? ENOUGH : await roles.select(state, desk);
  const [by, ...others] = state.atWork;
  const update = updateOf(selection, state);
  if (selection.kind !== "call") {
    // The next specialist goes on with what the one before found; after the last one it is answered.
    if (selection.kind === "answer" || others.length === 0) return { update, outcome: selection.kind };
    return { update: { atWork: others, transcript: [] }, outcome: "hand-on", detail: others.join(" and ") };
  }
  const detail = selection.calls.map(({ tool }) => tool).join(", ");
  if (by === undefined) return { update, outcome: "call", detail };
  const wanted = selection.calls.map((call) => ({ ...call, by }));
  const isLast = selection.isLast === true;
  const next = isLast && others.length > 0 ? { atWork: others, transcript: [], toolsSettled: false } : {};
  return { update: { ...update, wanted, ...next }, outcome: "call", detail: `${detail} by ${by}` };
}

/** What a selection adds to the state. */
export function updateOf(selection: Selection, state: Pick<CrewState, "transcript">): Partial<CrewState> {
  switch (selection.kind) {
    case "call": {
      const { calls, transcript = [], isLast = false } = selection;
      return { wanted: calls, transcript: [...state.transcript, ...transcript], toolsSettled: isLast };
    }
    case "enough":
      return { toolsSettled: true };
    case "answer":
      return { toolsSettled: true, draft: selection.draft };
  }
}
