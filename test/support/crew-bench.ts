/** A crew with the real tools of the sample bank: say something, see what it answers. */
import { directoryFiles } from "../../core/files/directory-files.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crew, type CrewOptions } from "../../agents/index.ts";
import type { OpenContext, ToolPackFactory } from "../../core/bot.ts";
import { accountOf, conversationId } from "../../core/conversation-id.ts";
import type { Dialogue } from "../../core/dialogue.ts";
import type { Crew, CrewInput, CrewResult, CrewTurn, HistoryMessage, MemoryFact, ModelUsage } from "../../core/crew.ts";
import { ActionEvent } from "../../core/event.ts";
import type { Intents } from "../../core/intents.ts";
import { heardLocale } from "../../core/language/heard-locale.ts";
import { ownWords } from "../../core/language/segments.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { ToolContext, ToolOutcome, ToolRunner } from "../../core/tool.ts";
import type { TraceStep } from "../../core/trace.ts";
import { createToolset } from "../../tools/index.ts";
import { documents } from "../../tools/rag/index.ts";
import { openSqliteStore } from "./sqlite-store.ts";

export interface CrewBenchOptions {
  readonly crew?: CrewOptions;
  readonly packs?: readonly ToolPackFactory[];
  readonly intents?: Intents;
  /** Articles of the sample bank to search, `all` for every one; the PDF documents are left out, reading them is slow. */
  readonly articles?: "all" | readonly string[];
  readonly telemetry?: OpenContext["telemetry"];
  /** When and where the conversation takes place. @default 2026-11-21 in Europe/Berlin */
  readonly now?: string;
  readonly timeZone?: string;
  /** As with `privacy: { prompts: "plain" }`. */
  readonly showsPersonalData?: boolean;
}

export type Signal = Parameters<CrewTurn["emit"]>[0];

/** What one turn left behind. */
export interface Answered extends CrewResult {
  readonly signals: readonly Signal[];
  readonly steps: readonly Omit<TraceStep, "at">[];
  readonly usages: readonly ModelUsage[];
  readonly calls: readonly { readonly name: string; readonly input: unknown; readonly outcome: ToolOutcome }[];
}

/** One person's conversation. */
export interface Talk {
  readonly say: (
    text: string,
    turn?: Partial<Pick<CrewTurn, "steering" | "signal" | "usage" | "emit">> &
      Partial<CrewInput> & {
        /** As while a cap on spending is reached. */
        readonly withoutModel?: boolean;
      },
  ) => Promise<Answered>;
  /** Presses a button (the nth of this label) of the newest replies: a confirmation goes to the toolset, anything else is said. */
  readonly press: (label: string, nth?: number) => Promise<ReplyDraft>;
  readonly memory: () => readonly MemoryFact[];
}

/** Opens tools, store and crew in a temporary directory. */
export async function crewBench(options: CrewBenchOptions = {}) {
  const directory = mkdtempSync(join(tmpdir(), "parley-crew-"));
  const store = await openSqliteStore(directory);
  let ids = 0;
  let now = Date.parse(options.now ?? "2026-11-21T10:00:00Z");
  const environment = { clock: () => (now += 1), newId: () => `id-${(ids += 1)}`, random: () => 0.5 };
  const telemetry = options.telemetry ?? silentTelemetry;
  const bot = {
    id: "harbour",
    name: "Harbour Assistant",
    locale: "en",
    timeZone: options.timeZone ?? "Europe/Berlin",
    showsPersonalData: options.showsPersonalData === true,
  };
  const context: OpenContext = {
    bot,
    environment,
    telemetry,
    store,
    databases: sqliteDatabases(directory),
    files: directoryFiles(directory),
    dataDirectory: directory,
    configDirectory: packageDirectory(),
  };
  const library =
    options.articles === undefined ? [] : [documents({ directory: copyArticles(options.articles, directory) })];
  const packs = await Promise.all([...library, ...(options.packs ?? [])].map(async (pack) => await pack.open(context)));
  const toolset = await createToolset({
    bot: bot.id,
    databases: sqliteDatabases(directory),
    files: directoryFiles(directory),
    environment,
    telemetry,
    tools: packs.flatMap(({ tools }) => tools),
    entities: packs.flatMap(({ entities }) => entities ?? []),
    timeZone: bot.timeZone,
  });
  const agents = await crew(options.crew ?? { model: "offline" }).open({
    ...context,
    tools: toolset.tools,
    intents: options.intents ?? {},
    requests: async () => (await Promise.all(packs.map(async ({ requests }) => (await requests?.()) ?? []))).flat(),
  });

  const talk = (
    userId: string,
    place: { readonly chatType?: "direct" | "group"; readonly userName?: string } = {},
  ): Talk => {
    const { chatType = "direct", userName } = place;
    const history: HistoryMessage[] = [];
    const userTexts: string[] = [];
    const facts = new Map<string, MemoryFact>();
    let dialogue: Dialogue = [];
    let newest: readonly ReplyDraft[] = [];
    const chat = `${chatType}-${userId}`;
    const conversation = conversationId({ platform: "web", account: "main", chat });
    const toolContext = (signal: AbortSignal, steps: Omit<TraceStep, "at">[]): ToolContext => ({
      bot: bot.id,
      conversation,
      chatType,
      userId,
      environment,
      signal,
      account: accountOf(conversation),
      person: `web:main:${userId}`,
      scopes: new Set(chatType === "direct" ? ["public", "private"] : ["public"]),
      eventId: environment.newId(),
      callId: "turn",
      userTexts: [...userTexts],
      locale: heardLocale(userTexts, bot.locale),
      trace: (step) => steps.push(step),
    });
    const at = (): string => new Date(now).toISOString();

    const say: Talk["say"] = async (text, turn = {}) => {
      const { steering, signal = new AbortController().signal, usage, emit, withoutModel, ...input } = turn;
      userTexts.push(ownWords(text));
      const steps: Omit<TraceStep, "at">[] = [];
      const signals: Signal[] = [];
      const usages: ModelUsage[] = [];
      const calls: { name: string; input: unknown; outcome: ToolOutcome }[] = [];
      const runner = toolset.forTurn(toolContext(signal, steps));
      const tools: ToolRunner = {
        ...runner,
        call: async (name, rawInput, callId, purpose) => {
          const outcome = await runner.call(name, rawInput, callId, purpose);
          calls.push({ name, input: rawInput, outcome });
          return outcome;
        },
      };
      const result = await runOf(agents, withoutModel)(
        {
          bot: { ...bot, persona: "Friendly, brief, precise." },
          chatType,
          userName,
          text,
          history: [...history],
          memory: [...facts.values()],
          dialogue,
          attachments: [],
          referred: [],
          mentions: [],
          locale: heardLocale(userTexts, bot.locale),
          now: at(),
          timeZone: bot.timeZone,
          ...input,
        },
        {
          tools,
          signal,
          emit: into(signals, emit),
          trace: (step) => steps.push(step),
          usage: into(usages, usage),
          steering: steering ?? (() => []),
        },
      );
      const speaker = chatType === "group" ? { speaker: JSON.stringify(userName ?? userId) } : {};
      const cited = [...new Set((result.reply.sources ?? []).map(({ title }) => title))];
      history.push(
        { role: "user", text, at: at(), ...speaker },
        { role: "assistant", text: result.reply.text, at: at(), ...(cited.length > 0 && { cited }) },
      );
      for (const { key, value } of result.remember) {
        if (value === "") facts.delete(key);
        else facts.set(key, { key, value, at: at() });
      }
      dialogue = result.dialogue ?? dialogue;
      newest = [result.reply, ...(result.further ?? [])];
      return { ...result, signals, steps, usages, calls };
    };

    return {
      say,
      press: async (label, nth = 1) => {
        const choices = newest.flatMap((one) => one.choices ?? []).filter((one) => one.label === label);
        const choice = choices[nth - 1];
        if (choice === undefined) throw new Error(`No button "${label}" on the newest replies.`);
        const event = ActionEvent.parse({
          version: 1,
          id: environment.newId(),
          key: environment.newId(),
          bot: bot.id,
          platform: "web",
          account: "web:main",
          conversation,
          chat: { id: chat, type: chatType },
          user: { id: userId },
          timestamp: at(),
          receivedAt: at(),
          type: "action",
          choiceId: choice.id,
          value: choice.value,
        });
        const handled = await toolset.confirmations.handle(event, toolContext(new AbortController().signal, []));
        return handled ?? (await say(choice.value)).reply;
      },
      memory: () => [...facts.values()],
    };
  };

  return {
    talk,
    /** Left out where no model is. */
    summarize: agents.summarize,
    close: async () => {
      await agents.close();
      await toolset.close();
      for (const pack of packs) await pack.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function runOf(agents: Crew, withoutModel = false): Crew["run"] {
  const run = withoutModel ? agents.runWithoutModel : agents.run;
  if (run === undefined) throw new Error("This crew has nothing to go on with.");
  return run;
}

/** Keeps what is told, and tells it on. */
function into<Told>(kept: Told[], further?: (one: Told) => void): (one: Told) => void {
  return (one) => {
    kept.push(one);
    further?.(one);
  };
}

function copyArticles(wanted: "all" | readonly string[], directory: string): string {
  const from = join(packageDirectory(), "samples", "bank", "documents");
  const to = join(directory, "articles");
  mkdirSync(to);
  const names = wanted === "all" ? readdirSync(from).filter((name) => name.endsWith(".md")) : wanted;
  for (const name of names) copyFileSync(join(from, name), join(to, name));
  return to;
}
