/** An account connected to a local Telegram, with everything in view: what it handed in, what it logged. */
import { inspect } from "node:util";
import { openTelegramLocally } from "../../adapters/telegram/testing/index.ts";
import type { AdapterSession, Outgoing } from "../../core/adapter.ts";
import type { SealedPayload, ConnectContext } from "../../core/adapter-binding.ts";
import { ParleyError } from "../../core/errors.ts";
import type { InboundEvent } from "../../core/event.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import type { Json } from "../../core/json.ts";
import type { Reply, ReplyTarget } from "../../core/reply.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { LocalPlatformOptions } from "../../core/testing/index.ts";
import { quietContext } from "../../core/testing/index.ts";
import { targetOf } from "../../core/turn/outbox-drafts.ts";

export type Session = AdapterSession<SealedPayload>;

export interface TelegramChat {
  readonly platform: Awaited<ReturnType<typeof openTelegramLocally>>;
  /** Connects once more; the first connection is `session`. */
  readonly connect: () => Promise<Session>;
  readonly session: Session;
  readonly events: InboundEvent[];
  /** Reasons of what was ignored. */
  readonly ignored: string[];
  /** While true nothing can be made durable. */
  readonly outage: { down: boolean };
  readonly logged: () => string;
  /** Sends a reply as the delivery does; gives the message ids. */
  readonly reply: (target: ReplyTarget, reply: Partial<Reply>, session?: Session) => Promise<readonly string[]>;
  readonly outgoing: (target: ReplyTarget, reply: Partial<Reply>) => Outgoing<SealedPayload>;
  /** Waits for an event of the type, and gives the latest. */
  readonly heard: (
    type: InboundEvent["type"],
  ) => Promise<{ readonly event: InboundEvent; readonly target: ReplyTarget }>;
  readonly close: () => Promise<void>;
}

const NO_REPLY: Reply = {
  id: "r1",
  text: "",
  sources: [],
  confidence: 1,
  disclaimers: [],
  processingTimeMs: 1,
  model: "none",
};

export async function telegramChat(
  options: LocalPlatformOptions = {},
  watched: Partial<ConnectContext> = {},
): Promise<TelegramChat> {
  const opened: Session[] = [];
  const routes = (): NonNullable<Session["routes"]> => opened.at(-1)?.routes ?? [];
  const platform = await openTelegramLocally({
    settings: { pollSeconds: 1 },
    ...options,
    ...(options.webhook === undefined ? {} : { webhook: { routes } }),
  });
  const bound = platform.account.adapter.bind(platform.account.settings);
  const { capabilities } = bound.manifest;
  const events: InboundEvent[] = [];
  const ignored: string[] = [];
  const lines: string[] = [];
  const outage = { down: false };
  const values = new Map<string, Json>();
  const context = quietContext("telegram", {
    log: loggerInto(lines),
    commands: [
      { name: "help", description: "What I can do" },
      { name: "balance", description: "The balance of my account" },
    ],
    values: {
      get: async (key) => values.get(key),
      set: async (key, value) => {
        values.set(key, value);
      },
    },
    accept: async (normalized) => {
      if (outage.down) throw new ParleyError("broker/unavailable", "The broker is down.", { retryable: true });
      if ("event" in normalized && normalized.event.echo === true) return undefined;
      if ("ignored" in normalized) {
        ignored.push(normalized.ignored);
        return undefined;
      }
      const event = completeEvent(normalized.event, { ...context, bot: "bot" });
      const facts = { eventId: event.id, conversation: event.conversation };
      if (events.some(({ key }) => key === event.key)) return { status: "duplicate", ...facts };
      events.push(event);
      return { status: "accepted", sequence: events.length, ...facts };
    },
    ...watched,
  });
  const connect = async (): Promise<Session> => {
    const session = await bound.connect(context);
    opened.push(session);
    return session;
  };
  const session = await connect();
  const outgoingParts = (target: ReplyTarget, reply: Partial<Reply>): readonly Outgoing<SealedPayload>[] =>
    bound.render({ ...NO_REPLY, ...reply }, { capabilities, plain: false }).parts.map((payload, part, parts) => ({
      conversation: completeEvent(draftFor(target), { ...context, bot: "bot" }).conversation,
      target,
      payload,
      key: `e1.0.${part}`,
      eventId: "e1",
      replyIndex: 0,
      replyCount: 1,
      part,
      partCount: parts.length,
      signal: AbortSignal.timeout(10_000),
    }));
  return {
    platform,
    connect,
    session,
    events,
    ignored,
    outage,
    logged: () => lines.join("\n"),
    reply: async (target, reply, by = session) => {
      const ids: string[] = [];
      for (const one of outgoingParts(target, reply)) ids.push((await by.send(one)).messageId);
      return ids;
    },
    outgoing: (target, reply) => {
      const [first] = outgoingParts(target, reply);
      if (first === undefined) throw new ParleyError("test/nothing-rendered", "Nothing was rendered.");
      return first;
    },
    heard: async (type) => {
      const latest = (): InboundEvent | undefined => events.findLast((event) => event.type === type);
      for (let tries = 0; latest() === undefined && tries < 500; tries += 1) await pause(10);
      const event = latest();
      if (event === undefined) throw new ParleyError("test/not-heard", `No ${type} was heard.`);
      return { event, target: targetOf(event) };
    },
    close: async () => {
      await Promise.all(opened.map(async (one) => await one.close()));
      await platform.close();
    },
  };
}

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

function draftFor({ chat, thread }: ReplyTarget) {
  return {
    type: "message" as const,
    key: "k",
    messageId: "1",
    text: "x",
    chat: { id: chat, type: "direct" as const, ...(thread === undefined ? {} : { thread }) },
    user: { id: "1" },
    timestamp: new Date(0).toISOString(),
  };
}

/** Everything that is in the facts, errors' causes included. */
function loggerInto(lines: string[]): Logger {
  const write = (facts: object, message: string): void =>
    void lines.push(`${inspect(facts, { depth: 20 })} ${message}`);
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}
