import { historyWindow } from "../conversation/index.ts";
import { standingSummary, turnsAfter } from "../conversation/summary.ts";
import type { Summary } from "../store/store.ts";
import type { Dialogue } from "../dialogue.ts";
import type { CrewInput, CrewResult, MemoryFact } from "../crew.ts";
import { heardLocale } from "../language/heard-locale.ts";
import { foreignWords, ownWords } from "../language/segments.ts";
import type { ReplyDraft } from "../reply.ts";
import type { ListedAction, ToolContext } from "../tool.ts";
import { untilAborted } from "../timing/signals.ts";
import { attachmentsOf, mentionsOf, referredIn } from "./content.ts";
import type { Session, Turn } from "./decision.ts";
import { editionOf } from "./answer-cache.ts";
import { meantText } from "./meant-text.ts";
import { permittedFacts } from "./permitted-facts.ts";
import { sumUp } from "./sum-up.ts";
import { runOfCrew } from "./within-budget.ts";

/** Characters of history that the model sees at most. */
const MAX_HISTORY_CHARACTERS = 24_000;

/** A person who wrote German and now writes "Kiel" goes on in German. */
const LANGUAGE_TURNS = 4;

/** What the crew (or the cache) answered. */
export interface Answer {
  readonly reply: ReplyDraft;
  readonly further?: CrewResult["further"];
  readonly remember: CrewResult["remember"];
  readonly dialogue?: CrewResult["dialogue"];
  readonly summary?: Summary;
  readonly cache: "hit" | "miss" | "skipped";
}

/** Where the person's requests stand, as the last turn of this session left it. */
export function standingDialogue({ event }: Pick<Turn, "event">, { latest, record }: Session): Dialogue {
  const own = latest.filter(({ session, userId }) => session === record.session && userId === event.user.id);
  return own.findLast(({ dialogue }) => dialogue !== undefined)?.dialogue ?? [];
}

const LEFT: ReadonlySet<ListedAction["status"]> = new Set(["cancelled", "expired"]);

/** Without requests that were left before the newest one: no words mean them. */
async function withoutLeft(dialogue: Dialogue, { bot, event }: Turn): Promise<Dialogue> {
  const [newest, ...others] = dialogue;
  if (newest === undefined || others.every(({ proposal }) => proposal === undefined)) return dialogue;
  const actions = await bot.toolset.confirmations.list(event.conversation);
  const left = new Set(actions.flatMap(({ id, status }) => (LEFT.has(status) ? [id] : [])));
  return [newest, ...others.filter(({ proposal }) => proposal === undefined || !left.has(proposal))];
}

/** Words of an earlier turn whose time has come, and where the requests stand then. */
export interface FollowUp {
  readonly text: string;
  readonly dialogue: Dialogue;
}

/** Has the crew go on with what was asked for earlier. */
export async function goOnWithCrew(turn: Turn, session: Session, { text, dialogue }: FollowUp): Promise<Answer> {
  const asked = { text, attachments: [], referred: [], dialogue };
  const { cacheable: _cacheable, ...answer } = await askCrew(turn, session, asked);
  return { ...answer, cache: "skipped" };
}

/** Answers from the cache where the answer depends on nobody, else by the crew. */
export async function answerWithCrew(turn: Turn, session: Session): Promise<Answer> {
  const { bot, covered, recorder } = turn;
  const text = await meantText(turn);
  const asked = { text, attachments: await sentFiles(turn, session), referred: referredIn(covered) };
  const mayCache = asked.attachments.length + asked.referred.length === 0;
  const edition = mayCache ? editionOf(bot.packs) : undefined;
  const cached = edition === undefined ? undefined : await bot.cache?.get({ text, edition });
  if (cached !== undefined) {
    recorder.step({ kind: "cache", name: "answers", outcome: "hit" });
    return { reply: cached, remember: [], cache: "hit" };
  }
  const result = await askCrew(turn, session, asked);
  // A single answer alone is kept. What changed meanwhile may be in the answer, or not.
  const isSettled = edition !== undefined && editionOf(bot.packs) === edition;
  const cacheable = isSettled && result.further === undefined && result.cacheable && turn.arrivals.steered.size === 0;
  if (cacheable) await bot.cache?.set({ text, edition }, result.reply);
  const { cacheable: _cacheable, ...answer } = result;
  return { ...answer, cache: cacheable ? "miss" : "skipped" };
}

/** The words around the replies are in the language of the conversation, too. */
function inLocale(result: CrewResult, locale: string, ofBot: string): CrewResult {
  if (locale === ofBot) return result;
  const { reply, further } = result;
  return {
    ...result,
    reply: { locale, ...reply },
    ...(further && { further: further.map((one) => ({ locale, ...one })) }),
  };
}

/** What was sent, and the words of it. */
async function sentFiles(
  { covered, dependencies: { textOfFile } }: Turn,
  { tools }: Pick<Session, "tools">,
): Promise<CrewInput["attachments"]> {
  const attachments = attachmentsOf(covered);
  // Noted now, so that a question about them finds them in a later turn.
  if (attachments.length > 0) await tools.files?.();
  return await Promise.all(
    attachments.map(async (file) => {
      const sent = covered.find(({ event }) => "attachments" in event && event.attachments.includes(file));
      const text = sent === undefined ? undefined : await textOfFile?.(sent.event, file);
      return { ...file, ...(text === undefined ? {} : { text }) };
    }),
  );
}

/** What the crew reads that the person did not say: what they quoted or sent, and what is remembered of them. */
function otherWordsOf(
  { text, referred, attachments }: Asked,
  memory: readonly MemoryFact[],
): NonNullable<ToolContext["otherWords"]> {
  return [
    ...[...foreignWords(text), ...referred.flatMap((one) => [one.text, one.quote ?? ""])].map(
      (words) => ({ from: "quoted", text: words }) as const,
    ),
    ...attachments.map((file) => ({ from: "document", text: file.text ?? "" }) as const),
    ...memory.map(({ value }) => ({ from: "remembered", text: value }) as const),
  ];
}

type Asked = Pick<CrewInput, "text" | "attachments" | "referred"> & Partial<Pick<CrewInput, "dialogue">>;

async function askCrew(turn: Turn, session: Session, asked: Asked): Promise<CrewResult & Pick<Answer, "summary">> {
  const { bot, event, covered, dependencies, recorder, arrivals } = turn;
  const run = runOfCrew(turn, session);
  const { historyTurns } = bot.config.policies;
  const { facts: memory, latest, record } = session;
  const window = latest
    .slice(Math.max(0, latest.length - historyTurns))
    .filter((one) => one.session === record.session);
  const limits = { maxTurns: historyTurns, maxCharacters: MAX_HISTORY_CHARACTERS };
  const summary = standingSummary(window);
  const said = window.filter((one) => one.userId === event.user.id).map((one) => ownWords(one.text));
  const userTexts = [...said, ownWords(asked.text)];
  const locale = heardLocale(userTexts.slice(-LANGUAGE_TURNS), bot.config.locale);
  const dialogue = await withoutLeft(standingDialogue(turn, session), turn);
  const mayChange = asked.dialogue === undefined && dialogue.some(({ proposal }) => proposal !== undefined);
  const changesWaiting = mayChange && (await bot.toolset.confirmations.changes(event, session.tools));
  const input: CrewInput = {
    dialogue,
    changesWaiting,
    ...asked,
    bot: bot.config,
    chatType: event.chat.type,
    userName: event.user.name,
    mentions: mentionsOf(covered),
    history: historyWindow(turnsAfter(window, summary), {
      ...limits,
      chatType: event.chat.type,
      reader: event.user.id,
    }),
    ...(summary && { summary: summary.text }),
    memory,
    locale,
    linkHosts: bot.config.policies.links.hosts,
    now: new Date(dependencies.environment.clock()).toISOString(),
    timeZone: bot.config.timeZone,
  };
  const summing = sumUp(turn, session, { turns: window, ...limits });
  // Where the answer fails, nobody asks for it.
  summing.catch(() => undefined);
  // A crew that ignores its signal must not hold the conversation.
  const answered = await untilAborted(
    arrivals.signal,
    async () =>
      await run(input, {
        tools: bot.toolset.forTurn({ ...session.tools, locale, userTexts, otherWords: otherWordsOf(asked, memory) }),
        emit: turn.emit,
        trace: recorder.step,
        usage: turn.meter.add,
        // Tools look at the same list: words that are taken in may be ordered by from then on.
        steering: () => {
          const taken = arrivals.steering();
          userTexts.push(...taken.map(ownWords));
          return taken;
        },
        signal: arrivals.signal,
      }),
  );
  const made = await summing;
  const result = { ...inLocale(answered, locale, bot.config.locale), ...(made && { summary: made }) };
  if (result.remember.length === 0) return result;
  const texts = userTexts.slice(said.length);
  return { ...result, remember: permittedFacts(result.remember, { texts, memory }) };
}
