import { createMemoryAccess } from "../conversation/index.ts";
import { spentCap } from "../budget/warnings.ts";
import { doors, limits, type Guard, type Stop } from "../guards/index.ts";
import { notice, type ReplyDraft } from "../reply.ts";
import { afterDeletion, whyUnanswered } from "./amendments.ts";
import { type Answer, answerWithCrew } from "./answer.ts";
import { answerOfPack, CHOICES_LOOK_BACK } from "./chosen.ts";
import { applyCompliance } from "./compliance.ts";
import type { Decision, Session, Turn } from "./decision.ts";
import { TYPED_NUMBER } from "./meant-text.ts";
import { askedBack, forgetting } from "./forget.ts";
import { givenBack, handedOverByRule, leaveToPeople } from "./meanwhile.ts";
import { dialogueAfterTools } from "./ended-requests.ts";
import { follow } from "./follow-up.ts";
import { phrasesFor } from "./phrases.ts";
import { tellOfReaction } from "./reaction.ts";
import { toolContextOf } from "./tool-context.ts";
import { BudgetSpentError, toldOfBudget } from "./within-budget.ts";
import type { HandOver } from "../store/store.ts";
import type { AnswerOfTool } from "../tool.ts";

/** Decides what a turn says: the first stage that has an answer gives it. */
export async function decide(turn: Turn): Promise<Decision> {
  const { event, bot, dependencies, recorder } = turn;
  const early =
    (turn.claim.attempt > 1 ? await replay(turn) : undefined) ??
    (event.type === "message" ? undefined : await stale(turn)) ??
    (await stoppedBy(await stopBy(turn, doors), turn));
  if (early !== undefined) return early;
  const { conversation, chat } = event;
  const { store, environment } = dependencies;
  const { people, history } = store;
  const asking = people.personOf(event.account, event.user.id);
  // Where the store is a server, what is asked for at the same time costs one round trip.
  const [stop, person, latest, spent] = await Promise.all([
    stopBy(turn, limits),
    asking,
    history.window(conversation, { turns: Math.max(CHOICES_LOOK_BACK, bot.config.policies.historyTurns) }),
    spentCap({ bot: bot.config, event, person: async () => await asking, store, environment }),
  ]);
  const handedOver = stop?.handedOver;
  const stopped = await stoppedBy(stop, turn);
  if (stopped !== undefined) return stopped;
  const place = { bot: bot.config.id, chatType: chat.type, conversation, person };
  const memory = createMemoryAccess(store, place);
  const [{ record, created }, facts] = await Promise.all([dependencies.conversations.resume(event), memory.facts()]);
  recorder.step({ kind: "conversation", name: created ? "created" : "resumed", outcome: "passed" });
  const tools = toolContextOf(turn, person);
  const session: Session = { record, created, person, memory, facts, latest, tools, spent };
  return (
    (await decidedByCode(turn, session, handedOver)) ??
    (await givenBack(turn, session, handedOver !== undefined)) ??
    (handedOver === undefined ? await answered(turn, session) : await leaveToPeople(turn, session, handedOver))
  );
}

/** What is decided by code alone, also while people have the conversation. */
async function decidedByCode(
  turn: Turn,
  session: Session,
  handedOver: HandOver | undefined,
): Promise<Decision | undefined> {
  return (
    (await reset(turn, session)) ??
    (await forgetting(turn, session)) ??
    // A command to link and a code that links both say so.
    (/link/iu.test(turn.text) ? await linked(turn, session) : undefined) ??
    (await confirmed(turn, session, handedOver === undefined ? "bot" : "people"))
  );
}

const nothing: Decision = { outcome: "silent", replies: [], remember: [], money: false };
const silent = (reason: string): Decision => ({ ...nothing, reason });

/** An earlier attempt wrote its answer and died before the commit: that answer stands. */
async function replay(turn: Turn): Promise<Decision | undefined> {
  const found = await turn.dependencies.store.history.find(turn.event.conversation, turn.event.id);
  if (found === undefined) return undefined;
  turn.recorder.step({
    kind: "commit",
    name: "replay",
    outcome: "done",
    detail: "an earlier attempt's answer was reused",
  });
  const money = found.replies.some((reply) => reply.proposal !== undefined || reply.model === "none");
  return { ...nothing, outcome: "answered", replayed: found.replies, money };
}

/** Facts that ask for no answer: a deletion, a reaction, an edit that changes nothing or an answer long past. */
async function stale(turn: Turn): Promise<Decision | undefined> {
  const { event } = turn;
  if (event.type === "delete") return silent(await afterDeletion(turn, event));
  if (event.type === "reaction") {
    await tellOfReaction(turn, event);
    return silent("a reaction is noted and asks for no answer");
  }
  if (event.type === "membership") {
    return silent(`the bot was ${event.change === "added" ? "added to" : "removed from"} the chat`);
  }
  if (event.type !== "edit") return undefined;
  const reason = await whyUnanswered(turn, event);
  return reason === undefined ? undefined : silent(reason);
}

/** Asks the guards, all at once; the first in their order that stops the turn decides it. */
async function stopBy(turn: Turn, guards: readonly Guard[]): Promise<Stop | undefined> {
  const { event, covered, text, bot, dependencies, recorder } = turn;
  const { store, environment, telemetry } = dependencies;
  const events = covered.map((one) => one.event);
  const context = { event, events, text, bot: bot.config, store, environment, phrases: phrasesFor(bot.config.locale) };
  const verdicts = await Promise.all(guards.map(async (guard) => ({ guard, verdict: await guard.check(context) })));
  for (const { guard, verdict } of verdicts) {
    const [outcome, detail] = verdict.verdict === "pass" ? ["passed", {}] : ["stopped", { detail: verdict.reason }];
    recorder.step({ kind: "guard", name: guard.name, outcome, ...detail });
    telemetry.metrics.guard({ guard: guard.name, outcome });
    if (verdict.verdict === "stop") return verdict;
  }
  return undefined;
}

async function stoppedBy(stop: Stop | undefined, turn: Turn): Promise<Decision | undefined> {
  // What people have is kept for them, and code may still answer.
  if (stop === undefined || stop.handedOver !== undefined) return undefined;
  const { reason, reply, retryAfterMs } = stop;
  if (reply === undefined) return { ...silent(reason), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const { record, created } = await turn.dependencies.conversations.resume(turn.event);
  const replies = [compliant(notice(reply), turn, { created })];
  return { ...nothing, outcome: "answered", session: record.session, replies, reason };
}

/** `/reset` starts anew. */
async function reset(turn: Turn, { record }: Session): Promise<Decision | undefined> {
  const { event, bot, dependencies, recorder } = turn;
  const isAsked = event.type === "command" ? event.name === "reset" : /^\s*\/reset\s*$/iu.test(turn.text);
  if (!isAsked) return undefined;
  await dependencies.conversations.end(record.id, "reset");
  await dependencies.handOver.giveBack(record.id);
  recorder.step({ kind: "conversation", name: "reset", outcome: "done" });
  // The answer stands in the session that it ended.
  const replies = [notice(phrasesFor(bot.config.locale).reset)];
  return { ...nothing, outcome: "answered", replies, session: record.session };
}

async function linked(turn: Turn, { record }: Session): Promise<Decision | undefined> {
  const text = await turn.dependencies.link(turn.event, turn.text);
  if (text === undefined) return undefined;
  turn.recorder.step({ kind: "conversation", name: "link", outcome: "done" });
  return { ...nothing, outcome: "answered", session: record.session, replies: [notice(text)] };
}

/** A pressed Confirm or an exact typed code. Decided outside every model; its report is never repeated blindly. */
async function confirmed(turn: Turn, session: Session, saidTo: "bot" | "people"): Promise<Decision | undefined> {
  const { bot, event, recorder } = turn;
  const draft = await bot.toolset.confirmations.handle(event, session.tools, saidTo);
  if (draft === undefined) return undefined;
  recorder.step({ kind: "confirmation", name: "proposal", outcome: "done" });
  const { replies, dialogue: next } = await follow(turn, session, draft);
  const dialogue = await dialogueAfterTools(turn, session, next);
  return {
    ...nothing,
    outcome: "answered",
    session: session.record.session,
    replies: await toldOfBudget(replies, turn, session),
    money: true,
    ...(dialogue && { dialogue }),
  };
}

/** What waited is void once another value is named for it: the crew may propose anew, else the person is asked. */
async function replaced(turn: Turn, session: Session, answer?: AnswerOfTool): Promise<ReplyDraft | undefined> {
  const { bot, event, text, dependencies, recorder } = turn;
  // A number typed for a list is a choice, no sum.
  const isChoice =
    TYPED_NUMBER.test(text) && (await dependencies.numberedChoice(event.conversation, text)) !== undefined;
  if (isChoice) return undefined;
  const ask = await bot.toolset.confirmations.replace(event, session.tools, answer);
  if (ask !== undefined) recorder.step({ kind: "confirmation", name: "proposal", outcome: "void" });
  return ask;
}

/** A choice that a tool pack knows is answered by the pack; everything else by the crew. */
async function answered(turn: Turn, session: Session): Promise<Decision> {
  const decided = { ...nothing, outcome: "answered", session: session.record.session } as const;
  const known = await answerOfPack(turn, session);
  if (known !== undefined) {
    turn.recorder.step({ kind: "tool", name: "choice", outcome: "done" });
    return { ...decided, replies: [compliant(known, turn, session)] };
  }
  const heard = await unlessSpent(heeded(turn, session));
  if (heard instanceof BudgetSpentError) {
    const refusal = compliant(notice(phrasesFor(turn.bot.config.locale).budgetSpent), turn, session);
    return { ...decided, replies: [refusal], reason: heard.message };
  }
  const { dialogue, summary, cache } = heard;
  const { replies, remember } = askedBack(heard, turn, session);
  turn.dependencies.telemetry.metrics.cache(cache);
  const { strain, draft } = await handedOverByRule(turn, session);
  const shown = [...replies, ...(draft ? [draft] : [])].map((given, index) => {
    // What is said at the start is said once, however many messages the answer has.
    const reply = compliant(given, turn, { created: session.created && index === 0 });
    return reply.choices?.length === 0 ? { ...reply, choices: undefined } : reply;
  });
  const stands = { ...(dialogue && { dialogue }), ...(strain && { strain }), ...(summary && { summary }) };
  const told = await toldOfBudget(shown, turn, session);
  return { ...decided, replies: told, remember, memory: session.memory, ...stands };
}

async function unlessSpent<Result>(answer: Promise<Result>): Promise<Result | BudgetSpentError> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof BudgetSpentError) return thrown;
    throw thrown;
  }
}

/** The crew's answer; what waited for a confirmation before it is void, or below it, as the words have it. */
async function heeded(
  turn: Turn,
  session: Session,
): Promise<Omit<Answer, "reply" | "further"> & Pick<Decision, "replies">> {
  let answer: Answer;
  try {
    answer = await answerWithCrew(turn, session);
  } catch (thrown) {
    // Whoever named another value gets it or nothing, and never what waited before.
    if (!turn.arrivals.signal.aborted && (await hasProposals(turn))) await replaced(turn, session);
    throw thrown;
  }
  const { reply, further = [], dialogue: next, ...kept } = answer;
  const dialogue = await dialogueAfterTools(turn, session, next);
  const rest = { ...kept, ...(dialogue && { dialogue }) };
  const replies = [reply, ...further];
  if (replies.some(({ proposal }) => proposal !== undefined)) {
    return { ...rest, replies: turn.event.user.isShared ? [await askForOwnName(turn)] : replies };
  }
  if (!(await hasProposals(turn))) return { ...rest, replies };
  const ask = await replacedBy({ reply, dialogue }, turn, session);
  return { ...rest, replies: ask === undefined ? [await reminded(reply, turn, session), ...further] : [ask] };
}

/** A number that its field does not take is asked for again, and changes nothing of what waits. */
async function replacedBy(
  { reply, dialogue = [] }: Pick<Answer, "reply" | "dialogue">,
  turn: Turn,
  session: Session,
): Promise<ReplyDraft | undefined> {
  const [newest] = dialogue;
  if (newest?.isOutOfBounds === true) return undefined;
  return await replaced(turn, session, newest && { tool: newest.tool, reply });
}

/** Whether anything was proposed in this conversation: only then words may be about what waits. */
async function hasProposals({ bot, event }: Turn): Promise<boolean> {
  return (await bot.toolset.confirmations.list(event.conversation)).length > 0;
}

/** Below an answer to something else stands what still waits for a confirmation. */
async function reminded(reply: ReplyDraft, { bot, event, recorder }: Turn, { tools }: Session): Promise<ReplyDraft> {
  const reminder = await bot.toolset.confirmations.reminder(event, tools);
  if (reminder === undefined) return reply;
  recorder.step({ kind: "confirmation", name: "reminder", outcome: "done", act: "reminds" });
  return { ...reply, text: `${reply.text}\n\n${reminder}` };
}

/** In the name of an account that several people act as nobody can confirm: whoever asks does so under the own name. */
async function askForOwnName({ bot, event: { conversation, id: eventId } }: Turn): Promise<ReplyDraft> {
  await bot.toolset.confirmations.withdraw({ conversation, eventId }, { eventId });
  return notice(phrasesFor(bot.config.locale).ownName);
}

function compliant(reply: ReplyDraft, { bot, recorder }: Turn, { created }: Pick<Session, "created">): ReplyDraft {
  const { locale, policies } = bot.config;
  const { draft, added } = applyCompliance(reply, policies.compliance, {
    locale,
    conversationStarts: created,
    isRegulated: bot.packs.some((pack) => pack.isRegulated === true),
  });
  if (added.length > 0)
    recorder.step({ kind: "compliance", name: "notices", outcome: "added", detail: added.join(", ") });
  return draft;
}
