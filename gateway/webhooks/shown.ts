/** Webhooks as the calls show them. A secret is only ever shown where it was made. */
import { z } from "zod";
import type { Delivery } from "./deliveries.ts";
import type { Endpoint } from "./endpoints.ts";
import { WebhookType } from "./event.ts";
import { type DeliveryRow, DeliveryStatus } from "./tables.ts";

const Time = z.iso.datetime();

export const Webhook = z.object({
  id: z.string(),
  bot: z.string(),
  url: z.string(),
  events: z.array(WebhookType),
  description: z.string(),
  active: z.boolean(),
  /** Why and since when it gets nothing: switched off, failed for days, or it answered 410. */
  disabled: z.object({ reason: z.enum(["asked", "failing", "gone"]), at: Time }).optional(),
  /** Since when nothing arrived. */
  failingSince: Time.optional(),
  /** Until then the secret before signs as well. */
  rotatesUntil: Time.optional(),
  createdAt: Time,
});

export const WebhookWithSecret = Webhook.extend({
  /** Shown this once. */
  secret: z.string(),
});

export const WebhookDelivery = z.object({
  id: z.string(),
  /** `webhook-id` of its calls. */
  messageId: z.string(),
  type: z.string(),
  status: DeliveryStatus,
  attempts: z.int(),
  createdAt: Time,
  /** While it waits. */
  nextAttemptAt: Time.optional(),
  endedAt: Time.optional(),
});

export const WebhookDeliveryLog = WebhookDelivery.extend({
  /** The body of its calls, as text: that is what is signed. */
  body: z.string(),
  /** The last attempts, newest first. `error` is missing where it arrived. */
  log: z.array(
    z.object({
      attempt: z.int(),
      at: Time,
      tookMs: z.int(),
      status: z.int().optional(),
      error: z.string().optional(),
    }),
  ),
});

export function showEndpoint(endpoint: Endpoint, now: number): z.input<typeof Webhook> {
  const { id, bot, url, events, description, active, disabledFor, disabledAt, failingSince, previousUntil } = endpoint;
  return {
    id,
    bot,
    url,
    events,
    description,
    active,
    ...(disabledFor !== undefined && { disabled: { reason: disabledFor, at: iso(disabledAt ?? 0) } }),
    ...(failingSince !== undefined && { failingSince: iso(failingSince) }),
    ...(previousUntil !== undefined && previousUntil > now && { rotatesUntil: iso(previousUntil) }),
    createdAt: iso(endpoint.createdAt),
  };
}

export function showDelivery(row: DeliveryRow): z.input<typeof WebhookDelivery> {
  const { id, message, type, status, attempts, createdAt, dueAt, endedAt } = row;
  return {
    id,
    messageId: message,
    type,
    status,
    attempts,
    createdAt: iso(createdAt),
    ...(status === "waiting" && { nextAttemptAt: iso(dueAt) }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
  };
}

export function showLog(delivery: Delivery): z.input<typeof WebhookDeliveryLog> {
  const log = delivery.log.map(({ at, ...attempt }) => ({ ...attempt, at: iso(at) }));
  return { ...showDelivery(delivery), body: delivery.body, log };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
