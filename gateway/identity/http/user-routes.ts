/** The users of an installation: who there is, who may do what, who is locked out. */
import { z } from "zod";
import type { DemandsOf, HttpRequest, HttpRoute } from "../../../core/http.ts";
import { Next, pagesOf } from "../../../core/paging.ts";
import type { RoleGrant } from "../../access/roles.ts";
import { demandsToManage, demandsToOpenLogin } from "../manage-roles.ts";
import { type IdentityRouteParts, requireBot } from "./parts.ts";
import {
  ById,
  GrantOf,
  Id,
  Login,
  Name,
  Nothing,
  ShownLink,
  ShownUserWithRoles,
  showLink,
  showUserWithRoles,
} from "./shown.ts";
import { requireSafeTransport } from "./transport.ts";

const Draft = z.strictObject({
  login: Login,
  name: Name.default(""),
  roles: z.array(GrantOf).max(50).default([]),
});
const UserPage = z.object({ users: z.array(ShownUserWithRoles), next: Next });
const pages = pagesOf(z.tuple([Id]));
const Made = z.object({ user: ShownUserWithRoles, link: ShownLink });

const ERASE = "parley privacy erase --user";
const Removed = z.object({
  removed: z.string(),
  kept: z.array(z.string()).describe("What bots keep of the person stays."),
  eraseWith: z.array(z.string()).describe("The commands that erase it, for each chat on the web; export it before."),
});

const reads = { tags: ["users"], permission: "users:read" } as const;
const manages = { tags: ["users"], permission: "users:manage" } as const;

const USER = {
  id: "01K2V8Q6Z9",
  login: "jana@example.org",
  name: "Jana",
  createdAt: "2026-09-01T10:00:00.000Z",
  roles: [{ bot: "harbour", role: "moderator" }],
};
const LINK = { secret: "x3A…", expiresAt: "2026-09-02T10:00:00.000Z" };
const OF = { id: USER.id };

/** `/api/v1/users` and what is done with one of them. */
export function userRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  return [...readRoutes(parts), createRoute(parts), ...roleRoutes(parts), ...oneRoutes(parts)];
}

/** By default as much as for giving every role that the user has. */
function demandsOfUser({ identity: { accounts } }: IdentityRouteParts, demandsFor = demandsToManage): DemandsOf {
  return async ({ parameters }) => demandsFor(await accounts.grants(ById.parse(parameters).id));
}

/**
 * What the role takes, and what its holder takes already: nobody puts a hand on an owner who is none, or makes somebody
 * without a role one of their own bot's.
 */
function demandsOfRole(parts: IdentityRouteParts, roleOf: (sent: RoleSent) => RoleGrant): DemandsOf {
  return async (sent) => {
    const held = await parts.identity.accounts.grants(ById.parse(sent.parameters).id);
    return [...demandsToManage([roleOf(sent)]), ...demandsToManage(held)];
  };
}
type RoleSent = Pick<HttpRequest, "query" | "body">;

function readRoutes({ identity: { accounts } }: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      ...reads,
      method: "GET",
      path: "/api/v1/users",
      summary: "The users, the oldest first",
      query: pages.query,
      responses: { 200: UserPage },
      examples: [
        {
          summary: "The first ones",
          query: { limit: "50" },
          status: 200,
          answer: { users: [USER] },
        },
      ],
      handle: async ({ query }) => {
        const { limit, cursor } = pages.query.parse(query);
        const [after] = pages.placeOf(cursor) ?? [];
        const found = await accounts.list({ limit: limit + 1, ...(after !== undefined && { after }) });
        const { items, ...more } = pages.page(found, limit, ({ id }) => [id]);
        const users = await Promise.all(items.map(async (one) => await showUserWithRoles(accounts, one)));
        return Response.json({ users, ...more });
      },
    },
    {
      ...reads,
      method: "GET",
      path: "/api/v1/users/:id",
      summary: "A user",
      parameters: ById,
      responses: { 200: ShownUserWithRoles },
      examples: [{ summary: "Jana", parameters: OF, status: 200, answer: USER }],
      handle: async ({ parameters }) =>
        Response.json(await showUserWithRoles(accounts, await accounts.get(ById.parse(parameters).id))),
    },
  ];
}

function createRoute({ identity: { accounts }, bots }: IdentityRouteParts): HttpRoute {
  return {
    ...manages,
    demands: ({ body }) => demandsToManage(Draft.parse(body).roles),
    method: "POST",
    path: "/api/v1/users",
    summary: "Make a user; the link by which they set their password is shown here and never again",
    holdsSecrets: true,
    body: Draft,
    responses: { 201: Made },
    examples: [
      {
        summary: "A moderator of one bot",
        body: { login: "jana@example.org", name: "Jana", roles: [{ role: "moderator", bot: "harbour" }] },
        status: 201,
        answer: { user: USER, link: LINK },
      },
    ],
    handle: async (request) => {
      requireSafeTransport(request);
      const { login, name, roles } = Draft.parse(request.body);
      for (const { bot } of roles) requireBot(bots(), bot);
      const { account, link } = await accounts.create({ login, name, grants: roles, by: nameOf(request) });
      const user = await showUserWithRoles(accounts, account);
      return Response.json({ user, link: showLink(link) }, { status: 201 });
    },
  };
}

function roleRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  const { identity, bots } = parts;
  const { accounts } = identity;
  const shown = async (id: string): Promise<Response> =>
    Response.json(await showUserWithRoles(accounts, await accounts.get(id)));
  return [
    {
      ...manages,
      demands: demandsOfRole(parts, ({ body }) => GrantOf.parse(body)),
      method: "POST",
      path: "/api/v1/users/:id/roles",
      summary: "Give a role with a bot, or with all of them; it counts from the next call on",
      parameters: ById,
      body: GrantOf,
      responses: { 200: ShownUserWithRoles },
      examples: [
        {
          summary: "Moderator of one bot",
          parameters: OF,
          body: { role: "moderator", bot: "harbour" },
          status: 200,
          answer: USER,
        },
      ],
      handle: async (request) => {
        const { id } = await accounts.get(ById.parse(request.parameters).id);
        const grant = GrantOf.parse(request.body);
        requireBot(bots(), grant.bot);
        await accounts.grant(id, grant, nameOf(request));
        return await shown(id);
      },
    },
    {
      ...manages,
      demands: demandsOfRole(parts, ({ query }) => GrantOf.parse(query)),
      method: "DELETE",
      path: "/api/v1/users/:id/roles",
      summary: "Take a role; it counts no more from the next call on",
      parameters: ById,
      query: GrantOf,
      responses: { 200: ShownUserWithRoles },
      examples: [
        {
          summary: "No moderator any more",
          parameters: OF,
          query: { role: "moderator", bot: "harbour" },
          status: 200,
          answer: { ...USER, roles: [] },
        },
      ],
      handle: async (request) => {
        const { id } = await accounts.get(ById.parse(request.parameters).id);
        await accounts.ungrant(id, GrantOf.parse(request.query));
        return await shown(id);
      },
    },
  ];
}

function oneRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  const { accounts, sessions } = parts.identity;
  const act = (name: string, summary: string, work: (id: string) => Promise<unknown>): HttpRoute => ({
    ...manages,
    demands: demandsOfUser(parts),
    method: "POST",
    path: `/api/v1/users/:id/${name}`,
    summary,
    parameters: ById,
    body: Nothing,
    examples: [{ summary, parameters: OF, body: {}, status: 204 }],
    handle: async ({ parameters }) => {
      const { id } = await accounts.get(ById.parse(parameters).id);
      await work(id);
      return new Response(null, { status: 204 });
    },
  });
  return [
    act("disable", "Lock a user out; sessions and keys end at once", accounts.disable),
    act("enable", "Let a user in again", accounts.enable),
    act("sign-out", "End all sessions of a user", async (id) => await sessions.endAll(id, "revoked")),
    {
      ...act(
        "reset-second-factor",
        "Remove authenticator and passkeys of whoever lost them",
        accounts.resetSecondFactor,
      ),
      demands: demandsOfUser(parts, demandsToOpenLogin),
    },
    linkRoute(parts),
    {
      ...manages,
      demands: demandsOfUser(parts),
      method: "DELETE",
      path: "/api/v1/users/:id",
      summary: "Remove a user, with sessions, keys and roles. Conversations stay: the answer says how to erase them",
      parameters: ById,
      responses: { 200: Removed },
      examples: [
        {
          summary: "Remove Jana",
          parameters: OF,
          status: 200,
          answer: { removed: OF.id, kept: ["conversations"], eraseWith: [`${ERASE} web:main:${OF.id} --yes`] },
        },
      ],
      handle: async ({ parameters }) => {
        const { id } = await accounts.get(ById.parse(parameters).id);
        await accounts.remove(id);
        await parts.removed?.(id);
        const eraseWith = (parts.chats?.() ?? []).map((chat) => `${ERASE} ${chat}:${id} --yes`);
        return Response.json({ removed: id, kept: ["conversations"], eraseWith } satisfies z.input<typeof Removed>);
      },
    },
  ];
}

function linkRoute(parts: IdentityRouteParts): HttpRoute {
  const { accounts } = parts.identity;
  return {
    ...manages,
    demands: demandsOfUser(parts, demandsToOpenLogin),
    method: "POST",
    path: "/api/v1/users/:id/password-link",
    summary: "A link by which a user sets another password; earlier ones are void",
    holdsSecrets: true,
    parameters: ById,
    body: Nothing,
    responses: { 200: ShownLink },
    examples: [{ summary: "For Jana", parameters: OF, body: {}, status: 200, answer: LINK }],
    handle: async (request) => {
      requireSafeTransport(request);
      const { id } = await accounts.get(ById.parse(request.parameters).id);
      return Response.json(showLink(await accounts.passwordLink(id)));
    },
  };
}

/** Who gave a role, as it is kept with it. */
function nameOf({ caller }: HttpRequest): string {
  return caller.userId === undefined ? (caller.credential ?? "nobody") : `user:${caller.userId}`;
}
