import { historyWindow } from "../conversation/index.ts";
import type { CrewInput, CrewResult, ModelUsage } from "../crew.ts";
import { ownWords } from "../language/segments.ts";
import type { ReplyDraft } from "../reply.ts";
import { untilAborted } from "../timing/signals.ts";
import { attachmentsOf, mentionsOf, referredIn } from "./content.ts";
import type { Session, Turn } from "./decision.ts";
import { meantText } from "./meant-text.ts";
import { permittedFacts } from "./permitted-facts.ts";

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
  const { bot, covered, recorder } = turn;
  const text = await meantText(turn);
  const asked = { text, attachments: await sentFiles(turn), referred: referredIn(covered) };
  const mayCache = asked.attachments.length === 0 && asked.referred.length === 0;
  const cached = mayCache ? bot.cache?.get(text) : undefined;
  if (cached !== undefined) {
    recorder.step({ kind: "cache", name: "answers", outcome: "hit" });
    return { reply: cached, remember: [], usages: [], cache: "hit" };
  }
  const { result, usages } = await askCrew(turn, session, asked);
  const cacheable = mayCache && result.cacheable && turn.arrivals.steered.size === 0;
  if (cacheable) bot.cache?.set(text, result.reply);
  return { reply: result.reply, remember: result.remember, usages, cache: cacheable ? "miss" : "skipped" };
}

/** What was sent, and the words of it. */
async function sentFiles({ covered, dependencies: { textOfFile } }: Turn): Promise<CrewInput["attachments"]> {
  return await Promise.all(
    attachmentsOf(covered).map(async (file) => {
      const sent = covered.find(({ event }) => "attachments" in event && event.attachments.includes(file));
      const text = sent === undefined ? undefined : await textOfFile?.(sent.event, file);
      return { ...file, ...(text === undefined ? {} : { text }) };
    }),
  );
}

async function askCrew(turn: Turn, session: Session, asked: Pick<CrewInput, "text" | "attachments" | "referred">) {
  const { bot, event, covered, dependencies, recorder, arrivals } = turn;
  const usages: ModelUsage[] = [];
  const { historyTurns } = bot.config.policies;
  const [window, memory] = await Promise.all([
    dependencies.store.history.window(event.conversation, { session: session.record.session, turns: historyTurns }),
    session.memory.facts(),
  ]);
  const said = window.filter((one) => one.userId === event.user.id).map((one) => ownWords(one.text));
  const userTexts = [...said, ownWords(asked.text)];
  const input: CrewInput = {
    ...asked,
    bot: bot.config,
    chatType: event.chat.type,
    userName: event.user.name,
    mentions: mentionsOf(covered),
    history: historyWindow(window, {
      maxTurns: historyTurns,
      maxCharacters: MAX_HISTORY_CHARACTERS,
      chatType: event.chat.type,
    }),
    memory,
    now: new Date(dependencies.environment.clock()).toISOString(),
    timeZone: bot.config.timeZone,
  };
  // A crew that ignores its signal must not hold the conversation.
  const result = await untilAborted(
    arrivals.signal,
    async () =>
      await bot.crew.run(input, {
        tools: bot.toolset.forTurn({ ...session.tools, userTexts }),
        emit: turn.emit,
        trace: recorder.step,
        usage: (usage) => {
          usages.push(usage);
          meter(turn, usage);
        },
        // Tools look at the same list: words that are taken in may be ordered by from then on.
        steering: () => {
          const taken = arrivals.steering();
          userTexts.push(...taken.map(ownWords));
          return taken;
        },
        signal: arrivals.signal,
      }),
  );
  if (result.remember.length === 0) return { result, usages };
  const texts = userTexts.slice(said.length);
  return { result: { ...result, remember: permittedFacts(result.remember, { texts, memory }) }, usages };
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
