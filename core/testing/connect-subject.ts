import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { AdapterSession, Outgoing } from "../adapter.ts";
import type { BoundAdapter, SealedPayload, ConnectContext } from "../adapter-binding.ts";
import type { Language } from "../delivery/index.ts";
import { ParleyError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import { completeEvent } from "../intake/intake.ts";
import type { Json } from "../json.ts";
import type { Reply } from "../reply.ts";
import type { Logger } from "../telemetry.ts";
import { targetOf, toOutboxDrafts } from "../turn/outbox-drafts.ts";
import type { DeliveryRecord } from "../store/store.ts";
import { quietContext } from "./adapter-context.ts";
import { deliverOnce } from "./deliver-once.ts";
import type { LocalPerson, LocalPlatform } from "./local-platform.ts";
import type { ConformanceSubject, ConnectedSubject, OpenSubject } from "./subject.ts";

const PATIENCE_MS = 15_000;

/** An adapter on its platform, with everything it says and does in view. */
export interface Connected {
  readonly bound: BoundAdapter;
  readonly session: AdapterSession<SealedPayload>;
  readonly person: ConnectedSubject;
  /** The person says hello; gives the event that this is. */
  readonly greeted: () => Promise<InboundEvent>;
  /** The platform's own side, where the subject has a local platform. */
  readonly local: { readonly platform: LocalPlatform; readonly ann: LocalPerson } | undefined;
  /** What was handed in, repeats included; echoes are not among them, as in the product. */
  readonly events: readonly InboundEvent[];
  /** While true nothing can be made durable. */
  readonly fail: (failing: boolean) => void;
  /** How long it takes until an event is durable. */
  readonly delay: (ms: number) => void;
  /** Sends the reply as the delivery does; gives the platform's message ids. */
  readonly reply: (event: InboundEvent, reply: Reply, language?: Language) => Promise<readonly string[]>;
  /** Sends it as the delivery does when the markup was refused. */
  readonly replyPlainly: (event: InboundEvent, reply: Reply) => Promise<void>;
  readonly outgoing: (event: InboundEvent, reply: Reply) => Outgoing<SealedPayload>;
  /** Hands the reply to the framework's own delivery; `thread`: as if it had been asked in this one. */
  readonly deliver: (event: InboundEvent, reply: Reply, thread?: string) => Promise<DeliveryRecord>;
  /** Every line the adapter logged, as text. */
  readonly logged: () => string;
  /** Connects once more with what the adapter kept, as after a restart; close the session first. */
  readonly reconnect: () => Promise<void>;
}

/** Opens the platform, connects the adapter, runs the work, closes both. */
export async function withConnection(
  subject: ConformanceSubject,
  work: (connected: Connected) => Promise<void>,
): Promise<void> {
  const world: World = { events: [], attempts: 0, failing: false, delayMs: 0, lines: [], files: new Map() };
  const opened =
    subject.platform === undefined ? await openedBy(subject.open) : await openedOn(subject.platform, world);
  const bound = subject.adapter.bind(opened.settings);
  const context = watchedContext(subject, world);
  const connect = async (): Promise<AdapterSession<SealedPayload>> => (world.session = await bound.connect(context));
  try {
    const session = await connect();
    const person = await opened.connected(context);
    const reconnect = async (): Promise<void> => void (await connect());
    const greeted = async (): Promise<InboundEvent> => {
      await person.say("hello");
      return world.events[0] ?? assert.fail("nothing was handed in");
    };
    await work({ ...views(bound, session, world), person, greeted, local: opened.local, reconnect });
  } finally {
    await world.session?.close();
    await opened.close();
  }
}

interface World {
  readonly events: InboundEvent[];
  attempts: number;
  failing: boolean;
  delayMs: number;
  readonly lines: string[];
  readonly files: Map<string, Uint8Array>;
  session?: AdapterSession<SealedPayload>;
}

type Opened = OpenSubject & Pick<Connected, "local">;

async function openedBy(open: () => Promise<OpenSubject>): Promise<Opened> {
  return { ...(await open()), local: undefined };
}

async function openedOn(open: NonNullable<ConformanceSubject["platform"]>, world: World): Promise<Opened> {
  const platform = await open({ webhook: { routes: () => world.session?.routes ?? [] } });
  const ann = platform.person("1001", "Ann");
  return {
    settings: platform.account.settings,
    local: { platform, ann },
    connected: async () => {
      await eventually(platform.isConnected, "the local platform never saw the adapter connect");
      return {
        say: async (text) => {
          const before = world.attempts;
          await ann.say(text);
          await eventually(() => world.attempts > before, `"${text}" was never handed in`);
        },
        seen: () => ann.sees().map(({ plain }) => plain),
      };
    },
    close: platform.close,
  };
}

interface Said {
  readonly reply: Reply;
  readonly language?: Language;
  readonly plain?: boolean;
}

function views(
  bound: BoundAdapter,
  session: AdapterSession<SealedPayload>,
  world: World,
): Omit<Connected, "person" | "greeted" | "local" | "reconnect"> {
  const { capabilities } = bound.manifest;
  let replies = 0;
  const partsOf = (
    event: InboundEvent,
    { reply, language = {}, plain = false }: Said,
    replyIndex: number,
  ): readonly Outgoing<SealedPayload>[] => {
    const { parts } = bound.render(reply, { capabilities, plain, ...language });
    return parts.map((payload, part) => ({
      conversation: event.conversation,
      target: targetOf(event),
      payload,
      key: `${event.id}.${replyIndex}.${part}`,
      eventId: event.id,
      replyIndex,
      replyCount: replyIndex + 1,
      part,
      partCount: parts.length,
      signal: new AbortController().signal,
    }));
  };
  const send = async (event: InboundEvent, said: Said): Promise<readonly string[]> => {
    const ids: string[] = [];
    replies += 1;
    for (const one of partsOf(event, said, replies - 1)) ids.push((await session.send(one)).messageId);
    return ids;
  };
  return {
    bound,
    session,
    events: world.events,
    fail: (failing) => (world.failing = failing),
    delay: (ms) => (world.delayMs = ms),
    outgoing: (event, reply) => partsOf(event, { reply }, 0)[0] ?? assert.fail("nothing was rendered"),
    deliver: async (event, reply, thread) => {
      const [draft] = toOutboxDrafts(event, [reply], { money: false, environment: { clock: Date.now } });
      if (draft === undefined) assert.fail("nothing was put in the outbox");
      replies += 1;
      const target = { ...draft.target, ...(thread === undefined ? {} : { thread }) };
      return await deliverOnce(bound, session, { ...draft, id: `${event.id}.kit${replies}`, target, position: "1" });
    },
    reply: async (event, reply, language = {}) => await send(event, { reply, language }),
    replyPlainly: async (event, reply) => void (await send(event, { reply, plain: true })),
    logged: () => world.lines.join("\n"),
  };
}

function watchedContext({ adapter }: ConformanceSubject, world: World): ConnectContext {
  const { platform } = adapter.manifest;
  const environment = { clock: () => Date.now(), newId: () => crypto.randomUUID(), random: Math.random };
  const values = new Map<string, Json>();
  const base = quietContext(platform, { bot: { id: "conformance", name: "Conformance" }, environment });
  return {
    ...base,
    log: loggerInto(world.lines),
    commands: [{ name: "help", description: "What I can do" }],
    accept: async (normalized) => {
      if ("ignored" in normalized || normalized.event.echo === true) return undefined;
      const event = completeEvent(normalized.event, { account: base.account, bot: "conformance", environment });
      world.attempts += 1;
      if (world.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, world.delayMs));
      if (world.failing) {
        throw new ParleyError("broker/unavailable", "The broker is down (by the suite).", {
          retryable: true,
          status: 503,
        });
      }
      const facts = { eventId: event.id, conversation: event.conversation };
      const known = world.events.some(({ key }) => key === event.key);
      world.events.push(event);
      return known
        ? { status: "duplicate", ...facts }
        : { status: "accepted", sequence: world.events.length, ...facts };
    },
    spool: async (bytes) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      const key = createHash("sha256").update(whole).digest("hex");
      world.files.set(key, whole);
      return { key, sizeBytes: whole.length, mediaType: "application/octet-stream" };
    },
    openFile: async (key) => once(world.files.get(key) ?? Buffer.from(`file ${key}`)),
    values: {
      get: async (key) => values.get(key),
      set: async (key, value) => {
        values.set(key, value);
      },
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function loggerInto(lines: string[]): Logger {
  const write = (facts: unknown, message?: unknown): void => {
    lines.push(`${JSON.stringify(facts)} ${String(message)}`);
  };
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}

/** Waits until it holds; fails with the explanation after 15 s. */
export async function eventually(holds: () => boolean, explanation: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > deadline) assert.fail(explanation);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
