/** Endpoints over HTTP: list, make, change, remove, rotate, ping. */
import { z } from "zod";
import type { Clock } from "../../core/environment.ts";
import type { BotOf, Demand, HttpRequest, HttpRoute } from "../../core/http.ts";
import { Next, pagesOf } from "../../core/paging.ts";
import type { Endpoint } from "./endpoints.ts";
import { noBot, noEndpoint } from "./errors.ts";
import { WebhookType } from "./event.ts";
import { DELIVERY, NAMED, SECRET, WEBHOOK } from "./examples.ts";
import { showEndpoint, Webhook, WebhookWithSecret } from "./shown.ts";
import type { Webhooks } from "./webhooks.ts";

export interface RouteParts {
  readonly webhooks: Webhooks;
  /** The ids of the bots there are. */
  readonly bots: () => readonly string[];
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

const pages = pagesOf(z.tuple([z.int()]));
const Listed = pages.query.extend({ bot: Bot });
const Page = z.object({ webhooks: z.array(Webhook), next: Next });
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

/** What the calls that read have in common, and those that change. */
export const reads = { tags: ["webhooks"], permission: "webhooks:read" } as const;
export const changes = { tags: ["webhooks"], permission: "webhooks:manage" } as const;

/** The endpoint that a call names. Throws `webhook/unknown`. */
export async function named(
  { webhooks }: RouteParts,
  { parameters }: Pick<HttpRequest, "parameters">,
): Promise<Endpoint> {
  const endpoint = await webhooks.endpoints.find(EndpointPath.parse(parameters).id);
  if (endpoint === undefined) throw noEndpoint();
  return endpoint;
}

/** The bot whose endpoint a call names: permissions are given by bot. */
export function botOfNamed({ webhooks }: RouteParts): BotOf {
  return async ({ parameters }) => (await webhooks.endpoints.find(EndpointPath.parse(parameters).id))?.bot;
}

/** Alerts tell of the logins of the whole installation: whoever is to hear of them may read them there. */
export function demandsOf(types: readonly string[]): readonly Demand[] {
  return types.includes("alert.raised") ? [{ permission: "audit:read", bot: undefined }] : [];
}

/** `/api/v1/webhooks` and what is below one of them. */
export function endpointRoutes(parts: RouteParts): readonly HttpRoute[] {
  return [listRoute(parts), createRoute(parts), ...oneRoutes(parts), rotateRoute(parts), pingRoute(parts)];
}

function listRoute({ webhooks, clock }: RouteParts): HttpRoute {
  return {
    ...reads,
    bot: ({ query }) => Listed.parse(query).bot,
    method: "GET",
    path: "/api/v1/webhooks",
    summary: "The webhooks of a bot, oldest first",
    query: Listed,
    responses: { 200: Page },
    examples: [{ summary: "Of one bot", query: { bot: WEBHOOK.bot }, status: 200, answer: { webhooks: [WEBHOOK] } }],
    handle: async (request) => {
      const { bot, limit, cursor } = Listed.parse(request.query);
      const [after] = pages.placeOf(cursor) ?? [];
      const found = await webhooks.endpoints.list(bot, { limit: limit + 1, after });
      const { items, ...more } = pages.page(found, limit, ({ number }) => [number]);
      return Response.json({ webhooks: items.map((one) => showEndpoint(one, clock())), ...more });
    },
  };
}

function createRoute({ webhooks, bots, clock }: RouteParts): HttpRoute {
  return {
    ...changes,
    bot: ({ body }) => Draft.parse(body).bot,
    demands: ({ body }) => demandsOf(Draft.parse(body).events),
    method: "POST",
    path: "/api/v1/webhooks",
    summary: "Make a webhook; its secret is shown here and never again",
    body: Draft,
    responses: { 201: WebhookWithSecret },
    holdsSecrets: true,
    examples: [
      {
        summary: "For a ledger",
        body: { bot: WEBHOOK.bot, url: WEBHOOK.url, events: WEBHOOK.events, description: WEBHOOK.description },
        status: 201,
        answer: { ...WEBHOOK, secret: SECRET },
      },
    ],
    handle: async (request) => {
      const draft = Draft.parse(request.body);
      if (!bots().includes(draft.bot)) throw noBot(draft.bot);
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
      ...reads,
      bot: botOfNamed(parts),
      method: "GET",
      path,
      summary: "A webhook",
      parameters: EndpointPath,
      responses: { 200: Webhook },
      examples: [{ summary: "That of the ledger", parameters: NAMED, status: 200, answer: WEBHOOK }],
      handle: async (request) => Response.json(showEndpoint(await named(parts, request), clock())),
    },
    {
      ...changes,
      bot: botOfNamed(parts),
      // Its address is where the alerts go that it hears of already.
      demands: async ({ parameters, body }) => {
        const heard = (await webhooks.endpoints.find(EndpointPath.parse(parameters).id))?.events ?? [];
        return demandsOf([...heard, ...(Change.parse(body).events ?? [])]);
      },
      method: "PATCH",
      path,
      summary: "Change its address or events, or switch it on and off",
      parameters: EndpointPath,
      body: Change,
      responses: { 200: Webhook },
      examples: [
        { summary: "Switch it on again", parameters: NAMED, body: { active: true }, status: 200, answer: WEBHOOK },
      ],
      handle: async (request) => {
        const { id } = await named(parts, request);
        const change = Change.parse(request.body);
        if (change.url !== undefined) await webhooks.checkAddress(change.url);
        return Response.json(showEndpoint(await webhooks.endpoints.update(id, change), clock()));
      },
    },
    {
      ...changes,
      bot: botOfNamed(parts),
      method: "DELETE",
      path,
      summary: "Remove it, with its deliveries",
      parameters: EndpointPath,
      examples: [{ summary: "Remove it", parameters: NAMED, status: 204 }],
      handle: async (request) => {
        const { id } = await named(parts, request);
        if (!(await webhooks.endpoints.remove(id))) throw noEndpoint();
        return new Response(null, { status: 204 });
      },
    },
  ];
}

function rotateRoute(parts: RouteParts): HttpRoute {
  const { webhooks, clock } = parts;
  return {
    ...changes,
    bot: botOfNamed(parts),
    method: "POST",
    path: "/api/v1/webhooks/:id/rotate-secret",
    summary: "A new secret; the one before signs beside it for a while",
    parameters: EndpointPath,
    body: Rotation,
    responses: { 200: WebhookWithSecret },
    holdsSecrets: true,
    examples: [
      {
        summary: "Leave the one before a day",
        parameters: NAMED,
        body: { keepHours: 24 },
        status: 200,
        answer: { ...WEBHOOK, secret: SECRET, rotatesUntil: "2026-12-02T12:00:00.000Z" },
      },
    ],
    handle: async (request) => {
      const { id } = await named(parts, request);
      const { keepHours } = Rotation.parse(request.body);
      const { endpoint, secret } = await webhooks.rotate(id, keepHours * HOUR_MS);
      return withSecret({ ...showEndpoint(endpoint, clock()), secret }, 200);
    },
  };
}

function pingRoute(parts: RouteParts): HttpRoute {
  return {
    ...changes,
    bot: botOfNamed(parts),
    method: "POST",
    path: "/api/v1/webhooks/:id/ping",
    summary: "Call it once with an event of the type ping, and tell what came of it",
    parameters: EndpointPath,
    // A JSON body is asked for, so that a foreign page in somebody's browser cannot call by a form.
    body: z.strictObject({}),
    responses: { 200: Pinged },
    examples: [
      {
        summary: "Does it answer?",
        parameters: NAMED,
        body: {},
        status: 200,
        answer: { deliveryId: DELIVERY.id, delivered: true, status: 204 },
      },
    ],
    handle: async (request) => {
      const endpoint = await named(parts, request);
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
