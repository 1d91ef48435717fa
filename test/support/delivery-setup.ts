/** One account with everything delivery needs: a scripted platform, a scripted outbox, and time that jumps. */
import {
  type Delivered,
  type Live,
  type SendPolicy,
  createDelivery,
  createLimiter,
  createLive,
} from "../../core/delivery/index.ts";
import type { AdapterSession } from "../../core/adapter.ts";
import type { BoundAdapter, SealedPayload } from "../../core/adapter-binding.ts";
import type { DeliveryHandler } from "../../core/broker/broker.ts";
import type { OutboxEntry } from "../../core/broker/outbox-entry.ts";
import { accountId, conversationId } from "../../core/conversation-id.ts";
import { Json } from "../../core/json.ts";
import type { LiveSignal } from "../../core/live.ts";
import type { Reply } from "../../core/reply.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { type ScriptedOutbox, type WriteFault, createScriptedOutbox } from "./scripted-outbox.ts";
import { type ScriptedPlatform, type ScriptedPlatformOptions, createScriptedPlatform } from "./scripted-platform.ts";
import { type VirtualTime, createVirtualTime } from "./virtual-time.ts";

export interface DeliverySetup {
  readonly platform: ScriptedPlatform;
  readonly outbox: ScriptedOutbox;
  readonly time: VirtualTime;
  readonly live: Live;
  readonly handler: DeliveryHandler;
  readonly steps: readonly Delivered[];
  /** A second process: a new live side and handler on the same platform and broker. */
  readonly otherProcess: () => { readonly live: Live; readonly handler: DeliveryHandler };
}

export interface SetupOptions {
  readonly capabilities?: NonNullable<ScriptedPlatformOptions["capabilities"]>;
  readonly script?: NonNullable<ScriptedPlatformOptions["script"]>;
  /** Cuts texts for the adapter and the delivery. @default core/markdown */
  readonly split?: NonNullable<ScriptedPlatformOptions["split"]>;
  readonly writeFault?: (index: number) => WriteFault;
  readonly policy?: Partial<SendPolicy>;
  readonly locale?: string;
  /** Replaces parts of what the platform does. */
  readonly session?: (session: AdapterSession<SealedPayload>) => AdapterSession<SealedPayload>;
  readonly adapter?: (adapter: BoundAdapter) => BoundAdapter;
}

const account = accountId("scripted", "main");

export async function deliverySetup(options: SetupOptions = {}): Promise<DeliverySetup> {
  const { writeFault, policy = {}, session: changed, adapter: other, locale: _locale, ...platformOptions } = options;
  const time = createVirtualTime();
  const outbox = createScriptedOutbox(writeFault);
  const platform = await createScriptedPlatform({
    environment: time.environment,
    crash: outbox.crash,
    ...platformOptions,
  });
  const steps: Delivered[] = [];
  const process = (): { readonly live: Live; readonly handler: DeliveryHandler } => {
    const adapter = other?.(platform.adapter) ?? platform.adapter;
    const session = changed?.(platform.session) ?? platform.session;
    const { environment, sleep } = time;
    const limiter = createLimiter({ rate: adapter.manifest.capabilities.rate, clock: environment.clock, sleep });
    const { broker } = outbox;
    const cut = options.split === undefined ? {} : { splitIn: () => options.split ?? (() => []) };
    const { log } = silentTelemetry;
    const live = createLive({ adapter, session, broker, limiter, environment, log, sleep, ...cut });
    const handler = createDelivery({
      adapter,
      session,
      account,
      bot: "bot",
      deliveries: outbox.deliveries,
      broker,
      telemetry: silentTelemetry,
      environment,
      limiter,
      live,
      onStep: (step) => void steps.push(step),
      policy,
      ...(options.locale === undefined ? {} : { locale: options.locale }),
      sleep,
      ...cut,
    });
    return { live, handler };
  };
  return { platform, outbox, time, steps, otherProcess: process, ...process() };
}

export function testReply(fields: Partial<Reply> = {}): Reply {
  const words = { text: "Hello", sources: [], disclaimers: [] };
  return { id: "reply", ...words, confidence: 1, processingTimeMs: 5, model: "none", ...fields };
}

export interface EntryFields extends Partial<Omit<OutboxEntry, "reply">> {
  readonly chat?: string;
  readonly reply?: Partial<Reply>;
}

/** A reply in the outbox, to chat `c1` unless told. */
export function testEntry(fields: EntryFields = {}): OutboxEntry {
  const { chat = "c1", reply, eventId = "event-1", index = 0, ...rest } = fields;
  return {
    id: `${eventId}.${index}`,
    conversation: conversationId({ platform: "scripted", account: "main", chat }),
    account,
    eventId,
    index,
    count: 1,
    target: { chat, userId: "u1" },
    reply: testReply(reply),
    repeat: "once",
    createdAt: "2026-01-05T09:00:00.000Z",
    position: "1",
    ...rest,
  };
}

/** A live signal of the entry's turn, as it arrives from the broker. */
export function testSignal(entry: OutboxEntry, signal: LiveSignal["signal"]): Json {
  const { conversation, eventId, target } = entry;
  const { chat, userId } = target;
  return Json.parse({ conversation, eventId, target: { chat, userId }, signal });
}
