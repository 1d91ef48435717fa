/** What is to be done about edits and deletions of messages that were answered already. */
import type { DeleteEvent, EditEvent } from "../event.ts";
import type { TurnRecord } from "../store/store.ts";
import { fingerprintOf } from "./content.ts";
import type { Turn } from "./decision.ts";

/** A deleted order's proposal waits no longer. Gives what the trace says; there is nothing to answer. */
export async function afterDeletion(turn: Turn, event: DeleteEvent): Promise<string> {
  const answered = await turn.dependencies.store.history.byMessage(event.conversation, event.messageId);
  const count = answered === undefined ? 0 : await withdraw(turn, answered);
  const waited = count > 0 ? "; what was proposed in answer to it is void" : "";
  return `a message was deleted after it had been answered${waited}`;
}

/**
 * Compared with what was answered: the same words and files are answered once, whatever the platform calls an edit.
 * Undefined when the edit is to be answered.
 */
export async function whyUnanswered(turn: Turn, event: EditEvent): Promise<string | undefined> {
  const { history } = turn.dependencies.store;
  const answered = await history.byMessage(event.conversation, event.messageId);
  if (answered === undefined) return undefined;
  const before = answered.messages?.find(({ id }) => id === event.messageId);
  if (before?.fingerprint === fingerprintOf(event))
    return "the edit changed neither words nor files of what was answered";
  if ((await withdraw(turn, answered)) > 0) return undefined;
  const [last] = await history.window(event.conversation, { session: answered.session, turns: 1 });
  if (last?.eventId === answered.eventId) return undefined;
  return "an older message was edited; only the last one is answered again";
}

/** What waits for a confirmation in answer to these words waits no longer. */
async function withdraw({ event, bot, recorder }: Turn, { conversation, eventId }: TurnRecord): Promise<number> {
  const count = await bot.toolset.confirmations.withdraw({ conversation, eventId }, { eventId: event.id });
  if (count > 0) recorder.step({ kind: "confirmation", name: "proposal", outcome: "withdrawn" });
  return count;
}
