import type { CrewState, RoleStep } from "./contract.ts";
import type { RoleRun } from "./role-run.ts";
import { updateOf } from "./tool-selector.ts";

/** Finds what the person wants. */
export async function analyzeIntent(state: CrewState, { desk, roles, team }: RoleRun): Promise<RoleStep> {
  const intention = await roles.analyze(state, desk);
  const { intent, route, confidence, reading, selection } = intention;
  const atWork = team.chosen(intention);
  const chosen = atWork.length === 0 ? "" : `, ${atWork.join(" and ")}`;
  const detail = `${intent}, confidence ${confidence.toFixed(2)}${chosen}`;
  // The request as it was recognised, whatever the turn makes of it.
  const recognized = reading?.understood.recognized.label;
  const calls = selection && updateOf(selection, state);
  const update = { intention, ...calls, atWork, ...(atWork.length > 0 && { transcript: [] }) };
  return { update, outcome: route, detail, ...(recognized && { data: { recognized } }) };
}
