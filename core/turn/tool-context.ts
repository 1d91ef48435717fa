import { heardLocale } from "../language/heard-locale.ts";
import { ownWords } from "../language/segments.ts";
import type { ToolContext } from "../tool.ts";
import type { Turn } from "./decision.ts";

/** Who calls, for a turn's tools: identity comes from the event and the store, never from a model. */
export function toolContextOf(turn: Turn, person: string): ToolContext {
  const { event, bot, text, covered, dependencies, arrivals, recorder } = turn;
  const { keepFile, filesOfTurn } = dependencies;
  return {
    bot: bot.config.id,
    account: event.account,
    conversation: event.conversation,
    chatType: event.chat.type,
    userId: event.user.id,
    person,
    scopes: new Set(event.chat.type === "direct" ? ["public", "private"] : ["public"]),
    eventId: event.id,
    callId: "turn",
    userTexts: [ownWords(text)],
    locale: heardLocale([ownWords(text)], bot.config.locale),
    environment: dependencies.environment,
    signal: arrivals.signal,
    trace: recorder.step,
    ...(filesOfTurn && { files: async () => await filesOfTurn(covered.map((waiting) => waiting.event)) }),
    ...(keepFile === undefined ? {} : { keepFile: async (...file) => await keepFile(event.conversation, ...file) }),
  };
}
