import type { CrewState, RoleRun, RoleStep } from "./contract.ts";

/** Finds what the person wants. */
export async function analyzeIntent(state: CrewState, { desk, roles }: RoleRun): Promise<RoleStep> {
  const intention = await roles.analyze(state, desk);
  const { intent, route, confidence } = intention;
  return { update: { intention }, outcome: route, detail: `${intent}, confidence ${confidence.toFixed(2)}` };
}
