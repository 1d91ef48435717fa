/** A whole turn with a real store and a scripted crew: hand it events, see what would be committed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BotPolicies } from "../../core/bot.ts";
import type { Claim, ClaimCommit, WaitingEvent } from "../../core/broker/broker.ts";
import { createConversationLife, createLinking } from "../../core/conversation/index.ts";
import type { OutboxDraft } from "../../core/broker/outbox-entry.ts";
import { createHandOverDesk } from "../../core/hand-over/index.ts";
import type { Crew, CrewInput, CrewResult, CrewTurn } from "../../core/crew.ts";
import type { InboundEvent } from "../../core/event.ts";
import type { Json } from "../../core/json.ts";
import type { LifecycleEvent } from "../../core/lifecycle.ts";
import type { Choice, ReplyDraft } from "../../core/reply.ts";
import type { ListedAction, ToolContext } from "../../core/tool.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { testClock, testEnvironment } from "../../core/testing/index.ts";
import type { Store } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { createAnswerCache } from "../../core/turn/answer-cache.ts";
import { createLinkStage } from "../../core/turn/link.ts";
import type { RunningBot } from "../../core/turn/running-bot.ts";
import { createTurnHandler } from "../../core/turn/turn.ts";
import { quietAdapter } from "./quiet-adapter.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { storeEraser } from "./store-eraser.ts";

export type ScriptedCrew = (
  input: CrewInput,
  turn: CrewTurn,
) => Promise<Partial<CrewResult> & { readonly text?: string }>;

export interface TurnBenchOptions {
  /** What was proposed in the conversation, and what became of it. */
  readonly actions?: () => readonly ListedAction[];
  readonly policies?: unknown;
  readonly summarize?: NonNullable<Crew["summarize"]>;
  readonly crew?: ScriptedCrew;
  /** Answers while a cap on spending is reached. */
  readonly withoutModel?: ScriptedCrew;
  readonly timeZone?: string;
  readonly telemetry?: Telemetry;
  /** What the turns see of the store. */
  readonly store?: (store: Store) => Store;
  readonly confirm?: (event: InboundEvent, saidTo?: "bot" | "people") => Promise<ReplyDraft | undefined>;
  readonly replace?: (event: InboundEvent) => Promise<ReplyDraft | undefined>;
  readonly numbered?: readonly Choice[];
  /** Events in answer to which something was proposed and still waits. */
  readonly proposed?: readonly string[];
  readonly packs?: RunningBot["packs"];
}

const PROPOSED = {
  id: "p1",
  tool: "transfer_money",
  summary: "Pay 5 EUR",
  status: "pending",
  createdAt: "2026-11-21T10:00:00.000Z",
} as const;

/** Opens a bench; close it after the test. */
export async function turnBench(options: TurnBenchOptions = {}) {
  const telemetry = options.telemetry ?? silentTelemetry;
  const folder = mkdtempSync(join(tmpdir(), "parley-turn-"));
  const store = await openSqliteStore(folder);
  const time = testClock("2026-11-21T10:00:00Z");
  const environment = testEnvironment(time);
  const published: Json[] = [];
  const emitted: LifecycleEvent[] = [];
  const calls: CrewInput[] = [];
  const contexts: ToolContext[] = [];
  const withdrawn: string[] = [];
  const sent: OutboxDraft[] = [];
  const broker = {
    send: async (draft: OutboxDraft) => {
      if (!sent.some(({ id: known }) => known === draft.id)) sent.push(draft);
    },
    publish: async (_topic: string, message: Json) => {
      published.push(message);
    },
    emit: async (event: LifecycleEvent) => {
      emitted.push(event);
    },
  };
  const running =
    (script: ScriptedCrew | undefined): Crew["run"] =>
    async (input, turn) => {
      calls.push(input);
      const { text = `you said: ${input.text}`, ...rest } = (await script?.(input, turn)) ?? {};
      return { reply: { text, confidence: 1, model: "scripted" }, remember: [], cacheable: false, ...rest };
    };
  const crew: Crew = {
    run: running(options.crew),
    ...(options.withoutModel && { runWithoutModel: running(options.withoutModel) }),
    ...(options.summarize && { summarize: options.summarize }),
    close: async () => {},
  };
  const bot = {
    config: {
      id: "test-bot",
      name: "Test",
      persona: "",
      locale: "en",
      timeZone: options.timeZone ?? "UTC",
      accounts: [{ adapter: defineAdapter(quietAdapter), name: "main", settings: {} }],
      crew: { name: "scripted", summary: {}, open: async () => crew },
      tools: [],
      intents: {},
      policies: BotPolicies.parse(options.policies ?? {}),
    },
    crew,
    toolset: {
      tools: [],
      forTurn: (context: ToolContext) => ({
        tools: ((): readonly [] => {
          contexts.push(context);
          return [];
        })(),
        entities: async () => [],
        call: async () => ({ status: "refused" as const, code: "tool/unknown", message: "no tools here" }),
      }),
      confirmations: {
        changes: async () => false,
        handle: async (event: InboundEvent, _context: ToolContext, saidTo?: "bot" | "people") =>
          await options.confirm?.(event, saidTo),
        withdraw: async ({ eventId = "all" }: { readonly eventId?: string }) => {
          withdrawn.push(eventId);
          return options.proposed?.includes(eventId) === true ? 1 : 0;
        },
        replace: async (event: InboundEvent) => await options.replace?.(event),
        list: async () => options.actions?.() ?? (options.replace === undefined ? [] : [PROPOSED]),
        reminder: async () => undefined,
      },
      forget: async () => {},
      kept: async () => [],
    },
    packs: options.packs ?? [],
    cache: createAnswerCache({ clock: environment.clock, seconds: 300 }),
  };
  const handler = createTurnHandler({
    bot: (name) => (name === "test-bot" ? bot : undefined),
    broker,
    handOver: createHandOverDesk({ store, broker, environment, telemetry }),
    store: options.store?.(store) ?? store,
    conversations: createConversationLife({
      store,
      broker,
      environment,
      telemetry,
      withdraw: async () => await bot.toolset.confirmations.withdraw({}),
      erase: storeEraser(store, () => bot.packs),
    }),
    link: createLinkStage(createLinking({ store, environment })),
    numberedChoice: async (_conversation, text) => options.numbered?.[Number(text) - 1],
    saveTrace: store.traces.save,
    environment,
    telemetry,
  });
  const sequences = new Map<string, number>();
  return {
    store,
    time,
    published,
    emitted,
    /** What was put into the outbox besides the turns' answers. */
    sent,
    calls,
    /** What the tools of each turn got to know. */
    contexts,
    /** Events whose proposals were made void. */
    withdrawn,
    /** Claims the events as the head of a mailbox and runs one turn; gives the commit. */
    run: async (
      events: readonly InboundEvent[],
      claim: Partial<Claim> & { readonly arrivals?: ArrivalPort } = {},
    ): Promise<ClaimCommit> => {
      const waiting = events.map((event): WaitingEvent => {
        const next = (sequences.get(event.id) ?? sequences.size) + 1;
        if (!sequences.has(event.id)) sequences.set(event.id, next - 1);
        return { sequence: (sequences.get(event.id) ?? 0) + 1, event };
      });
      const first = waiting[0];
      if (first === undefined) throw new Error("a claim has at least one event");
      let committed: ClaimCommit | undefined;
      await handler({
        conversation: first.event.conversation,
        epoch: 1,
        waiting,
        attempt: 1,
        signal: new AbortController().signal,
        onArrival: (listener) => claim.arrivals?.connect(listener),
        refresh: async () => [...waiting, ...(claim.arrivals?.arrived() ?? [])],
        commit: async (commit) => {
          committed = commit;
        },
        ...claim,
      });
      if (committed === undefined) throw new Error("the turn did not commit");
      return committed;
    },
    trace: async (event: InboundEvent) => (await store.traces.find(event.id))[0],
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lets a test deliver events into a running turn. */
export interface ArrivalPort {
  readonly connect: (listener: (event: InboundEvent) => void) => void;
  readonly arrived: () => readonly WaitingEvent[];
}
