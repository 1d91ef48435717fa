import { createMemoryAccess } from "../conversation/index.ts";
import { userBudgetKey, dayOf } from "../guards/budget.ts";
import { guards, type Stop } from "../guards/index.ts";
import type { ModelUsage } from "../crew.ts";
import { notice, type ReplyDraft } from "../reply.ts";
import { afterDeletion, whyUnanswered } from "./amendments.ts";
import { answerWithCrew } from "./answer.ts";
import { answerOfPack } from "./chosen.ts";
import { applyCompliance } from "./compliance.ts";
import type { Decision, Session, Turn } from "./decision.ts";
import { TYPED_NUMBER } from "./meant-text.ts";
import { phrasesFor } from "./phrases.ts";
import { tellOfReaction } from "./reaction.ts";
import { toolContextOf } from "./tool-context.ts";

/** Decides what a turn says: the first stage that has an answer gives it. */
export async function decide(turn: Turn): Promise<Decision> {
  const { event, bot, dependencies, recorder } = turn;
  const stopped =
    (turn.claim.attempt > 1 ? await replay(turn) : undefined) ??
    (event.type === "message" ? undefined : await stale(turn)) ??
    (await guarded(turn));
  if (stopped !== undefined) return stopped;
  const { conversation, chat } = event;
  const { record, created } = await dependencies.conversations.resume(event);
  recorder.step({ kind: "conversation", name: created ? "created" : "resumed", outcome: "passed" });
  const person = await dependencies.store.people.personOf(event.account, event.user.id);
  const place = { bot: bot.config.id, chatType: chat.type, conversation, person };
  const memory = createMemoryAccess(dependencies.store, place);
  const session: Session = { record, created, person, memory, tools: toolContextOf(turn, person) };
  return (
    (await command(turn, session)) ??
    // A command to link and a code that links both say so.
    (/link/iu.test(turn.text) ? await linked(turn, session) : undefined) ??
    (await confirmed(turn, session)) ??
    (await answered(turn, session))
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

/** Asks the guards in their order; the first that stops the turn decides it. */
async function guarded(turn: Turn): Promise<Decision | undefined> {
  const { event, covered, text, bot, dependencies, recorder } = turn;
  const { store, environment, telemetry } = dependencies;
  const events = covered.map((one) => one.event);
  const context = { event, events, text, bot: bot.config, store, environment, phrases: phrasesFor(bot.config.locale) };
  for (const guard of guards) {
    const verdict = await guard.check(context);
    const [outcome, detail] = verdict.verdict === "pass" ? ["passed", {}] : ["stopped", { detail: verdict.reason }];
    recorder.step({ kind: "guard", name: guard.name, outcome, ...detail });
    telemetry.metrics.guard({ guard: guard.name, outcome });
    if (verdict.verdict === "stop") return await stoppedBy(verdict, turn);
  }
  return undefined;
}

async function stoppedBy({ reason, reply, retryAfterMs }: Stop, turn: Turn): Promise<Decision> {
  if (reply === undefined) return { ...silent(reason), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const { record, created } = await turn.dependencies.conversations.resume(turn.event);
  const replies = [compliant(notice(reply), turn, { created })];
  return { ...nothing, outcome: "answered", session: record.session, replies, reason };
}

/**
 * `/reset` starts anew; `/forget` (or "forget me") erases the conversation, what is remembered of it (in a direct chat:
 * of the person), and what the tools keep of the person.
 */
async function command(turn: Turn, { record, person }: Session): Promise<Decision | undefined> {
  const { event, bot, dependencies, recorder } = turn;
  const typed = /^\s*(?:\/(reset|forget)|(forget) me[.!]?)\s*$/iu.exec(turn.text)?.slice(1).find(Boolean);
  const asked = event.type === "command" ? event.name : typed?.toLowerCase();
  if (asked !== "reset" && asked !== "forget") return undefined;
  // A direct chat is forgotten with its person. A group is everybody's: of the people in it, only the asker is.
  if (asked === "forget" && event.chat.type === "group") {
    for (const { forget } of [...bot.packs, bot.toolset]) await forget?.(person);
  }
  const phrases = phrasesFor(bot.config.locale);
  // The answer to a reset stands in the session that it ended; of a person who is forgotten nothing is written.
  const ending =
    asked === "reset"
      ? ({ reason: "reset", text: phrases.reset, kept: { session: record.session } } as const)
      : ({ reason: "forgotten", text: phrases.forgotten, kept: {} } as const);
  await dependencies.conversations.end(record.id, ending.reason);
  recorder.step({ kind: "conversation", name: asked, outcome: "done" });
  return { ...nothing, outcome: "answered", replies: [notice(ending.text)], ...ending.kept };
}

async function linked(turn: Turn, { record }: Session): Promise<Decision | undefined> {
  const text = await turn.dependencies.link(turn.event, turn.text);
  if (text === undefined) return undefined;
  turn.recorder.step({ kind: "conversation", name: "link", outcome: "done" });
  return { ...nothing, outcome: "answered", session: record.session, replies: [notice(text)] };
}

/** A pressed Confirm or an exact typed code. Decided outside every model; its report is never repeated blindly. */
async function confirmed(turn: Turn, session: Session): Promise<Decision | undefined> {
  const { bot, event, recorder } = turn;
  const draft = await bot.toolset.confirmations.handle(event, session.tools);
  if (draft === undefined) return undefined;
  recorder.step({ kind: "confirmation", name: "proposal", outcome: "done" });
  return { ...nothing, outcome: "answered", session: session.record.session, replies: [draft], money: true };
}

/** What waited is void once another value is named for it: the crew may propose anew, else the person is asked. */
async function replaced(turn: Turn, session: Session): Promise<ReplyDraft | undefined> {
  const { bot, event, text, dependencies, recorder } = turn;
  // A number typed for a list is a choice, no sum.
  const isChoice =
    TYPED_NUMBER.test(text) && (await dependencies.numberedChoice(event.conversation, text)) !== undefined;
  if (isChoice) return undefined;
  const ask = await bot.toolset.confirmations.replace(event, session.tools);
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
  const ask = (await hasProposals(turn)) ? await replaced(turn, session) : undefined;
  const { reply: given, remember, usages, cache } = await answerWithCrew(turn, session);
  if (usages.length > 0) await spend(turn, usages);
  turn.dependencies.telemetry.metrics.cache(cache);
  const isProposal = given.proposal !== undefined;
  const said = isProposal ? given : (ask ?? ((await hasProposals(turn)) ? reminded(given, turn, session) : given));
  const reply = compliant(isProposal && turn.event.user.isShared ? await askForOwnName(turn) : said, turn, session);
  const shown = reply.choices?.length === 0 ? { ...reply, choices: undefined } : reply;
  return { ...decided, replies: [shown], remember, memory: session.memory };
}

/** Whether anything was proposed in this conversation: only then words may be about what waits. */
async function hasProposals({ bot, event }: Turn): Promise<boolean> {
  return (await bot.toolset.confirmations.list(event.conversation)).length > 0;
}

/** Below an answer to something else stands what still waits for a confirmation. */
function reminded(reply: ReplyDraft, { bot, event }: Turn, { tools }: Session): ReplyDraft {
  const reminder = bot.toolset.confirmations.reminder(event, tools);
  return reminder === undefined ? reply : { ...reply, text: `${reply.text}\n\n${reminder}` };
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

async function spend(turn: Turn, usages: readonly ModelUsage[]): Promise<void> {
  const { dependencies, bot, event } = turn;
  const keys = [userBudgetKey({ event, bot: bot.config }), `bot:${bot.config.id}`];
  for (const [index, usage] of usages.entries()) {
    const id = `${event.id}.${turn.claim.attempt}.${index}`;
    await dependencies.store.usage.spend(keys, usage, { id, day: dayOf(dependencies) });
  }
}
