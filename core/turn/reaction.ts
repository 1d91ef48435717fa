import type { ReactionEvent } from "../event.ts";
import { access } from "../guards/access.ts";
import type { Turn } from "./decision.ts";
import { phrasesFor } from "./phrases.ts";
import { turnBehind } from "./recall.ts";
import { toolContextOf } from "./tool-context.ts";

/** Tells the tool packs of a reaction to a reply, when they want to know and the person is one who is answered. */
export async function tellOfReaction(turn: Turn, event: ReactionEvent): Promise<void> {
  const { bot, dependencies, text, recorder } = turn;
  const listeners = bot.packs.filter(({ reacted }) => reacted !== undefined);
  if (listeners.length === 0 || event.user.isBot) return;
  const { store, environment } = dependencies;
  const context = {
    event,
    events: [event],
    text,
    bot: bot.config,
    store,
    environment,
    phrases: phrasesFor(bot.config.locale),
  };
  if ((await access.check(context)).verdict === "stop") return;
  const { replies = [] } = (await turnBehind(event, store)) ?? {};
  if (replies.length === 0) return;
  const person = await store.people.personOf(event.account, event.user.id);
  const called = { ...toolContextOf(turn, person), idempotencyKey: event.id };
  for (const { reacted } of listeners) await reacted?.({ emoji: event.emoji, added: event.added, replies }, called);
  recorder.step({ kind: "tool", name: "reaction", outcome: "noted" });
}
