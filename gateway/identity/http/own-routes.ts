/** What somebody who is logged in sees and changes of their own: the profile, the password, the sessions. */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { HttpRoute } from "../../../core/http.ts";
import { Next, pagesOf } from "../../../core/paging.ts";
import { clearSessionCookies } from "./cookies.ts";
import { type IdentityRouteParts, loggedIn, LOGINS_PER_MINUTE } from "./parts.ts";
import {
  ById,
  Name,
  Nothing,
  Password,
  ShownSession,
  ShownUserWithRoles,
  showSession,
  showUserWithRoles,
} from "./shown.ts";
import { requireSafeTransport } from "./transport.ts";

export const own = { tags: ["me"], permission: "account:manage" } as const;

const Profile = z.strictObject({ name: Name });
const PasswordChange = z.strictObject({ current: Password, next: Password });
const SessionPage = z.object({ sessions: z.array(ShownSession), next: Next });
const pages = pagesOf(z.tuple([z.number(), z.string()]));
const Me = ShownUserWithRoles.extend({ sessionId: z.string() });

const ME = {
  id: "01K2V8Q6Z9",
  login: "jana@example.org",
  name: "Jana",
  createdAt: "2026-09-01T10:00:00.000Z",
  roles: [{ bot: "harbour", role: "moderator" }],
};

/** `/api/v1/me`, the own sessions and logging out. */
export function ownRoutes(parts: IdentityRouteParts): readonly HttpRoute[] {
  return [...profileRoutes(parts), passwordRoute(parts), ...sessionRoutes(parts), ...logoutRoutes(parts)];
}

function profileRoutes({ identity: { accounts } }: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      ...own,
      method: "GET",
      path: "/api/v1/me",
      summary: "Who is logged in, and with which roles",
      responses: { 200: Me },
      examples: [{ summary: "Jana", status: 200, answer: { ...ME, sessionId: "01K2V8R3MH" } }],
      handle: async ({ caller }) => {
        const { userId, sessionId } = loggedIn(caller);
        return Response.json({ ...(await showUserWithRoles(accounts, await accounts.get(userId))), sessionId });
      },
    },
    {
      ...own,
      method: "PATCH",
      path: "/api/v1/me",
      summary: "Change the name; roles are given by others",
      body: Profile,
      responses: { 200: ShownUserWithRoles },
      findsAnswer: true,
      examples: [{ summary: "Another name", body: { name: "Jana" }, status: 200, answer: ME }],
      handle: async ({ caller, body }) => {
        const { userId } = loggedIn(caller);
        await accounts.rename(userId, Profile.parse(body).name.trim());
        return Response.json(await showUserWithRoles(accounts, await accounts.get(userId)));
      },
    },
  ];
}

function passwordRoute({ identity: { logins } }: IdentityRouteParts): HttpRoute {
  return {
    ...own,
    method: "PUT",
    path: "/api/v1/me/password",
    summary: "Another password; ends all sessions, this one too",
    holdsSecrets: true,
    perMinute: LOGINS_PER_MINUTE,
    body: PasswordChange,
    examples: [
      {
        summary: "Change it",
        body: { current: "copper lantern drifts north", next: "seven quiet herons above" },
        status: 204,
      },
    ],
    handle: async (request) => {
      requireSafeTransport(request);
      await logins.changePassword(loggedIn(request.caller).userId, PasswordChange.parse(request.body));
      return loggedOut();
    },
  };
}

function sessionRoutes({ identity: { sessions } }: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      ...own,
      method: "GET",
      path: "/api/v1/me/sessions",
      summary: "The own sessions, the last used first",
      query: pages.query,
      responses: { 200: SessionPage },
      examples: [
        {
          summary: "Where am I logged in?",
          query: { limit: "20" },
          status: 200,
          answer: {
            sessions: [
              {
                id: "01K2V8R3MH",
                createdAt: "2026-09-01T10:00:00.000Z",
                lastUsedAt: "2026-09-01T10:00:00.000Z",
                expiresAt: "2026-10-01T10:00:00.000Z",
                isThisOne: true,
              },
            ],
          },
        },
      ],
      handle: async ({ caller, query }) => {
        const { userId, sessionId } = loggedIn(caller);
        const { limit, cursor } = pages.query.parse(query);
        const [at = Number.MAX_SAFE_INTEGER, last = ""] = pages.placeOf(cursor) ?? [];
        const all = await sessions.list(userId);
        const found = all.filter(({ lastUsedAt, id }) => lastUsedAt < at || (lastUsedAt === at && id > last));
        const { items, ...more } = pages.page(found, limit, ({ lastUsedAt, id }) => [lastUsedAt, id]);
        return Response.json({ sessions: items.map((one) => showSession(one, sessionId)), ...more });
      },
    },
    {
      ...own,
      method: "DELETE",
      path: "/api/v1/me/sessions/:id",
      summary: "End one of the own sessions, as of a device that was lost",
      parameters: ById,
      examples: [{ summary: "End it", parameters: { id: "01K2V8R3MH" }, status: 204 }],
      handle: async ({ caller, parameters }) => {
        const { userId } = loggedIn(caller);
        const { id } = ById.parse(parameters);
        const session = await sessions.find(id);
        if (session?.userId !== userId || !(await sessions.end(id, "revoked"))) throw noSession();
        return new Response(null, { status: 204 });
      },
    },
  ];
}

function logoutRoutes({ identity: { sessions } }: IdentityRouteParts): readonly HttpRoute[] {
  return [
    {
      ...own,
      method: "POST",
      path: "/api/v1/auth/logout",
      summary: "End this session",
      body: Nothing,
      examples: [{ summary: "Log out", body: {}, status: 204 }],
      handle: async ({ caller }) => {
        await sessions.end(loggedIn(caller).sessionId, "logout");
        return loggedOut();
      },
    },
    {
      ...own,
      method: "POST",
      path: "/api/v1/auth/logout-everywhere",
      summary: "End all of one's sessions",
      body: Nothing,
      responses: { 200: z.object({ ended: z.int() }) },
      examples: [{ summary: "Log out everywhere", body: {}, status: 200, answer: { ended: 3 } }],
      handle: async ({ caller }) => {
        const ended = await sessions.endAll(loggedIn(caller).userId, "logout");
        const headers = new Headers();
        clearSessionCookies(headers);
        return Response.json({ ended }, { headers });
      },
    },
  ];
}

function loggedOut(): Response {
  const headers = new Headers();
  clearSessionCookies(headers);
  return new Response(null, { status: 204, headers });
}

/** The same for another's session and for none. */
function noSession(): ParleyError {
  return new ParleyError("identity/unknown-session", "You have no such session, or it ended.", { status: 404 });
}
