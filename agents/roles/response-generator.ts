import { agentStep } from "./agent-step.ts";
import type { CrewState, Desk, Roles } from "./contract.ts";

/** Writes the answer. It is handed what the tools gave and can call none. */
export async function generateResponse(state: CrewState, desk: Desk, roles: Roles): Promise<Partial<CrewState>> {
  const draft = await agentStep(desk, "response-generator", {
    work: async () => await roles.respond(state, desk),
    note: ({ confidence, sources = [] }) => ({
      outcome: "done",
      detail: `confidence ${confidence.toFixed(2)}, ${sources.length} sources`,
    }),
  });
  return { draft };
}
