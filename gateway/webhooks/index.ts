/** Webhooks out. `webhooks.ts` tells how an event reaches its receivers; `verify.ts` is for these (`parleyjs/webhooks`). */
export { deliveryRoutes } from "./delivery-routes.ts";
export type { DestinationRules } from "./destination.ts";
export { endpointRoutes } from "./endpoint-routes.ts";
export { WebhookEvent } from "./event.ts";
export { followLifecycle } from "./lifecycle-events.ts";
export type { WebhookSealing } from "./sealing.ts";
export { webhookTables } from "./tables.ts";
export { openWebhooks, type WebhookAlert, type Webhooks } from "./webhooks.ts";
