import type { CrewState, RoleStep } from "./contract.ts";
import type { RoleRun } from "./role-run.ts";

/** Writes the answer. It is handed what the tools gave and can call none. */
export async function generateResponse(state: CrewState, { team }: RoleRun): Promise<RoleStep> {
  const { desk, roles } = await team.answering(state);
  const draft = await roles.respond(state, desk);
  const { confidence, sources = [], act, missing, data } = draft;
  const detail = `confidence ${confidence.toFixed(2)}, ${sources.length} sources`;
  return { update: { draft }, outcome: "done", detail, act, missing, data };
}
