/** The delivery log over HTTP, and sending again. */
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { DemandsOf, HttpRequest, HttpRoute } from "../../core/http.ts";
import { Next, pagesOf } from "../../core/paging.ts";
import {
  botOfNamed,
  changes,
  demandsOf,
  EndpointId,
  EndpointPath,
  named,
  reads,
  type RouteParts,
} from "./endpoint-routes.ts";
import { noDelivery } from "./errors.ts";
import { WebhookType } from "./event.ts";
import { LISTED, READ, RESENT } from "./examples.ts";
import { showDelivery, showLog, WebhookDelivery, WebhookDeliveryLog } from "./shown.ts";
import { DeliveryStatus } from "./tables.ts";

const DeliveryId = z.string().regex(/^dlv_[\da-f]{32}$/u, "an id such as dlv_0a1b…");
const DeliveryPath = z.object({ id: EndpointId, delivery: DeliveryId });
const pages = pagesOf(z.tuple([z.int()]));
const Filter = pages.query.extend({
  status: DeliveryStatus.optional(),
  type: z.enum([...WebhookType.options, "ping"]).optional(),
});
const Page = z.object({ deliveries: z.array(WebhookDelivery), next: Next });

/** `/api/v1/webhooks/:id/deliveries` and what is below one of them. */
export function deliveryRoutes(parts: RouteParts): readonly HttpRoute[] {
  const { webhooks } = parts;
  return [
    {
      ...reads,
      bot: botOfNamed(parts),
      method: "GET",
      path: "/api/v1/webhooks/:id/deliveries",
      summary: "What was sent, newest first",
      parameters: EndpointPath,
      query: Filter,
      responses: { 200: Page },
      examples: [LISTED],
      handle: async (request) => {
        const { id } = await named(parts, request);
        const { limit, cursor, ...filter } = Filter.parse(request.query);
        const [before] = pages.placeOf(cursor) ?? [];
        const found = await webhooks.deliveries.page(id, { ...filter, before, limit: limit + 1 });
        const { items, ...more } = pages.page(found, limit, ({ number }) => [number]);
        return Response.json({ deliveries: items.map(showDelivery), ...more });
      },
    },
    {
      ...reads,
      bot: botOfNamed(parts),
      demands: demandsOfDelivery(parts),
      method: "GET",
      path: "/api/v1/webhooks/:id/deliveries/:delivery",
      summary: "One of them, with its body and the log of its attempts",
      parameters: DeliveryPath,
      responses: { 200: WebhookDeliveryLog },
      examples: [READ],
      handle: async (request) => {
        const { id } = await named(parts, request);
        const delivery = await webhooks.deliveries.inspect(deliveryOf(request));
        if (delivery?.endpoint !== id) throw noDelivery();
        return Response.json(showLog(delivery));
      },
    },
    resendRoute(parts),
  ];
}

function resendRoute(parts: RouteParts): HttpRoute {
  const { webhooks } = parts;
  return {
    ...changes,
    bot: botOfNamed(parts),
    demands: demandsOfDelivery(parts),
    method: "POST",
    path: "/api/v1/webhooks/:id/deliveries/:delivery/resend",
    summary: "Send one again that has ended, with all its attempts",
    parameters: DeliveryPath,
    body: z.strictObject({}),
    responses: { 202: WebhookDelivery },
    examples: [RESENT],
    handle: async (request) => {
      const { id, active } = await named(parts, request);
      const delivery = deliveryOf(request);
      if ((await webhooks.deliveries.find(delivery))?.endpoint !== id) throw noDelivery();
      if (!active) throw inactive();
      const revived = await webhooks.resend(delivery);
      if (revived === undefined) throw stillWaiting();
      return Response.json(showDelivery(revived), { status: 202 });
    },
  };
}

/** What was told of alerts is read by those alone who may read them. */
function demandsOfDelivery({ webhooks }: RouteParts): DemandsOf {
  return async ({ parameters }) => {
    const { id, delivery } = DeliveryPath.parse(parameters);
    const found = await webhooks.deliveries.find(delivery);
    return found?.endpoint === id ? demandsOf([found.type]) : [];
  };
}

function deliveryOf({ parameters }: HttpRequest): string {
  return DeliveryPath.parse(parameters).delivery;
}

function inactive(): ParleyError {
  return new ParleyError(
    "webhook/inactive",
    "This webhook is switched off. Switch it on first: PATCH with active true.",
    {
      status: 409,
    },
  );
}

function stillWaiting(): ParleyError {
  return new ParleyError(
    "webhook/still-waiting",
    "This delivery is on its way already; its next attempt comes by itself.",
    {
      status: 409,
    },
  );
}
