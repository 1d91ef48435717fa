import { historyWindow } from "../conversation/index.ts";
import type { CrewResult, ModelUsage } from "../crew.ts";
import type { ReplyDraft } from "../reply.ts";
import type { Session, Turn } from "./decision.ts";
import { meantText } from "./meant-text.ts";
import { toolContextOf } from "./tool-context.ts";

/** Characters of history that the model sees at most. */
const MAX_HISTORY_CHARACTERS = 24_000;

/** What the crew (or the cache) answered. */
export interface Answer {
  readonly reply: ReplyDraft;
  readonly remember: CrewResult["remember"];
  readonly usages: readonly ModelUsage[];
  readonly cache: "hit" | "miss" | "skipped";
}

/** Answers from the cache where the answer depends on nobody, else by the crew. */
export async function answerWithCrew(turn: Turn, session: Session): Promise<Answer> {
  const { bot, event, dependencies, recorder } = turn;
  const text = await meantText(turn);
  const mayCache = !("attachments" in event) || event.attachments.length === 0;
  const cached = mayCache ? bot.cache.get(text) : undefined;
  if (cached !== undefined) {
    recorder.step({ kind: "cache", name: "answers", outcome: "hit" });
    return { reply: cached, remember: [], usages: [], cache: "hit" };
  }
  const usages: ModelUsage[] = [];
  const [window, memory] = await Promise.all([
    dependencies.store.history.window(event.conversation, {
      session: session.record.session,
      turns: bot.config.policies.historyTurns,
    }),
    session.memory.facts(),
  ]);
  const userTexts = window.filter((one) => one.userId === event.user.id).map((one) => one.text);
  const context = toolContextOf({ ...turn, text }, session, userTexts);
  const result = await abortable(
    turn.arrivals.signal,
    async () =>
      await bot.crew.run(
        {
          bot: bot.config,
          chatType: event.chat.type,
          userName: event.user.name,
          text,
          attachments: "attachments" in event ? event.attachments : [],
          history: historyWindow(window, {
            maxTurns: bot.config.policies.historyTurns,
            maxCharacters: MAX_HISTORY_CHARACTERS,
            chatType: event.chat.type,
          }),
          memory,
          now: new Date(dependencies.environment.clock()).toISOString(),
          timeZone: bot.config.timeZone,
        },
        {
          tools: bot.toolset.forTurn(context),
          emit: turn.emit,
          trace: recorder.step,
          usage: (usage) => {
            usages.push(usage);
            meter(turn, usage);
          },
          steering: turn.arrivals.steering,
          signal: turn.arrivals.signal,
        },
      ),
  );
  const cacheable = mayCache && result.cacheable && turn.arrivals.steered().size === 0;
  if (cacheable) bot.cache.set(text, result.reply);
  return { reply: result.reply, remember: result.remember, usages, cache: cacheable ? "miss" : "skipped" };
}

function meter({ dependencies, bot }: Turn, usage: ModelUsage): void {
  const { metrics } = dependencies.telemetry;
  const { model } = usage;
  metrics.tokens({ model, direction: "input" }, usage.inputTokens);
  metrics.tokens({ model, direction: "output" }, usage.outputTokens);
  metrics.tokens({ model, direction: "cache-read" }, usage.cacheReadTokens);
  metrics.tokens({ model, direction: "cache-write" }, usage.cacheWriteTokens);
  metrics.cost({ model, bot: bot.config.id }, usage.costMicroDollars);
}

/** A crew that ignores its signal must not hold the conversation: the turn ends with the abort's reason. */
async function abortable<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
