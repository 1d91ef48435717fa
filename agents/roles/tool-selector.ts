import type { CrewState, RoleRun, RoleStep } from "./contract.ts";

/** Decides which tools are needed next; the orchestrator calls them. */
export async function selectTools(state: CrewState, { desk, roles }: RoleRun): Promise<RoleStep> {
  const selection = await roles.select(state, desk);
  switch (selection.kind) {
    case "call": {
      const { calls, transcript = [] } = selection;
      const update = { wanted: calls, transcript: [...state.transcript, ...transcript] };
      return { update, outcome: "call", detail: calls.map(({ tool }) => tool).join(", ") };
    }
    case "enough":
      return { update: { toolsSettled: true }, outcome: "enough" };
    case "answer":
      return { update: { toolsSettled: true, draft: selection.draft }, outcome: "answer" };
  }
}
