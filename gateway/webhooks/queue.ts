/** The two topics that webhooks travel through: events on their way to endpoints, and deliveries until they arrived. */
import { z } from "zod";
import type { Topics } from "../../core/topics/topics.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Endpoints } from "./endpoints.ts";
import { messageOf, WebhookEvent } from "./event.ts";
import { LONGEST_ROUND_MS } from "./schedule.ts";
import type { DeliveryRow } from "./tables.ts";

export const EVENTS_TOPIC = "webhook-events";
export const DELIVERIES_TOPIC = "webhook-deliveries";

/** What a delivery's entry in the queue says. */
export const Order = z.object({ delivery: z.string(), round: z.int() });

interface QueueParts {
  readonly topics: Pick<Topics, "publish">;
  readonly endpoints: Pick<Endpoints, "wanting">;
  readonly deliveries: Pick<Deliveries, "add">;
}

export type WebhookQueue = ReturnType<typeof createQueue>;

/** What is put into the topics. Each step may run again, and does its work once. */
export function createQueue({ topics, endpoints, deliveries }: QueueParts) {
  const put = async ({ id, round }: DeliveryRow): Promise<void> => {
    const entry = { key: `${id}:${round}`, body: { delivery: id, round } };
    await topics.publish(DELIVERIES_TOPIC, [entry], { ttlMs: LONGEST_ROUND_MS });
  };
  return {
    put,
    /** Notes an event durably where somebody wants it; the same one again changes nothing. Throws `webhook/too-large`. */
    tell: async (draft: WebhookEvent): Promise<void> => {
      const event = WebhookEvent.parse(draft);
      messageOf(event);
      const wanting = await endpoints.wanting(event.bot, event.type);
      if (wanting.length === 0) return;
      await topics.publish(EVENTS_TOPIC, [{ key: `${event.type} ${event.source}`, body: event }]);
    },
    /** Makes one delivery of it for each endpoint that wants it. */
    fanOut: async (event: WebhookEvent): Promise<void> => {
      const message = messageOf(event);
      for (const { id } of await endpoints.wanting(event.bot, event.type)) {
        const delivery = await deliveries.add(id, message);
        if (delivery?.status === "waiting") await put(delivery);
      }
    },
  };
}
