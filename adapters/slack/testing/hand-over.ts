/** Hands events to the bot the way Slack does: acknowledged within 3 s or tried again, over a socket or by HTTP. */
import { createHmac, randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { LocalPlatformOptions } from "../../../testing.ts";
import { callWebhook } from "../../../testing.ts";

export type EnvelopeType = "events_api" | "slash_commands" | "interactive";

export interface Envelope {
  readonly type: EnvelopeType;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the bot answered; `payload` where it answered with one. */
export interface Acknowledged {
  readonly withinMs: number;
  readonly payload?: unknown;
}

export interface HandOver {
  /** Resolves with the acknowledgement, or with undefined when there was none at the last try. */
  readonly hand: (envelope: Envelope) => Promise<Acknowledged | undefined>;
  readonly acknowledged: (envelopeId: string, payload: unknown) => void;
  /** Events that were acknowledged, for handing them over again. */
  readonly handed: readonly Envelope[];
  readonly close: () => void;
}

export interface HandOverOptions {
  readonly sockets: () => ReadonlySet<WebSocket>;
  readonly webhook?: LocalPlatformOptions["webhook"];
  readonly signingSecret: string;
  /** How long the bot has to acknowledge. */
  readonly ackMs: number;
  /** Pauses before the second, third, … try of an event. */
  readonly retriesMs: readonly number[];
}

export function createHandOver(options: HandOverOptions): HandOver {
  const waiting = new Map<string, (payload: unknown) => void>();
  const { pause, wake } = createPauses();
  const handed: Envelope[] = [];
  const closing = new AbortController();

  async function overSocket(envelope: Envelope, attempt: number): Promise<Acknowledged | undefined> {
    const socket = [...options.sockets()].find((one) => one.readyState === one.OPEN);
    if (socket === undefined) return undefined;
    const id = randomUUID();
    const startedAt = performance.now();
    const answer = new Promise<Acknowledged>((resolve) => {
      waiting.set(id, (payload) => resolve({ withinMs: performance.now() - startedAt, payload }));
    });
    const events = envelope.type === "events_api";
    socket.send(
      JSON.stringify({
        envelope_id: id,
        type: envelope.type,
        payload: envelope.body,
        accepts_response_payload: !events,
        ...(events ? { retry_attempt: attempt, retry_reason: attempt === 0 ? "" : "timeout" } : {}),
      }),
    );
    const result = await Promise.race([answer, pause(options.ackMs).then(() => undefined)]);
    waiting.delete(id);
    return result;
  }

  async function tryOnce(envelope: Envelope, attempt: number): Promise<Acknowledged | undefined> {
    const { webhook } = options;
    return webhook === undefined
      ? await overSocket(envelope, attempt)
      : await overHttp(envelope, attempt, { ...options, webhook });
  }

  return {
    handed,
    hand: async (envelope) => {
      const pauses = envelope.type === "events_api" ? options.retriesMs : [];
      for (let attempt = 0; attempt <= pauses.length && !closing.signal.aborted; attempt += 1) {
        if (attempt > 0) await pause(pauses[attempt - 1] ?? 0);
        const acknowledged = await tryOnce(envelope, attempt);
        if (acknowledged === undefined) continue;
        if (envelope.type === "events_api") handed.push(envelope);
        return acknowledged;
      }
      return undefined;
    },
    acknowledged: (envelopeId, payload) => waiting.get(envelopeId)?.(payload),
    close: () => {
      closing.abort();
      wake();
    },
  };
}

/** Pauses that can all be cut short. */
function createPauses(): { readonly pause: (ms: number) => Promise<void>; readonly wake: () => void } {
  const running = new Set<() => void>();
  return {
    pause: async (ms) => {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          running.delete(done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        running.add(done);
      });
    },
    wake: () => {
      for (const done of running) done();
    },
  };
}

async function overHttp(
  { type, body }: Envelope,
  attempt: number,
  options: HandOverOptions & { readonly webhook: NonNullable<HandOverOptions["webhook"]> },
): Promise<Acknowledged | undefined> {
  const { webhook, signingSecret, ackMs } = options;
  const content = contentOf(type, body);
  const headers = {
    "content-type": content.mediaType,
    ...signatureOf(content.text, signingSecret),
    ...(attempt === 0 ? {} : { "x-slack-retry-num": String(attempt), "x-slack-retry-reason": "http_timeout" }),
  };
  const init = { method: "POST", headers, body: content.text, signal: AbortSignal.timeout(ackMs) };
  const startedAt = performance.now();
  const request = new Request("url" in webhook ? webhook.url : LOCAL_URL, init);
  const response = await callWebhook(webhook, request, (path) => path.endsWith("/events"));
  // Not reachable, or not in time: the next try.
  const text = response?.ok === true ? await response.text().catch(() => undefined) : undefined;
  if (text === undefined) return undefined;
  const withinMs = performance.now() - startedAt;
  return text === "" ? { withinMs } : { withinMs, payload: JSON.parse(text) };
}

const LOCAL_URL = "http://127.0.0.1/slack/events";

function contentOf(type: EnvelopeType, body: Envelope["body"]): { readonly text: string; readonly mediaType: string } {
  if (type === "events_api") return { text: JSON.stringify(body), mediaType: "application/json" };
  const fields =
    type === "interactive"
      ? { payload: JSON.stringify(body) }
      : Object.fromEntries(Object.entries(body).map(([key, value]) => [key, String(value)]));
  return { text: new URLSearchParams(fields).toString(), mediaType: "application/x-www-form-urlencoded" };
}

/** Slack's signature over the raw body. */
export function signatureOf(
  body: string,
  secret: string,
  nowMs = Date.now(),
): { readonly "x-slack-request-timestamp": string; readonly "x-slack-signature": string } {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const hash = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${hash}` };
}
