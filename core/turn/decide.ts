import { createMemoryAccess } from "../conversation/index.ts";
import { askGuards } from "../guards/index.ts";
import { userBudgetKey, dayOf } from "../guards/budget.ts";
import type { ReplyDraft } from "../reply.ts";
import { afterDeletion, whyUnanswered } from "./amendments.ts";
import { answerWithCrew } from "./answer.ts";
import { answerOfPack } from "./chosen.ts";
import { applyCompliance } from "./compliance.ts";
import type { Decision, Session, Turn } from "./decision.ts";
import { phrasesFor } from "./phrases.ts";
import { tellOfReaction } from "./reaction.ts";
import { toolContextOf } from "./tool-context.ts";

/** Decides what a turn says: the first stage that has an answer gives it. */
export async function decide(turn: Turn): Promise<Decision> {
  const stopped = (await replay(turn)) ?? (await stale(turn)) ?? (await guarded(turn));
  if (stopped !== undefined) return stopped;
  const { record, created } = await turn.dependencies.conversations.touch(turn.event);
  turn.recorder.step({ kind: "conversation", name: created ? "created" : "resumed", outcome: "passed" });
  const person = await turn.dependencies.store.people.personOf(turn.event.account, turn.event.user.id);
  const session: Session = { record, created, person, memory: memoryOf(turn, person) };
  return (
    (await command(turn, session)) ??
    (await linked(turn, session)) ??
    (await confirmed(turn, session)) ??
    (await answered(turn, session))
  );
}

function memoryOf({ event, bot, dependencies }: Turn, person: string): Session["memory"] {
  const { conversation, chat } = event;
  return createMemoryAccess(dependencies.store, { bot: bot.config.id, chatType: chat.type, conversation, person });
}

const nothing: Decision = { outcome: "silent", replies: [], remember: [], money: false };
const silent = (reason: string): Decision => ({ ...nothing, reason });

/** An earlier attempt wrote its answer and died before the commit: that answer stands. */
async function replay(turn: Turn): Promise<Decision | undefined> {
  if (turn.claim.attempt === 1) return undefined;
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

async function guarded(turn: Turn): Promise<Decision | undefined> {
  const { event, covered, text, bot, dependencies, recorder } = turn;
  const { store, environment, telemetry } = dependencies;
  const events = covered.map((one) => one.event);
  const context = { event, events, text, bot: bot.config, store, environment, phrases: phrasesFor(bot.config.locale) };
  const stop = await askGuards(context, (guard, verdict) => {
    const outcome = verdict.verdict === "pass" ? "passed" : "stopped";
    const detail = verdict.verdict === "stop" ? { detail: verdict.reason } : {};
    recorder.step({ kind: "guard", name: guard, outcome, ...detail });
    telemetry.metrics.guard({ guard, outcome });
  });
  if (stop === undefined) return undefined;
  const { retryAfterMs } = stop;
  if (stop.reply === undefined)
    return { ...silent(stop.reason), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const { record, created } = await dependencies.conversations.touch(event);
  const reply: ReplyDraft = { text: stop.reply, confidence: 1, model: "none" };
  return {
    ...nothing,
    outcome: "answered",
    session: record.session,
    replies: [compliant(reply, turn, { created })],
    reason: stop.reason,
  };
}

/**
 * `/reset` starts anew; `/forget` (or "forget me") erases the conversation, what is remembered of it (in a direct chat:
 * of the person), and what the tools keep of the person.
 */
async function command(turn: Turn, { record, person }: Session): Promise<Decision | undefined> {
  const { event, bot, dependencies, recorder } = turn;
  const asked = event.type === "command" ? event.name : typedCommand(turn.text);
  if (asked !== "reset" && asked !== "forget") return undefined;
  // A direct chat is forgotten with its person. A group is everybody's: of the people in it, only the asker is.
  if (asked === "forget" && event.chat.type === "group") {
    for (const { forget } of [...bot.packs, bot.toolset]) await forget?.(person);
  }
  await dependencies.conversations.end(record.id, asked === "reset" ? "reset" : "forgotten");
  recorder.step({ kind: "conversation", name: asked, outcome: "done" });
  const phrases = phrasesFor(bot.config.locale);
  const text = asked === "reset" ? phrases.reset : phrases.forgotten;
  // The answer to a reset stands in the session that it ended; of a person who is forgotten nothing is written.
  const kept = asked === "reset" ? { session: record.session } : {};
  return { ...nothing, outcome: "answered", replies: [{ text, confidence: 1, model: "none" }], ...kept };
}

function typedCommand(text: string): string | undefined {
  return /^\s*(?:\/(reset|forget)|(forget) me[.!]?)\s*$/iu.exec(text)?.slice(1).find(Boolean)?.toLowerCase();
}

async function linked(turn: Turn, { record }: Session): Promise<Decision | undefined> {
  const text = await turn.dependencies.link(turn.event, turn.text);
  if (text === undefined) return undefined;
  turn.recorder.step({ kind: "conversation", name: "link", outcome: "done" });
  return {
    ...nothing,
    outcome: "answered",
    session: record.session,
    replies: [{ text, confidence: 1, model: "none" }],
  };
}

/** A pressed Confirm or an exact typed code. Decided outside every model; its report is never repeated blindly. */
async function confirmed(turn: Turn, session: Session): Promise<Decision | undefined> {
  const { bot, event, recorder } = turn;
  const draft = await bot.toolset.confirmations.handle(event, toolContextOf(turn, session));
  if (draft === undefined) return undefined;
  recorder.step({ kind: "confirmation", name: "proposal", outcome: "done" });
  return { ...nothing, outcome: "answered", session: session.record.session, replies: [draft], money: true };
}

/** What waited is void once another value is named for it: the crew may propose anew, else the person is asked. */
async function replaced(turn: Turn, session: Session): Promise<ReplyDraft | undefined> {
  const { bot, event, text, dependencies, recorder } = turn;
  // A number typed for a list is a choice, no sum.
  const isChoice =
    /^\s*\d{1,2}[.)]?\s*$/u.test(text) && (await dependencies.numberedChoice(event.conversation, text)) !== undefined;
  if (isChoice) return undefined;
  const ask = await bot.toolset.confirmations.replace(event, toolContextOf(turn, session));
  if (ask !== undefined) recorder.step({ kind: "confirmation", name: "proposal", outcome: "void" });
  return ask;
}

/** A choice that a tool pack knows is answered by the pack; everything else by the crew. */
async function answered(turn: Turn, session: Session): Promise<Decision> {
  const known = await answerOfPack(turn, session);
  if (known !== undefined) {
    turn.recorder.step({ kind: "tool", name: "choice", outcome: "done" });
    return {
      ...nothing,
      outcome: "answered",
      session: session.record.session,
      replies: [compliant(known, turn, session)],
    };
  }
  const ask = await replaced(turn, session);
  const answer = await answerWithCrew(turn, session);
  await spend(turn, answer.usages);
  turn.dependencies.telemetry.metrics.cache(answer.cache);
  const reply = ask !== undefined && answer.reply.proposal === undefined ? ask : reminded(answer.reply, turn, session);
  return {
    ...nothing,
    outcome: "answered",
    session: session.record.session,
    replies: [withChoiceIds(compliant(await confirmable(turn, reply), turn, session))],
    remember: answer.remember,
    memory: session.memory,
  };
}

/** Below an answer to something else stands what still waits for a confirmation. */
function reminded(reply: ReplyDraft, turn: Turn, session: Session): ReplyDraft {
  if (reply.proposal !== undefined) return reply;
  const reminder = turn.bot.toolset.confirmations.reminder(turn.event, toolContextOf(turn, session));
  return reminder === undefined ? reply : { ...reply, text: `${reply.text}\n\n${reminder}` };
}

/** In the name of an account that several people act as nobody can confirm: whoever asks does so under the own name. */
async function confirmable({ bot, event }: Turn, reply: ReplyDraft): Promise<ReplyDraft> {
  if (!event.user.isShared || reply.proposal === undefined) return reply;
  const { conversation, id: eventId } = event;
  await bot.toolset.confirmations.withdraw({ conversation, eventId }, { eventId });
  return { text: phrasesFor(bot.config.locale).ownName, confidence: 1, model: "none" };
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

async function spend(turn: Turn, usages: Awaited<ReturnType<typeof answerWithCrew>>["usages"]): Promise<void> {
  const { dependencies, bot, event } = turn;
  const keys = [userBudgetKey({ event, bot: bot.config }), `bot:${bot.config.id}`];
  for (const [index, usage] of usages.entries()) {
    const id = `${event.id}.${turn.claim.attempt}.${index}`;
    await dependencies.store.usage.spend(keys, usage, { id, day: dayOf(dependencies) });
  }
}

function withChoiceIds(draft: ReplyDraft): ReplyDraft {
  return draft.choices?.length === 0 ? { ...draft, choices: undefined } : draft;
}
