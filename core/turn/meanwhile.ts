/** Turns of a conversation that people have, and how it is given to them and back. */
import {
  HAND_OVER_TOOL,
  backChoice,
  backText,
  begunText,
  ruleBroken,
  strainAfter,
  wantsBack,
} from "../hand-over/index.ts";
import { notice, type ReplyDraft } from "../reply.ts";
import type { HandOver, Strain } from "../store/store.ts";
import type { Decision, Session, Turn } from "./decision.ts";

/** The words are kept for the people who have the conversation; the person is told once that somebody will answer. */
export async function leaveToPeople(turn: Turn, session: Session, standing: HandOver): Promise<Decision> {
  const { bot, event, dependencies } = turn;
  const { conversation, id } = event;
  const kept = { remember: [], money: false, session: session.record.session } as const;
  const reason = `handed over to people since ${standing.since}`;
  // An attempt that died may have begun it, and told nobody.
  if (standing.told === id) await begin(turn, standing.cause);
  else if (standing.told !== undefined) {
    await dependencies.handOver.heard(bot.config, conversation, standing);
    return { ...kept, outcome: "silent", replies: [], reason };
  } else await dependencies.handOver.tell(conversation, id);
  return { ...kept, outcome: "answered", replies: [begunDraft(turn, session)], reason };
}

/** "Back to the bot": by code, whoever has the conversation. Undefined for all other words. */
export async function givenBack(
  turn: Turn,
  { record, tools }: Session,
  isHandedOver: boolean,
): Promise<Decision | undefined> {
  const { event, text, bot, dependencies, recorder } = turn;
  if (!isHandedOver && bot.config.policies.handOver === undefined) return undefined;
  const isChosen = event.type === "action" && event.choiceId === backChoice(tools.locale).id;
  if (!isChosen && !wantsBack(text)) return undefined;
  await dependencies.handOver.giveBack(event.conversation);
  recorder.step({ kind: "conversation", name: "hand-over", outcome: "given back" });
  const replies = [notice(backText(tools.locale))];
  return { outcome: "answered", session: record.session, replies, remember: [], money: false };
}

/** What went wrong up to this answer; where a rule hands over for it, what the person is told besides. */
export async function handedOverByRule(
  turn: Turn,
  session: Session,
): Promise<{ readonly strain?: Strain; readonly draft?: ReplyDraft }> {
  const { bot, event, text, recorder } = turn;
  const { handOver } = bot.config.policies;
  if (handOver === undefined) return {};
  const { userId, current } = { userId: event.user.id, current: session.record.session };
  const before = session.latest.findLast((one) => one.userId === userId && one.session === current);
  const strain = strainAfter(before?.strain, { text, steps: recorder.steps });
  const isAsked = recorder.steps.some(({ name, kind }) => kind === "tool" && name === HAND_OVER_TOOL);
  const cause = isAsked ? undefined : ruleBroken(handOver, strain, recorder);
  if (cause === undefined) return strain.angry + strain.misunderstood === 0 ? {} : { strain };
  await begin(turn, cause);
  recorder.step({ kind: "conversation", name: "hand-over", outcome: "done", detail: cause });
  return { draft: begunDraft(turn, session) };
}

async function begin({ bot, event, dependencies }: Turn, cause: HandOver["cause"]): Promise<void> {
  const { conversation, id: eventId, user } = event;
  await dependencies.handOver.begin(bot.config, { conversation, cause, by: user.id, eventId });
}

function begunDraft({ bot }: Turn, { tools }: Session): ReplyDraft {
  const { contact } = bot.config.policies.handOver ?? {};
  return { ...notice(begunText(tools.locale, contact)), choices: [backChoice(tools.locale)] };
}
