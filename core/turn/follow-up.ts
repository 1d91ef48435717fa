/** What was asked for after a request is done once that was carried out, and said to be left where it was not. */
import { goOnWithCrew, standingDialogue } from "./answer.ts";
import { describeError } from "../errors.ts";
import type { ReplyDraft } from "../reply.ts";
import type { Dialogue } from "../dialogue.ts";
import type { ListedAction } from "../tool.ts";
import type { Decision, Session, Turn } from "./decision.ts";
import { phrasesFor } from "./phrases.ts";

/**
 * Goes on behind the report of a decided proposal. Whether its time has come is read from the stored proposal, never from
 * the words: a turn that is replayed after a crash goes on in the same way, and a second press finds nothing left to do.
 */
export async function follow(
  turn: Turn,
  session: Session,
  report: ReplyDraft,
): Promise<Pick<Decision, "replies" | "dialogue">> {
  const dialogue = standingDialogue(turn, session);
  if (dialogue.every(({ followUp }) => followUp === undefined)) return { replies: [report] };
  const actions = await turn.bot.toolset.confirmations.list(turn.event.conversation);
  const { due, dropped, left } = dueIn(dialogue, actions);
  if (due.length + dropped.length === 0) return { replies: [report] };
  const { notFollowed } = phrasesFor(session.tools.locale);
  const told = { ...report, text: [report.text, ...dropped.map(notFollowed)].join("\n\n") };
  if (due.length === 0) return { replies: [told], dialogue: left };
  try {
    const {
      reply,
      further = [],
      dialogue: next,
    } = await goOnWithCrew(turn, session, {
      text: due.join("\n"),
      dialogue: left,
    });
    return { replies: [told, reply, ...further], dialogue: next ?? left };
  } catch (thrown) {
    if (turn.claim.signal.aborted) throw thrown;
    // What was carried out is told in any case.
    turn.recorder.step({ kind: "agent", name: "follow-up", outcome: "failed", detail: describeError(thrown) });
    return { replies: [{ ...told, text: [told.text, ...due.map(notFollowed)].join("\n\n") }], dialogue: left };
  }
}

/** What each decided request was to be followed by, and the requests without it: nothing is gone on with twice. */
export function dueIn(dialogue: Dialogue, actions: readonly Pick<ListedAction, "id" | "status">[]) {
  const due: string[] = [];
  const dropped: string[] = [];
  const left: Dialogue = dialogue.map((frame) => {
    const { followUp, ...rest } = frame;
    const status = followUp === undefined ? undefined : actions.find(({ id }) => id === frame.proposal)?.status;
    // What waits or is being carried out is followed up later.
    if (followUp === undefined || status === undefined || status === "pending" || status === "confirmed") return frame;
    (status === "executed" ? due : dropped).push(followUp);
    return rest;
  });
  return { due, dropped, left };
}
