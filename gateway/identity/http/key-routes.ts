/** API keys: what programs log in with. Everybody has their own; whoever manages keys has all of them. */
import { z } from "zod";
import { type Caller, type HttpRoute, ownedBy } from "../../../core/http.ts";
import { Permission } from "../../../core/permission.ts";
import { ParleyError } from "../../../core/errors.ts";
import { LONGEST_DAYS } from "../api-keys.ts";
import { Next, pagesOf } from "../../../core/paging.ts";
import { demandsToManage } from "../manage-roles.ts";
import { type IdentityRouteParts, requireBot } from "./parts.ts";
import { ById, Id, ShownKey, showKey } from "./shown.ts";
import { requireSafeTransport } from "./transport.ts";

const pages = pagesOf(z.tuple([z.number(), z.string()]));
const Listed = pages.query.extend({ userId: Id.optional() });
const KeyPage = z.object({ keys: z.array(ShownKey), next: Next });
const Draft = z.strictObject({
  userId: Id.describe("Whose rights it has, within its scopes."),
  name: z.string().min(1).max(100),
  bot: z.string().min(1).max(64).default("*"),
  scopes: z.array(Permission).min(1).max(Permission.options.length),
  days: z.int().min(1).max(LONGEST_DAYS).default(90),
});
const Made = ShownKey.extend({ secret: z.string().describe("Shown this once. Send it as `Authorization: Bearer …`.") });

const tags = ["keys"];
const KEY = {
  id: "Zr8mQ0dJx1aT",
  userId: "01K2V8Q6Z9",
  name: "crm",
  bot: "harbour",
  scopes: ["documents:read"],
  createdAt: "2026-09-01T10:00:00.000Z",
  expiresAt: "2026-11-30T10:00:00.000Z",
};

/** `/api/v1/keys`. */
export function keyRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  return [listRoute(parts), createRoute(parts), revokeRoute(parts)];
}

function listRoute({ identity: { apiKeys } }: IdentityRouteParts): HttpRoute {
  return {
    tags,
    permission: "keys:read",
    owner: ownedBy("query", Listed, ({ userId }) => (userId === undefined ? undefined : { user: userId })),
    method: "GET",
    path: "/api/v1/keys",
    summary: "API keys, the newest first; of one user, or of all of them",
    query: Listed,
    responses: { 200: KeyPage },
    examples: [{ summary: "The own ones", query: { userId: "01K2V8Q6Z9" }, status: 200, answer: { keys: [KEY] } }],
    handle: async ({ query }) => {
      const { limit, cursor, userId } = Listed.parse(query);
      const [createdAt, id] = pages.placeOf(cursor) ?? [];
      const after = createdAt === undefined || id === undefined ? undefined : { createdAt, id };
      const found = await apiKeys.list({ userId, after, limit: limit + 1 });
      const { items, ...more } = pages.page(found, limit, (key) => [key.createdAt, key.id]);
      return Response.json({ keys: items.map(showKey), ...more });
    },
  };
}

function createRoute({ identity: { accounts, apiKeys }, bots }: IdentityRouteParts): HttpRoute {
  return {
    tags,
    permission: "keys:manage",
    owner: ownedBy("body", Draft, ({ userId }) => ({ user: userId })),
    bot: ({ body }) => botOf(Draft.parse(body).bot),
    // A key does what its user may: whoever makes one for somebody else could become that user.
    demands: async ({ body, caller }) => {
      const { userId } = Draft.parse(body);
      return userId === caller.userId ? [] : demandsToManage(await accounts.grants(userId));
    },
    method: "POST",
    path: "/api/v1/keys",
    summary: "Make an API key; it is shown here and never again",
    holdsSecrets: true,
    body: Draft,
    responses: { 201: Made },
    examples: [
      {
        summary: "For a program that reads documents",
        body: { userId: "01K2V8Q6Z9", name: "crm", bot: "harbour", scopes: ["documents:read"], days: 90 },
        status: 201,
        answer: { ...KEY, secret: "parley_Zr8mQ0dJx1aT_…" },
      },
    ],
    handle: async (request) => {
      requireSafeTransport(request);
      requireNoKey(request.caller);
      const { userId, ...draft } = Draft.parse(request.body);
      requireBot(bots(), draft.bot);
      const { id } = await accounts.get(userId);
      const { key, secret } = await apiKeys.create({ ...draft, userId: id });
      return Response.json({ ...showKey(key), secret }, { status: 201 });
    },
  };
}

function revokeRoute({ identity: { apiKeys } }: IdentityRouteParts): HttpRoute {
  return {
    tags,
    permission: "keys:manage",
    owner: ownedBy("parameters", ById, async ({ id }) => {
      const [key] = await ifThere(apiKeys.get, id);
      return key && { user: key.userId };
    }),
    bot: async ({ parameters }) => {
      const [key] = await ifThere(apiKeys.get, ById.parse(parameters).id);
      return key && botOf(key.bot);
    },
    method: "DELETE",
    path: "/api/v1/keys/:id",
    summary: "End an API key at once",
    parameters: ById,
    examples: [{ summary: "End it", parameters: { id: KEY.id }, status: 204 }],
    handle: async ({ parameters }) => {
      const { id } = await apiKeys.get(ById.parse(parameters).id);
      await apiKeys.revoke(id);
      return new Response(null, { status: 204 });
    },
  };
}

/** A key could give itself, by another one, what it was not given. */
function requireNoKey({ credential = "" }: Caller): void {
  if (!credential.startsWith("api-key:")) return;
  throw new ParleyError("identity/key-makes-key", "An API key makes no API keys. Log in, and make it then.", {
    status: 403,
  });
}

const botOf = (bot: string): string | undefined => (bot === "*" ? undefined : bot);

/** None where there is none: whether it is there is only told to whoever may know. */
async function ifThere<Item>(get: (id: string) => Promise<Item>, id: string): Promise<readonly Item[]> {
  try {
    return [await get(id)];
  } catch (thrown) {
    if (thrown instanceof ParleyError && thrown.code === "identity/unknown-key") return [];
    throw thrown;
  }
}
