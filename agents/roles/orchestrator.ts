/** Owns the turn's state, calls the tools, and says which role works next. */
import { proposalReply } from "../../core/proposal-reply.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import type { CrewTurn } from "../../core/crew.ts";
import type { CrewState, MadeCall, NextRole, RoleRun, RoleStep } from "./contract.ts";

/** A reply carries no more. */
const MOST_CHOICES = 25;
/** How often words that arrive during the turn may start it over; later ones get a turn of their own. */
const MOST_RESTARTS = 3;

/** One visit: takes in new words, makes the wanted calls, and decides what comes next. */
export async function orchestrate(state: CrewState, run: RoleRun): Promise<RoleStep> {
  const { turn } = run.desk;
  const arrived = state.words.length > MOST_RESTARTS ? [] : turn.steering();
  if (arrived.length > 0) return startOver([...state.words, ...arrived], turn);
  if (state.intention === null) return goOn({ next: "intentAnalyzer" });
  if (state.wanted.length > 0) return await makeCalls(state, run);
  if (state.draft !== null) return goOn({ reply: replyOf(state, run.roles.model), next: "done" });
  return goOn({ next: nextRole(state, run) });
}

function goOn(update: Partial<CrewState> & Pick<CrewState, "next">): RoleStep {
  return { update, outcome: update.next };
}

/** New words start the turn over; what the tools gave stays, since nothing of it was undone. */
function startOver(words: readonly string[], turn: CrewTurn): RoleStep {
  turn.emit({ type: "reset" });
  const unread = { intention: null, wanted: [], made: [], transcript: [], toolsSettled: false, draft: null };
  return goOn({ words, ...unread, next: "intentAnalyzer" });
}

async function makeCalls(state: CrewState, run: RoleRun): Promise<RoleStep> {
  const made: MadeCall[] = [];
  for (const call of state.wanted) {
    const outcome = await run.calls.make(call.tool, call.input);
    made.push({ ...call, outcome });
    // A proposal ends the turn: its requester decides what happens next, no model does.
    if (outcome.status === "proposed") {
      const { input, turn } = run.desk;
      turn.emit({ type: "reset" });
      const reply = proposalReply(outcome.proposal, { locale: input.bot.locale });
      return goOn({ made: [...state.made, ...made], wanted: [], reply, next: "done" });
    }
  }
  const update = { made: [...state.made, ...made], wanted: [], rounds: state.rounds + 1 };
  return goOn({ ...update, next: nextRole({ ...state, ...update }, run) });
}

function nextRole(state: CrewState, { maxToolRounds }: RoleRun): NextRole {
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
