/** Webhooks as a test opens them: real tables, a real queue in a file, and a clock that the test moves. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { join } from "node:path";
import { directNetwork } from "../../core/network/network.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createEmbeddedTopics } from "../../core/topics/embedded/embedded-topics.ts";
import {
  openWebhooks,
  type WebhookAlert,
  type WebhookEvent,
  type WebhookSealing,
} from "../../gateway/webhooks/index.ts";
import { accountId, conversationId } from "../../core/conversation-id.ts";
import { placeAt, type TestPlace } from "./test-place.ts";

const KEY = Buffer.alloc(32, 7);

/** AES-256-GCM bound to the place. */
export const testSealing: WebhookSealing = {
  seal: async (place, plain) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", KEY, nonce).setAAD(Buffer.from(JSON.stringify(place)));
    const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  },
  open: async (place, sealed) => {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", KEY, bytes.subarray(0, 12)).setAAD(
      Buffer.from(JSON.stringify(place)),
    );
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
  },
};

export type OpenOptions = Partial<Parameters<typeof openWebhooks>[0]>;

export const NOON = Date.parse("2026-12-01T12:00:00Z");

/** Opens them in a folder; close with `end`. */
export async function openTestWebhooks(
  folder: string,
  clock: { now: number },
  { place = placeAt(folder), ...given }: OpenOptions & { readonly place?: TestPlace } = {},
) {
  let ids = 0;
  const environment = {
    clock: () => clock.now,
    random: () => 0.5,
    newId: () => `${clock.now}-${process.pid}-${(ids += 1)}`,
  };
  const databases = await place.open();
  const topics =
    given.topics ??
    createEmbeddedTopics({ path: join(folder, "topics.sqlite"), environment, telemetry: silentTelemetry, pollMs: 20 });
  const alerts: WebhookAlert[] = [];
  const webhooks = await openWebhooks({
    databases,
    topics,
    network: directNetwork,
    environment,
    telemetry: silentTelemetry,
    sealing: testSealing,
    alert: async (alert) => void alerts.push(alert),
    rules: { internalHosts: ["127.0.0.1"] },
    ...given,
  });
  return {
    webhooks,
    topics,
    alerts,
    end: async () => {
      await topics.close();
      await webhooks.close();
      await databases.close();
    },
  };
}

export const CONVERSATION = conversationId({ platform: "web", account: "main", chat: "c1" });

/** A message that came in; `source` tells it from others. */
export function messageEvent(
  source: string,
  given: { readonly bot?: string; readonly at?: string } = {},
): WebhookEvent {
  return {
    source,
    bot: "harbour",
    at: "2026-12-01T11:59:59.000Z",
    type: "message.received",
    data: {
      conversation: CONVERSATION,
      account: accountId("web", "main"),
      eventId: `event-${source}`,
      kind: "message",
    },
    ...given,
  };
}
