import { agentStep } from "./agent-step.ts";
import type { CrewState, Desk, Roles } from "./contract.ts";

/** Finds what the person wants. */
export async function analyzeIntent(state: CrewState, desk: Desk, roles: Roles): Promise<Partial<CrewState>> {
  const intention = await agentStep(desk, "intent-analyzer", {
    work: async () => await roles.analyze(state, desk),
    note: ({ intent, route, confidence }) => ({
      outcome: route,
      detail: `${intent}, confidence ${confidence.toFixed(2)}`,
    }),
  });
  return { intention };
}
