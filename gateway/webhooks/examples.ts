/** What the reference shows of webhooks. */
import type { z } from "zod";
import type { RouteExample } from "../../core/http.ts";
import type { Webhook, WebhookDelivery } from "./shown.ts";

export const WEBHOOK: z.input<typeof Webhook> = {
  id: "whe_01KB9Q4M7T3V8R2N6H5C1X0WZA",
  bot: "harbour",
  url: "https://hooks.example.com/parley",
  events: ["proposal.created", "execution.finished"],
  description: "The ledger",
  active: true,
  createdAt: "2026-12-01T12:00:00.000Z",
};
export const NAMED = { id: WEBHOOK.id };
export const SECRET = "whsec_…";

const AGAIN = {
  id: "dlv_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
  messageId: "msg_9f8e7d6c5b4a39281706f5e4d3c2b1a0",
  type: "execution.finished",
  attempts: 10,
  createdAt: "2026-12-01T12:00:00.000Z",
};
export const DELIVERY: z.input<typeof WebhookDelivery> = {
  ...AGAIN,
  status: "failed",
  endedAt: "2026-12-04T12:00:00.000Z",
};

export const LISTED: RouteExample = {
  summary: "What failed",
  parameters: NAMED,
  query: { status: "failed", limit: "20" },
  status: 200,
  answer: { deliveries: [DELIVERY] },
};
export const READ: RouteExample = {
  summary: "Why did it fail?",
  parameters: { ...NAMED, delivery: DELIVERY.id },
  status: 200,
  answer: {
    ...DELIVERY,
    body: '{"type":"execution.finished"}',
    log: [{ attempt: 10, at: "2026-12-04T12:00:00.000Z", tookMs: 120, status: 503, error: "it answered 503" }],
  },
};
export const RESENT: RouteExample = {
  summary: "Once more",
  parameters: { ...NAMED, delivery: DELIVERY.id },
  body: {},
  status: 202,
  answer: { ...AGAIN, status: "waiting", nextAttemptAt: "2026-12-04T13:00:00.000Z" },
};
