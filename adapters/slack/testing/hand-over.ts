/** Hands events to the bot the way Slack does: acknowledged within 3 s or tried again, over a socket or by HTTP. */
import { createHmac, randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import { pauseFor } from "../../../adapter.ts";
import type { Answered, LocalPlatformOptions } from "../../../core/testing/index.ts";
import { callWebhook, createWaiting } from "../../../core/testing/index.ts";

export type EnvelopeType = "events_api" | "slash_commands" | "interactive";

export interface Envelope {
  readonly type: EnvelopeType;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the bot answered, and how soon. */
export type Acknowledged = Answered<unknown>;

export interface HandOverOptions {
  readonly sockets: () => ReadonlySet<WebSocket>;
  readonly webhook: LocalPlatformOptions["webhook"];
  readonly signingSecret: string;
  /** How long the bot has to acknowledge. */
  readonly ackMs: number;
  /** Pauses before the second, third, … try of an event. */
  readonly retriesMs: readonly number[];
}

export type HandOver = ReturnType<typeof createHandOver>;

export function createHandOver(options: HandOverOptions) {
  const { webhook, ackMs, retriesMs } = options;
  const waiting = createWaiting<unknown>();
  const handed: Envelope[] = [];
  const closing = new AbortController();

  async function overSocket({ type, body }: Envelope, attempt: number): Promise<Acknowledged | undefined> {
    const socket = [...options.sockets()].find((one) => one.readyState === one.OPEN);
    if (socket === undefined) return undefined;
    const id = randomUUID();
    const events = type === "events_api";
    const retry = events ? { retry_attempt: attempt, retry_reason: attempt === 0 ? "" : "timeout" } : {};
    socket.send(JSON.stringify({ envelope_id: id, type, payload: body, accepts_response_payload: !events, ...retry }));
    return await waiting.wait(id, ackMs);
  }

  return {
    /** Events that were acknowledged, for handing them over again. */
    handed,
    /** Resolves with the acknowledgement, or with undefined when there was none at the last try. */
    hand: async (envelope: Envelope): Promise<Acknowledged | undefined> => {
      const isEvent = envelope.type === "events_api";
      const pauses = isEvent ? retriesMs : [];
      for (let attempt = 0; attempt <= pauses.length && !closing.signal.aborted; attempt += 1) {
        if (attempt > 0) await pauseFor(pauses[attempt - 1] ?? 0, closing.signal);
        const acknowledged =
          webhook === undefined
            ? await overSocket(envelope, attempt)
            : await overHttp(envelope, attempt, { ...options, webhook });
        if (acknowledged === undefined) continue;
        if (isEvent) handed.push(envelope);
        return acknowledged;
      }
      return undefined;
    },
    acknowledged: waiting.answer,
    close: (): void => {
      closing.abort();
      waiting.end();
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
  return { withinMs, answer: text === "" ? undefined : JSON.parse(text) };
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
