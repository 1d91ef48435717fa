/** What was asked for in one account must not go on in another: some tools end the requests that stand before them. */
import type { Dialogue } from "../dialogue.ts";
import { standingDialogue } from "./answer.ts";
import type { Session, Turn } from "./decision.ts";

/**
 * Where the requests stand after the tools of this turn. Where one of them ends requests, those from before the turn are
 * left out, and what waited for a confirmation is void; what this turn asked for stays.
 */
export async function dialogueAfterTools(
  turn: Turn,
  session: Session,
  dialogue: Dialogue | undefined,
): Promise<Dialogue | undefined> {
  if (!endsRequests(turn)) return dialogue;
  const { bot, event, recorder } = turn;
  const { conversation, id } = event;
  const voided = await bot.toolset.confirmations.withdraw({ conversation, notOf: id }, { eventId: id });
  if (voided > 0) recorder.step({ kind: "confirmation", name: "proposal", outcome: "void" });
  const before = standingDialogue(turn, session);
  const isFromBefore = (at: string): boolean => before.some((frame) => frame.at === at);
  return (dialogue ?? before).filter(({ at }) => !isFromBefore(at));
}

function endsRequests({ bot, recorder }: Turn): boolean {
  const ending = new Set(bot.toolset.tools.filter((tool) => tool.endsRequests === true).map(({ name }) => name));
  return recorder.steps.some(({ kind, name, outcome }) => kind === "tool" && outcome === "done" && ending.has(name));
}
