/** Endpoints over HTTP: list, make, change, remove, rotate, ping. */
import { z } from "zod";
import type { Clock } from "../../core/environment.ts";
import type { HttpRequest, HttpRoute } from "../../core/http.ts";
import type { WebhookAccess, WebhookPermission } from "./access.ts";
import type { Endpoint } from "./endpoints.ts";
import { noBot, noEndpoint } from "./errors.ts";
import { WebhookType } from "./event.ts";
import { showEndpoint, Webhook, WebhookWithSecret } from "./shown.ts";
import type { Webhooks } from "./webhooks.ts";

export interface RouteParts {
  readonly webhooks: Webhooks;
  readonly access: WebhookAccess;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
export const EndpointId = z.string().regex(/^whe_[\w-]{1,60}$/u, "an id such as whe_01J…");
export const EndpointPath = z.object({ id: EndpointId });
const Bot = z.string().min(1).max(64);
const Url = z.string().min(1).max(2_000);
const Events = z
  .array(WebhookType)
  .min(1)
  .max(WebhookType.options.length)
  .transform((events) => [...new Set(events)]);
const Description = z.string().max(200);

const Listed = z.strictObject({
  bot: Bot,
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** The id of the last one of the page before. */
  after: EndpointId.optional(),
});
const Page = z.object({ webhooks: z.array(Webhook), next: z.string().optional() });
const Draft = z.strictObject({ bot: Bot, url: Url, events: Events, description: Description.default("") });
const Change = z.strictObject({
  url: Url.optional(),
  events: Events.optional(),
  description: Description.optional(),
  active: z.boolean().optional(),
});
const Rotation = z.strictObject({
  /** How long the secret before signs as well. 0: it ends now, because others may know it. */
  keepHours: z.number().int().min(0).max(168).default(24),
});
const Pinged = z.object({
  deliveryId: z.string(),
  delivered: z.boolean(),
  status: z.int().optional(),
  error: z.string().optional(),
});

const base = { tags: ["webhooks"], trusted: true } as const;

/** The endpoint of a call, once the caller may do with it what it wants. Throws `webhook/unknown`. */
export async function permitted(
  { webhooks, access }: RouteParts,
  request: HttpRequest,
  permission: WebhookPermission,
): Promise<Endpoint> {
  const endpoint = await webhooks.endpoints.find(EndpointPath.parse(request.parameters).id);
  if (endpoint === undefined) throw noEndpoint();
  await access.demand(request, { permission, bot: endpoint.bot });
  return endpoint;
}

/** `/api/v1/webhooks` and what is below one of them. */
export function endpointRoutes(parts: RouteParts): readonly HttpRoute[] {
  return [listRoute(parts), createRoute(parts), ...oneRoutes(parts), rotateRoute(parts), pingRoute(parts)];
}

function listRoute({ webhooks, access, clock }: RouteParts): HttpRoute {
  return {
    ...base,
    method: "GET",
    path: "/api/v1/webhooks",
    summary: "The webhooks of a bot, oldest first",
    query: Listed,
    responses: { 200: Page },
    handle: async (request) => {
      const { bot, limit, after } = Listed.parse(request.query);
      await access.demand(request, { permission: "webhooks:read", bot });
      const found = await webhooks.endpoints.list(bot, { limit: limit + 1, after });
      const shown = found.slice(0, limit).map((endpoint) => showEndpoint(endpoint, clock()));
      return Response.json({ webhooks: shown, ...(found.length > limit && { next: shown.at(-1)?.id }) });
    },
  };
}

function createRoute({ webhooks, access, clock }: RouteParts): HttpRoute {
  return {
    ...base,
    method: "POST",
    path: "/api/v1/webhooks",
    summary: "Make a webhook; its secret is shown here and never again",
    body: Draft,
    responses: { 201: WebhookWithSecret },
    handle: async (request) => {
      const draft = Draft.parse(request.body);
      await access.demand(request, { permission: "webhooks:manage", bot: draft.bot });
      if (!access.bots().includes(draft.bot)) throw noBot(draft.bot);
      await webhooks.checkAddress(draft.url);
      const { endpoint, secret } = await webhooks.endpoints.create(draft);
      return withSecret({ ...showEndpoint(endpoint, clock()), secret }, 201);
    },
  };
}

function oneRoutes(parts: RouteParts): readonly HttpRoute[] {
  const { webhooks, clock } = parts;
  const path = "/api/v1/webhooks/:id";
  return [
    {
      ...base,
      method: "GET",
      path,
      summary: "A webhook",
      parameters: EndpointPath,
      responses: { 200: Webhook },
      handle: async (request) => Response.json(showEndpoint(await permitted(parts, request, "webhooks:read"), clock())),
    },
    {
      ...base,
      method: "PATCH",
      path,
      summary: "Change its address or events, or switch it on and off",
      parameters: EndpointPath,
      body: Change,
      responses: { 200: Webhook },
      handle: async (request) => {
        const { id } = await permitted(parts, request, "webhooks:manage");
        const change = Change.parse(request.body);
        if (change.url !== undefined) await webhooks.checkAddress(change.url);
        return Response.json(showEndpoint(await webhooks.endpoints.update(id, change), clock()));
      },
    },
    {
      ...base,
      method: "DELETE",
      path,
      summary: "Remove it, with its deliveries",
      parameters: EndpointPath,
      handle: async (request) => {
        const { id } = await permitted(parts, request, "webhooks:manage");
        if (!(await webhooks.endpoints.remove(id))) throw noEndpoint();
        return new Response(null, { status: 204 });
      },
    },
  ];
}

function rotateRoute(parts: RouteParts): HttpRoute {
  const { webhooks, clock } = parts;
  return {
    ...base,
    method: "POST",
    path: "/api/v1/webhooks/:id/rotate-secret",
    summary: "A new secret; the one before signs beside it for a while",
    parameters: EndpointPath,
    body: Rotation,
    responses: { 200: WebhookWithSecret },
    handle: async (request) => {
      const { id } = await permitted(parts, request, "webhooks:manage");
      const { keepHours } = Rotation.parse(request.body);
      const { endpoint, secret } = await webhooks.rotate(id, keepHours * HOUR_MS);
      return withSecret({ ...showEndpoint(endpoint, clock()), secret }, 200);
    },
  };
}

function pingRoute(parts: RouteParts): HttpRoute {
  return {
    ...base,
    method: "POST",
    path: "/api/v1/webhooks/:id/ping",
    summary: "Call it once with an event of the type ping, and tell what came of it",
    parameters: EndpointPath,
    // A JSON body is asked for, so that a foreign page in somebody's browser cannot call by a form.
    body: z.strictObject({}),
    responses: { 200: Pinged },
    handle: async (request) => {
      const endpoint = await permitted(parts, request, "webhooks:manage");
      const { answer, delivery } = await parts.webhooks.ping(endpoint);
      const { status, error } = answer;
      return Response.json({ deliveryId: delivery, delivered: error === undefined, status, error });
    },
  };
}

/** No cache on the way keeps a secret. */
function withSecret(body: z.input<typeof WebhookWithSecret>, status: number): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}
