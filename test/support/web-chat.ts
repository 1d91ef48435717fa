/**
 * A web account on a real gateway, with a small in-memory road behind it: events are deduplicated, turns run one at a
 * time per conversation, answers go into a history and are sent. It can fail, and be restarted on the same port.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { webAdapter } from "../../adapters/web/index.ts";
import { manifest } from "../../adapters/web/manifest.ts";
import type { AdapterSession, HistoryEntry } from "../../core/adapter.ts";
import type { BoundAdapter, SealedPayload, ConnectContext } from "../../core/adapter-binding.ts";
import { createSpool } from "../../core/attachments/index.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { BrokerUnavailableError } from "../../core/broker/errors.ts";
import { accountId } from "../../core/conversation-id.ts";
import type { InboundEvent } from "../../core/event.ts";
import { textOf } from "../../core/event.ts";
import type { HttpRoute } from "../../core/http.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import type { Json } from "../../core/json.ts";
import type { LiveSignal } from "../../core/live.ts";
import { Reply, type ReplyDraft } from "../../core/reply.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { quietContext } from "../../core/testing/index.ts";
import type { ListedAction } from "../../core/tool.ts";
import { targetOf } from "../../core/turn/outbox-drafts.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../../gateway/index.ts";
import { type GatewayState, openGatewayState } from "../../gateway/state/index.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";

/** What a turn may do: show live signals, and say something; undefined is deliberate silence. */
export type Answer = (
  event: InboundEvent,
  emit: (signal: LiveSignal["signal"]) => void,
) => Promise<readonly ReplyDraft[] | undefined>;

export interface WebChatOptions {
  readonly settings?: object;
  readonly answer?: Answer;
  /** Where the bot is silent because of its limits: when it may be asked again. */
  readonly retryAfterMs?: number;
  readonly gateway?: Partial<GatewayOptions>;
  /** Routes beside the account's, such as documents. */
  readonly routes?: readonly HttpRoute[];
  readonly botName?: string;
  /** @default "main" */
  readonly accountName?: string;
}

export interface WebChat {
  readonly url: () => string;
  readonly events: readonly InboundEvent[];
  readonly session: () => AdapterSession<SealedPayload>;
  /** While true, nothing can be made durable. */
  readonly fail: (failing: boolean) => void;
  /** What happens to answers: shown here, or only written (another process delivers). */
  readonly deliverElsewhere: (elsewhere: boolean) => void;
  readonly stop: () => Promise<void>;
  /** Starts again on the same port with the same history and values. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A reply with everything but the words made up. */
export function draft(text: string, more: Partial<ReplyDraft> = {}): ReplyDraft {
  return { text, confidence: 1, model: "none", ...more };
}

const echo: Answer = async (event) => [draft(`You said: ${textOf(event)}`)];

interface Road {
  readonly events: InboundEvent[];
  readonly keys: Set<string>;
  readonly history: Map<string, HistoryEntry[]>;
  readonly ended: Map<string, string>;
  readonly values: Map<string, Json>;
  readonly last: Map<string, Promise<void>>;
  failing: boolean;
  elsewhere: boolean;
  session: AdapterSession<SealedPayload> | undefined;
}

/** One machine plays all the people of a test. */
const MANY = {
  messagesPerMinute: 1_000_000,
  newSessionsPerMinute: 1_000_000,
  sockets: 100_000,
  uploadedMebibytesPerHour: 1_000_000,
};

/** A gateway on a free port that always is ready. */
export const quietGateway: GatewayOptions = {
  host: "127.0.0.1",
  port: 0,
  routes: [],
  sockets: [],
  readiness: async () => ({ ready: true, parts: [] }),
  metrics: async () => ({ contentType: "text/plain", body: "" }),
  version: "0.0.0",
  newId: randomUUID,
  log: silentTelemetry.log,
  limits: { address: 100_000 },
};

/** Starts it on a free port. */
export async function startWebChat(options: WebChatOptions = {}): Promise<WebChat> {
  const directory = await mkdtemp(join(tmpdir(), "web-chat-"));
  const bound = webAdapter.bind({ perAddress: MANY, ...options.settings });
  const road: Road = {
    events: [],
    keys: new Set(),
    history: new Map(),
    ended: new Map(),
    values: new Map(),
    last: new Map(),
    failing: false,
    elsewhere: false,
    session: undefined,
  };
  const context = contextOf({ road, bound, directory }, options);
  let gateway: Gateway | undefined;
  let port = 0;
  let state: GatewayState | undefined;
  const start = async (): Promise<void> => {
    const session = await bound.connect(context);
    road.session = session;
    state = await openGatewayState(sqliteDatabases(directory), {
      clock: Date.now,
      newId: randomUUID,
      log: quietGateway.log,
    });
    gateway = await createGateway({
      ...quietGateway,
      port,
      routes: [...(session.routes ?? []), ...(options.routes ?? [])],
      sockets: session.sockets ?? [],
      state,
      ...options.gateway,
    });
    port = Number(new URL(gateway.url).port);
  };
  const stop = async (): Promise<void> => {
    await road.session?.close();
    await gateway?.close();
    await state?.close();
  };
  await start();
  return {
    url: () => `http://127.0.0.1:${port}`,
    events: road.events,
    session: () => road.session ?? missing(),
    fail: (failing) => (road.failing = failing),
    deliverElsewhere: (elsewhere) => (road.elsewhere = elsewhere),
    stop,
    start,
    close: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function missing(): never {
  throw new Error("not started");
}

function contextOf(
  { road, bound, directory }: { readonly road: Road; readonly bound: BoundAdapter; readonly directory: string },
  { answer = echo, retryAfterMs, botName = "Harbour Assistant", accountName = "main" }: WebChatOptions,
): ConnectContext {
  const account = accountId("web", accountName);
  const environment = { clock: Date.now, newId: randomUUID, random: Math.random };
  const spool = createSpool({ files: directoryFiles(directory), incoming: join(directory, "incoming"), environment });
  return quietContext("web", {
    account,
    accountName,
    bot: { id: "harbour", name: botName },
    environment,
    accept: async (normalized) => {
      if (road.failing) throw new BrokerUnavailableError("accept");
      if ("ignored" in normalized) return undefined;
      const event = completeEvent(normalized.event, { account, bot: "harbour", environment });
      const facts = { eventId: event.id, conversation: event.conversation };
      if (road.keys.has(event.key)) return { status: "duplicate", ...facts };
      road.keys.add(event.key);
      road.events.push(event);
      const sequence = road.events.length;
      const before = road.last.get(event.conversation) ?? Promise.resolve();
      road.last.set(
        event.conversation,
        turn(before, {
          road,
          event,
          answer,
          render: bound.render,
          silence: retryAfterMs === undefined ? {} : { retryAfterMs },
        }),
      );
      return { status: "accepted", sequence, ...facts };
    },
    spool: spool.put,
    openFile: spool.open,
    history: async (conversation, { before, limit }) => {
      const entries = road.history.get(conversation) ?? [];
      const end = before === undefined ? entries.length : entries.findIndex(({ id }) => id === before);
      return entries.slice(Math.max(0, end - limit), Math.max(0, end));
    },
    actions: async (conversation) => actionsOf(road, conversation),
    endConversation: async (conversation, reason) => {
      if (reason === "forgotten") road.history.delete(conversation);
      road.ended.set(conversation, reason);
    },
    identify: () => undefined,
    unlink: async () => false,
    conversation: async (conversation) => {
      const events = road.events.filter((event) => event.conversation === conversation);
      const [first] = events;
      const last = events.at(-1);
      if (first === undefined || last === undefined || road.ended.has(conversation)) return undefined;
      return {
        id: conversation,
        createdAt: first.receivedAt,
        lastEventAt: last.receivedAt,
        messageCount: events.length,
        userIds: [first.user.id],
      };
    },
    values: {
      get: async (key) => road.values.get(key),
      set: async (key, value) => {
        road.values.set(key, value);
      },
    },
  });
}

/** What was proposed, by the replies, and what became of it, by the buttons pressed. */
function actionsOf({ history, events }: Road, conversation: string): readonly ListedAction[] {
  return (history.get(conversation) ?? []).toReversed().flatMap(({ at, reply }) => {
    if (reply?.proposal === undefined) return [];
    const { id, summary } = reply.proposal;
    const pressed = (verb: string): boolean =>
      events.some((event) => event.type === "action" && event.choiceId === `${verb}:${id}`);
    const status = pressed("confirm") ? "executed" : pressed("cancel") ? "cancelled" : "pending";
    return [{ id, tool: "transfer_money", summary, status, createdAt: at }];
  });
}

interface TurnParts {
  readonly road: Road;
  readonly event: InboundEvent;
  readonly answer: Answer;
  readonly render: BoundAdapter["render"];
  readonly silence: { readonly retryAfterMs?: number };
}

async function turn(before: Promise<void>, { road, event, answer, render, silence }: TurnParts): Promise<void> {
  await before;
  const target = targetOf(event);
  const { conversation, id: eventId } = event;
  const emit = (signal: LiveSignal["signal"]): void => road.session?.live?.({ conversation, eventId, target, signal });
  const drafts = await answer(event, emit);
  if (drafts === undefined) {
    emit({ type: "finished", replies: 0, reason: "silent by the test", ...silence });
    return;
  }
  const replies = drafts.map((one): Reply => Reply.parse({ ...one, id: randomUUID(), processingTimeMs: 1 }));
  remember(road, event, replies);
  emit({ type: "finished", replies: replies.length });
  if (road.elsewhere) return;
  for (const [replyIndex, reply] of replies.entries()) {
    const [payload] = render(reply, { capabilities: manifest.capabilities, plain: false }).parts;
    if (payload === undefined) continue;
    await road.session?.send({
      conversation,
      target,
      payload,
      key: `${eventId}.${replyIndex}.0`,
      eventId,
      replyIndex,
      replyCount: replies.length,
      part: 0,
      partCount: 1,
      signal: new AbortController().signal,
    });
  }
}

function remember(road: Road, event: InboundEvent, replies: readonly Reply[]): void {
  const entries = road.history.get(event.conversation) ?? [];
  road.history.set(event.conversation, entries);
  const messageId = "messageId" in event ? event.messageId : undefined;
  entries.push(
    {
      id: event.id,
      role: "user",
      at: event.receivedAt,
      userId: event.user.id,
      ...(messageId === undefined ? {} : { messageId }),
      text: textOf(event),
    },
    ...replies.map((reply): HistoryEntry => ({
      id: reply.id,
      role: "assistant",
      at: new Date().toISOString(),
      text: reply.text,
      reply,
    })),
  );
}
