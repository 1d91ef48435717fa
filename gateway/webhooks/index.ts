/** Webhooks out. `webhooks.ts` tells how an event reaches its receivers; `verify.ts` is for these (`parleyjs/webhooks`). */
export { actionWatch } from "./action-events.ts";
export { deadLetterWatch } from "./dead-letter-events.ts";
export { deliveryRoutes } from "./delivery-routes.ts";
export type { DestinationRules } from "./destination.ts";
export { endpointRoutes } from "./endpoint-routes.ts";
export { WebhookEvent } from "./event.ts";
export { handOverWatch } from "./hand-over-events.ts";
export { keepWatch } from "./keep-watch.ts";
export { followLifecycle } from "./lifecycle-events.ts";
export { forgetInWebhooks } from "./removal.ts";
export type { WebhookSealing } from "./sealing.ts";
export { webhookSecrets } from "./tables.ts";
export { openWebhooks, type WebhookAlert, type Webhooks } from "./webhooks.ts";
