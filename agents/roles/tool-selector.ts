import { agentStep } from "./agent-step.ts";
import type { CrewState, Desk, Roles, Selection } from "./contract.ts";

/** Decides which tools are needed next; the orchestrator calls them. */
export async function selectTools(state: CrewState, desk: Desk, roles: Roles): Promise<Partial<CrewState>> {
  const selection = await agentStep(desk, "tool-selector", {
    work: async () => await roles.select(state, desk),
    note: (chosen) => ({
      outcome: chosen.kind,
      ...(chosen.kind === "call" && { detail: chosen.calls.map(({ tool }) => tool).join(", ") }),
    }),
  });
  return updateOf(selection, state);
}

function updateOf(selection: Selection, { transcript }: CrewState): Partial<CrewState> {
  switch (selection.kind) {
    case "call":
      return { wanted: selection.calls, transcript: [...transcript, ...(selection.transcript ?? [])] };
    case "enough":
      return { toolsSettled: true };
    case "answer":
      return { toolsSettled: true, draft: selection.draft };
  }
}
