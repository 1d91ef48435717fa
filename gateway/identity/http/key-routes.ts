/** API keys: what programs log in with. Everybody has their own; whoever manages keys has all of them. */
import { z } from "zod";
import { type Caller, type DemandsOf, type HttpRoute, ownedBy } from "../../../core/http.ts";
import { Permission } from "../../../core/permission.ts";
import { ParleyError } from "../../../core/errors.ts";
import { OF_THE_PERSON } from "../../access/roles.ts";
import { LONGEST_DAYS } from "../api-keys.ts";
import { Next, pagesOf } from "../../../core/paging.ts";
import { demandsToManage } from "../manage-roles.ts";
import { Again, askedAgain } from "./asked-again.ts";
import { type IdentityRouteParts, LOGINS_PER_MINUTE, requireBot } from "./parts.ts";
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
  password: Again.shape.password.describe(
    "Of whoever makes it. Left out by users who have none, and by gateway.trustedToken.",
  ),
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

/** A key does what its user may: whoever makes one for somebody else could become that user, and ends it as that user would. */
function demandsFor(
  { identity: { accounts } }: IdentityRouteParts,
  userOf: (sent: Parameters<DemandsOf>[0]) => Promise<string | undefined> | string,
): DemandsOf {
  return async (sent) => {
    const userId = await userOf(sent);
    if (userId === undefined || userId === sent.caller.userId) return [];
    return demandsToManage(await accounts.grants(userId));
  };
}

function createRoute(parts: IdentityRouteParts): HttpRoute {
  const { identity, bots } = parts;
  const { accounts, apiKeys } = identity;
  return {
    tags,
    permission: "keys:manage",
    owner: ownedBy("body", Draft, ({ userId }) => ({ user: userId })),
    bot: ({ body }) => botOf(Draft.parse(body).bot),
    demands: demandsFor(parts, ({ body }) => Draft.parse(body).userId),
    method: "POST",
    path: "/api/v1/keys",
    summary: "Make an API key; it is shown here and never again",
    holdsSecrets: true,
    perMinute: LOGINS_PER_MINUTE,
    body: Draft,
    responses: { 201: Made },
    examples: [
      {
        summary: "For a program that reads documents",
        body: {
          userId: "01K2V8Q6Z9",
          name: "crm",
          bot: "harbour",
          scopes: ["documents:read"],
          days: 90,
          password: "copper lantern drifts north",
        },
        status: 201,
        answer: { ...KEY, secret: "parley_Zr8mQ0dJx1aT_…" },
      },
    ],
    handle: async (request) => {
      requireSafeTransport(request);
      const { caller } = request;
      requireNoKey(caller);
      const { userId, password: _password, ...draft } = Draft.parse(request.body);
      requireBot(bots(), draft.bot);
      if (userId !== caller.userId) requireNothingOfThePerson(draft.scopes);
      if (caller.userId !== undefined) await askedAgain(parts, request);
      const { id } = await accounts.get(userId);
      const { key, secret } = await apiKeys.create({ ...draft, userId: id });
      return Response.json({ ...showKey(key), secret }, { status: 201 });
    },
  };
}

function revokeRoute(parts: IdentityRouteParts): HttpRoute {
  const { apiKeys } = parts.identity;
  const named = async (sent: unknown) => (await ifThere(apiKeys.get, ById.parse(sent).id))[0];
  return {
    tags,
    permission: "keys:manage",
    owner: ownedBy("parameters", ById, async (sent) => {
      const key = await named(sent);
      return key && { user: key.userId };
    }),
    bot: async ({ parameters }) => {
      const key = await named(parameters);
      return key && botOf(key.bot);
    },
    demands: demandsFor(parts, async ({ parameters }) => (await named(parameters))?.userId),
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

/** Whoever manages somebody reads and sets for them, and neither speaks nor decides in their place. */
function requireNothingOfThePerson(scopes: readonly Permission[]): void {
  const found = scopes.filter((scope) => OF_THE_PERSON.includes(scope));
  if (found.length === 0) return;
  throw new ParleyError(
    "identity/key-of-person",
    `A key in somebody else's name has none of: ${OF_THE_PERSON.join(", ")}. Leave out ${found.join(", ")}; the person themselves may make a key with it.`,
    { status: 403 },
  );
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
