/** Sends signed notifications to the bot's webhook and repeats them until they are taken, as Meta does. */
import { createHmac, randomUUID } from "node:crypto";
import type { LocalPlatformOptions } from "../../../../core/testing/index.ts";
import { callWebhook, createWaiting } from "../../../../core/testing/index.ts";

export interface NotificationsOptions {
  readonly webhook: LocalPlatformOptions["webhook"];
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly phoneNumberId: string;
  readonly displayNumber: string;
}

const RETRY_MS = 150;
/** After this long a person's client stops waiting for the bot. */
const PATIENCE_MS = 5_000;

interface Waiting {
  readonly body: string;
  readonly taken: () => void;
}

export type Notifications = ReturnType<typeof createNotifications>;

/** Starts with Meta's check of the address. */
export function createNotifications(options: NotificationsOptions) {
  const waiting: Waiting[] = [];
  const taken: string[] = [];
  const clients = createWaiting<true>();
  const state = { connected: false, held: false, closed: false };

  async function pump(): Promise<void> {
    while (!state.closed) {
      const [next] = waiting;
      const idle = state.held || (state.connected && next === undefined);
      if (!idle && !state.connected) state.connected = await verifyAddress(options);
      if (!idle && state.connected && next !== undefined && (await post(options, next.body))) {
        waiting.shift();
        taken.push(next.body);
        next.taken();
        continue;
      }
      await new Promise((resolve) => setTimeout(resolve, idle && state.connected ? 10 : RETRY_MS));
    }
  }

  void pump();
  return {
    /** Queues what happened; resolves true once the bot has taken it, false when the deadline of a client passed first. */
    notify: async (fields: object): Promise<boolean> => {
      const body = notificationOf(options, fields);
      const id = randomUUID();
      waiting.push({ body, taken: () => clients.answer(id, true) });
      return (await clients.wait(id, PATIENCE_MS)) !== undefined;
    },
    /** Sends everything again that was taken, in another order. Gives how many. */
    redeliver: async (): Promise<number> => {
      const again = taken.toReversed();
      for (const body of again) await post(options, body);
      return again.length;
    },
    isConnected: (): boolean => state.connected && !state.closed,
    hold: (held: boolean): void => {
      state.held = held;
    },
    close: (): void => {
      state.closed = true;
      clients.end();
    },
  };
}

function notificationOf({ phoneNumberId, displayNumber }: NotificationsOptions, fields: object): string {
  const metadata = { display_phone_number: displayNumber, phone_number_id: phoneNumberId };
  const value = { messaging_product: "whatsapp", metadata, ...fields };
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "local-business", changes: [{ field: "messages", value }] }],
  });
}

/** True when the address answers with the challenge. */
async function verifyAddress(options: NotificationsOptions): Promise<boolean> {
  const query = new URLSearchParams({
    "hub.mode": "subscribe",
    "hub.verify_token": options.verifyToken,
    "hub.challenge": "1158201444",
  });
  const response = await call(options, "GET", { query: `?${query.toString()}` });
  return response !== undefined && response.status === 200 && (await response.text()) === "1158201444";
}

async function post(options: NotificationsOptions, body: string): Promise<boolean> {
  const signature = `sha256=${createHmac("sha256", options.appSecret).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const response = await call(options, "POST", { body, headers });
  await response?.arrayBuffer();
  return response?.status === 200;
}

interface Call {
  readonly query?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Undefined where nobody answers. */
async function call(
  { webhook }: NotificationsOptions,
  method: "GET" | "POST",
  { query = "", ...init }: Call,
): Promise<Response | undefined> {
  const address = webhook !== undefined && "url" in webhook ? webhook.url : "http://local/webhooks/whatsapp";
  const request = new Request(address + query, { method, ...init });
  return await callWebhook(webhook, request, (path) => path.startsWith("/webhooks/whatsapp"));
}
