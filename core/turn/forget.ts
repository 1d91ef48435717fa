/** Erasing all that is kept, or all that is remembered, cannot be undone: it is asked back, and done once its requester says so. */
import { asksToForgetAll } from "../language/memory-words.ts";
import { ownWords } from "../language/segments.ts";
import { notice, type ReplyDraft } from "../reply.ts";
import { chosenChoice } from "./chosen.ts";
import type { Decision, Session, Turn } from "./decision.ts";
import { type Phrases, phrasesFor } from "./phrases.ts";
import { keepersOf } from "./running-bot.ts";

const ALL = "forget:all";
const MEMORY = "forget:memory";
const KEEP = "forget:nothing";
/** As long as a proposal can be confirmed. */
const OPEN_MS = 5 * 60_000;

/**
 * `/forget` (or "forget me") asks whether to erase the conversation, what is remembered of it (in a direct chat: of the
 * person), and what the tools keep of the person; the pressed or typed answer of who asked decides.
 */
export async function forgetting(turn: Turn, session: Session): Promise<Decision | undefined> {
  const { event, text, recorder } = turn;
  const phrases = phrasesFor(session.tools.locale);
  const kept = { outcome: "answered", remember: [], money: false, session: session.record.session } as const;
  const isAsked =
    event.type === "command" ? event.name === "forget" : /^\s*(?:\/forget|forget me[.!]?)\s*$/iu.test(text);
  if (isAsked) {
    recorder.step({ kind: "conversation", name: "forget", outcome: "asked" });
    return { ...kept, replies: [question(phrases.askForgetAll, ALL, phrases)] };
  }
  const chosen = (await chosenChoice(turn, session.latest))?.id;
  if (chosen !== ALL && chosen !== MEMORY && chosen !== KEEP) return undefined;
  if (!isOpen(chosen, turn, session)) return { ...kept, replies: [notice(phrases.expiredForget)] };
  recorder.step({ kind: "conversation", name: "forget", outcome: chosen === KEEP ? "cancelled" : "done" });
  if (chosen === KEEP) return { ...kept, replies: [notice(phrases.keptAll)] };
  if (chosen === MEMORY) {
    await session.memory.forget();
    return { ...kept, replies: [notice(phrases.forgottenMemory)] };
  }
  await eraseAll(turn, session);
  // Of a person who is forgotten nothing is written.
  return { outcome: "answered", remember: [], money: false, replies: [notice(phrases.forgotten)] };
}

/** In the crew's answer to "forget everything about me", the question stands instead of the deed. */
export function askedBack(
  { replies, remember }: Pick<Decision, "replies" | "remember">,
  { text, recorder }: Turn,
  { facts, tools }: Session,
): Pick<Decision, "replies" | "remember"> {
  const erased = new Set(remember.filter(({ value }) => value === "").map(({ key }) => key));
  const isAll = facts.length > 0 && facts.every(({ key }) => erased.has(key));
  if (!isAll || !asksToForgetAll(ownWords(text))) return { replies, remember };
  recorder.step({ kind: "conversation", name: "forget", outcome: "asked" });
  const phrases = phrasesFor(tools.locale);
  const keys = facts.map(({ key }) => key);
  return {
    replies: [question(phrases.askForgetMemory(keys), MEMORY, phrases)],
    remember: remember.filter(({ value }) => value !== ""),
  };
}

function question(text: string, id: typeof ALL | typeof MEMORY, { erase, keep }: Phrases): ReplyDraft {
  return {
    ...notice(text),
    choices: [
      { id, label: erase, value: erase, style: "danger" },
      { id: KEEP, label: keep, value: keep },
    ],
  };
}

/** Whether the one who answers was asked that here, and lately. */
function isOpen(id: string, { event, claim, dependencies }: Turn, { record, latest }: Session): boolean {
  const since = dependencies.environment.clock() - OPEN_MS;
  const asked = latest.some(
    ({ userId, session, answeredAt, replies }) =>
      userId === event.user.id &&
      session === record.session &&
      Date.parse(answeredAt) >= since &&
      replies.some(({ choices = [] }) => choices.some((choice) => choice.id === id)),
  );
  // An attempt that died after it erased the question is made good.
  return asked || (id === ALL && claim.attempt > 1 && latest.length === 0 && event.chat.type === "direct");
}

async function eraseAll({ event, bot, dependencies }: Turn, { record, person }: Session): Promise<void> {
  // A direct chat is forgotten with its person. A group is everybody's: of the people in it, only the asker is.
  if (event.chat.type === "group") for (const { forget } of keepersOf(bot)) await forget?.(person);
  await dependencies.conversations.end(record.id, "forgotten");
  await dependencies.handOver.giveBack(record.id);
}
