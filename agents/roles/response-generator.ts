import type { CrewState, RoleRun, RoleStep } from "./contract.ts";

/** Writes the answer. It is handed what the tools gave and can call none. */
export async function generateResponse(state: CrewState, { desk, roles }: RoleRun): Promise<RoleStep> {
  const draft = await roles.respond(state, desk);
  const { confidence, sources = [] } = draft;
  const detail = `confidence ${confidence.toFixed(2)}, ${sources.length} sources`;
  return { update: { draft }, outcome: "done", detail };
}
