/** Owns the turn's state, calls the tools, and says which role works next. */
import { proposalReply } from "../../core/proposal-reply.ts";
import type { Proposal, ReplyDraft } from "../../core/reply.ts";
import { agentStep } from "./agent-step.ts";
import type { CrewState, Desk, MadeCall, NextRole } from "./contract.ts";
import type { CallDesk } from "./tool-calls.ts";

/** What the orchestrator works with, besides the turn. */
export interface Orchestration {
  readonly desk: Desk;
  readonly calls: CallDesk;
  /** Named in the reply. */
  readonly model: string;
  /** Rounds of tool calls at most; then it is answered from what there is. */
  readonly maxToolRounds: number;
}

/** A reply carries no more. */
const MOST_CHOICES = 25;
/** How often words that arrive during the turn may start it over; later ones get a turn of their own. */
const MOST_RESTARTS = 3;

/** One visit: takes in new words, makes the wanted calls, and decides what comes next. */
export async function orchestrate(state: CrewState, orchestration: Orchestration): Promise<Partial<CrewState>> {
  return await agentStep(orchestration.desk, "orchestrator", {
    work: async () => await chooseStep(state, orchestration),
    note: (update) => ({ outcome: update.next ?? "done" }),
  });
}

async function chooseStep(state: CrewState, orchestration: Orchestration): Promise<Partial<CrewState>> {
  const steered = takeSteering(state, orchestration.desk);
  if (steered !== undefined) return steered;
  if (state.intention === null) return { next: "intentAnalyzer" };
  if (state.wanted.length > 0) return await makeCalls(state, orchestration);
  if (state.draft !== null) return { reply: replyOf(state, orchestration.model), next: "done" };
  return { next: nextRole(state, orchestration) };
}

/** New words start the turn over; what the tools gave stays, since nothing of it was undone. */
function takeSteering(state: CrewState, { turn }: Desk): Partial<CrewState> | undefined {
  if (state.words.length > MOST_RESTARTS) return undefined;
  const arrived = turn.steering();
  if (arrived.length === 0) return undefined;
  turn.emit({ type: "reset" });
  return {
    words: [...state.words, ...arrived],
    intention: null,
    wanted: [],
    made: [],
    transcript: [],
    toolsSettled: false,
    draft: null,
    next: "intentAnalyzer",
  };
}

async function makeCalls(state: CrewState, orchestration: Orchestration): Promise<Partial<CrewState>> {
  const made: MadeCall[] = [];
  for (const call of state.wanted) {
    const outcome = await orchestration.calls.call(call.tool, call.input);
    made.push({ ...call, outcome });
    // A proposal ends the turn: its requester decides what happens next, no model does.
    if (outcome.status === "proposed")
      return { made: [...state.made, ...made], ...proposed(outcome.proposal, orchestration) };
  }
  const update = { made: [...state.made, ...made], wanted: [], rounds: state.rounds + 1 };
  return { ...update, next: nextRole({ ...state, ...update }, orchestration) };
}

function proposed(proposal: Proposal, { desk }: Orchestration): Partial<CrewState> {
  desk.turn.emit({ type: "reset" });
  return { wanted: [], reply: proposalReply(proposal, { locale: desk.input.bot.locale }), next: "done" };
}

function nextRole(state: CrewState, { maxToolRounds }: Orchestration): NextRole {
  return state.toolsSettled || state.rounds >= maxToolRounds ? "responseGenerator" : "toolSelector";
}

function replyOf({ draft, made }: CrewState, model: string): ReplyDraft {
  const { text = "", confidence = 0, sources = [] } = draft ?? {};
  const results = made.flatMap(({ outcome }) => (outcome.status === "done" ? [outcome.result] : []));
  const cards = results.flatMap((result) => result.cards ?? []);
  const own = draft?.choices ?? [];
  const choices = own.length > 0 ? own : results.flatMap((result) => result.choices ?? []).slice(0, MOST_CHOICES);
  const files = results.flatMap((result) => result.files ?? []);
  return {
    text,
    confidence,
    model,
    sources,
    ...(choices.length > 0 && { choices: [...choices] }),
    ...(cards.length > 0 && { cards }),
    ...(files.length > 0 && { files }),
  };
}
