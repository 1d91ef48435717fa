/** The Slack adapter connected to a local Slack, with what it hands in and keeps in view. */
import { onTestFinished } from "vitest";
import { slackAdapter } from "../../adapters/slack/index.ts";
import {
  type SlackLocalOptions,
  type SlackLocalPlatform,
  openSlackLocally,
} from "../../adapters/slack/testing/index.ts";
import type { AdapterContext, AdapterSession, Outgoing } from "../../core/adapter.ts";
import type { BoundAdapter, SealedPayload, ConnectContext } from "../../core/adapter-binding.ts";
import { ParleyError } from "../../core/errors.ts";
import type { InboundEvent } from "../../core/event.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import type { Json } from "../../core/json.ts";
import type { Reply } from "../../core/reply.ts";
import type { DeliveryRecord } from "../../core/store/store.ts";
import { deliverOnce } from "../../core/testing/deliver-once.ts";
import { quietContext } from "../../core/testing/index.ts";
import { targetOf, toOutboxDrafts } from "../../core/turn/outbox-drafts.ts";

export interface SlackAccount {
  readonly platform: SlackLocalPlatform;
  readonly bound: BoundAdapter;
  readonly session: AdapterSession<SealedPayload>;
  /** Each event once, as the durable queue would keep them. */
  readonly events: readonly InboundEvent[];
  /** Why bodies were ignored. */
  readonly ignored: readonly string[];
  /** While true nothing can be made durable. */
  readonly outage: { failing: boolean };
  readonly values: Map<string, Json>;
  readonly clock: { offsetMs: number };
}

export interface ConnectOptions extends SlackLocalOptions {
  readonly platform?: SlackLocalPlatform;
  readonly values?: Map<string, Json>;
  readonly commands?: AdapterContext<never>["commands"];
  readonly overHttp?: boolean;
}

const COMMANDS = [
  { name: "help", description: "What I can do" },
  { name: "balance", description: "Your balances" },
  { name: "recommend", description: "Products", argument: { name: "wish", description: "What for", required: true } },
];

/** Opens (or takes) a local Slack and connects the adapter; both are closed after the test. */
export async function connectSlackAccount(options: ConnectOptions = {}): Promise<SlackAccount> {
  const opened: { session?: AdapterSession<SealedPayload> } = {};
  const webhook = { routes: () => opened.session?.routes ?? [] };
  const platform =
    options.platform ?? (await openSlackLocally({ ...options, ...(options.overHttp === true ? { webhook } : {}) }));
  if (options.platform === undefined) onTestFinished(async () => await platform.close());
  const bound = platform.account.adapter.bind(platform.account.settings);
  const watched = watch(options);
  const session = await bound.connect(watched.context);
  opened.session = session;
  onTestFinished(async () => await session.close());
  return { platform, bound, session, ...watched };
}

function watch(options: ConnectOptions): Omit<SlackAccount, "platform" | "bound" | "session"> & {
  readonly context: ConnectContext;
} {
  const events: InboundEvent[] = [];
  const ignored: string[] = [];
  const outage = { failing: false };
  const clock = { offsetMs: 0 };
  const values = options.values ?? new Map<string, Json>();
  const base = quietContext(slackAdapter.manifest.platform);
  const environment = { ...base.environment, clock: () => Date.now() + clock.offsetMs };
  const context: ConnectContext = {
    ...base,
    bot: { id: "harbour", name: "Harbour" },
    environment,
    commands: options.commands ?? COMMANDS,
    accept: async (normalized) => {
      if ("event" in normalized && normalized.event.echo === true) return undefined;
      if ("ignored" in normalized) return void ignored.push(normalized.ignored);
      if (outage.failing) throw new ParleyError("broker/unavailable", "down", { retryable: true, status: 503 });
      const event = completeEvent(normalized.event, { account: base.account, bot: "harbour", environment });
      const facts = { eventId: event.id, conversation: event.conversation };
      if (events.some(({ key }) => key === event.key)) return { status: "duplicate", ...facts };
      events.push(event);
      return { status: "accepted", sequence: events.length, ...facts };
    },
    openFile: async (key) => once(Buffer.from(`bytes of ${key}`)),
    values: {
      get: async (key) => values.get(key),
      set: async (key, value) => {
        values.set(key, value);
      },
    },
  };
  return { events, ignored, outage, clock, values, context };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export const REPLY: Reply = {
  id: "r",
  text: "Hello.",
  sources: [],
  disclaimers: [],
  confidence: 1,
  processingTimeMs: 1,
  model: "none",
};

/** Hands a reply to the framework's own delivery. */
export async function deliverOn(
  { bound, session }: Pick<SlackAccount, "bound" | "session">,
  event: InboundEvent,
  reply: Partial<Reply>,
): Promise<DeliveryRecord> {
  const whole = { ...REPLY, ...reply };
  const [draft] = toOutboxDrafts(event, [whole], { money: false, environment: { clock: Date.now } });
  if (draft === undefined) throw new Error("nothing was put in the outbox");
  return await deliverOnce(bound, session, { ...draft, position: "1" });
}

/** The reply's messages as the delivery sends them. */
export function outgoingOf(
  { bound }: Pick<SlackAccount, "bound">,
  event: InboundEvent,
  reply: Partial<Reply>,
  position: Partial<Outgoing<SealedPayload>> & { readonly plain?: boolean } = {},
): Outgoing<SealedPayload> {
  const { plain = false, part = 0, ...rest } = position;
  const { capabilities } = bound.manifest;
  const [payload] = bound.render({ ...REPLY, ...reply }, { capabilities, plain }).parts;
  if (payload === undefined) throw new Error("nothing was rendered");
  return {
    conversation: event.conversation,
    target: targetOf(event),
    payload,
    key: `${event.id}.0.${part}`,
    eventId: event.id,
    replyIndex: 0,
    replyCount: 1,
    part,
    partCount: 1,
    signal: new AbortController().signal,
    ...rest,
  };
}
