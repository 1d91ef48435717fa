/** Owns the turn's state, calls the tools, and says which role works next. */
import type { CrewTurn } from "../../core/crew.ts";
import type { CrewState, MadeCall, NextRole, RoleStep, WantedCall } from "./contract.ts";
import type { RoleRun } from "./role-run.ts";
import { hasProposal, repliesOf } from "./replies.ts";

/** How often words that arrive during the turn may start it over; later ones get a turn of their own. */
const MOST_RESTARTS = 3;

/** One visit: takes in new words, makes the wanted calls, and decides what comes next. */
export async function orchestrate(state: CrewState, run: RoleRun): Promise<RoleStep> {
  const { turn } = run.desk;
  // What is put before the person is answered first: whatever they say meanwhile may be about it.
  const arrived = state.words.length > MOST_RESTARTS || hasProposal(state) ? [] : turn.steering();
  if (arrived.length > 0) return startOver(state, arrived, turn);
  if (state.intention === null) return goOn({ next: "intentAnalyzer" });
  if (state.wanted.length > 0) return await makeCalls(state, run);
  if (state.draft !== null) return conclude(state, run);
  return goOn({ next: nextRole(state, run) });
}

function goOn(update: Partial<CrewState> & Pick<CrewState, "next">): RoleStep {
  return { update, outcome: update.next };
}

function conclude(state: CrewState, { desk, roles }: RoleRun): RoleStep {
  const replies = repliesOf(state, { locale: desk.input.locale, model: roles.model });
  // What was streamed is no part of a request.
  if (replies[0].proposal !== undefined) desk.turn.emit({ type: "reset" });
  return goOn({ replies, next: "done" });
}

/** New words start the turn over; what the tools gave stays, since nothing of it was undone. */
function startOver({ words, made }: CrewState, arrived: readonly string[], turn: CrewTurn): RoleStep {
  turn.emit({ type: "reset" });
  const unread = {
    intention: null,
    wanted: [],
    earlier: made.length,
    transcript: [],
    toolsSettled: false,
    atWork: [],
    draft: null,
  };
  return goOn({ words: [...words, ...arrived], ...unread, next: "intentAnalyzer" });
}

/** What only reads is asked side by side; what may have effects comes one after the other, in the order of the words. */
async function makeCalls(state: CrewState, run: RoleRun): Promise<RoleStep> {
  const { wanted } = state;
  const { tools } = run.desk.turn.tools;
  const mayChange = ({ tool }: WantedCall): boolean =>
    tools.find(({ name }) => name === tool)?.confirmation !== "never";
  const outcomes = new Map<WantedCall, MadeCall>();
  const make = async (call: WantedCall): Promise<void> => {
    outcomes.set(call, { ...call, outcome: run.team.refusal(call) ?? (await run.calls.make(call)) });
  };
  await Promise.all(wanted.filter((call) => !mayChange(call)).map(make));
  for (const call of wanted.filter(mayChange)) await make(call);
  const made = [...state.made, ...wanted.flatMap((call) => outcomes.get(call) ?? [])];
  // Whoever said that these were the last calls did not know that one of them fails.
  const hasFailed = [...outcomes.values()].some(({ outcome }) => "code" in outcome);
  const toolsSettled = state.toolsSettled && !hasFailed;
  const update = { made, wanted: [], rounds: state.rounds + 1, toolsSettled };
  return goOn({ ...update, next: nextRole({ ...state, ...update }, run) });
}

function nextRole(state: CrewState, { maxToolRounds }: RoleRun): NextRole {
  return state.toolsSettled || state.rounds >= maxToolRounds ? "responseGenerator" : "toolSelector";
}
